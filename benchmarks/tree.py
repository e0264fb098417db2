"""Measures `kubeqed check` on a tree of plain manifests, a file for each object, beside what else lints such trees.

kubeconform is none of them: it asks the network for its schemas.

    python benchmarks/tree.py [--workloads 250 500 1000] [--repeats 3] [--rules RULES]

Files are about 2.5 times as many as workloads. `--rules` adds a run with those rules alone (ids or globs, as in `--select`).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import GENERATOR, OURS, Command, Table, found_peers, kubeqed
from reach import cluster, write_objects

PEERS: dict[str, Command] = {
    "kube-linter": ["kube-linter", "lint", "."],
    "kube-score": ["sh", "-c", 'find . -name "*.yaml" -print0 | xargs -0 kube-score score'],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workloads", type=int, nargs="+", default=[250, 500, 1000])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--rules")
    arguments = parser.parse_args()
    commands: dict[str, Command] = {OURS: kubeqed("check", ".")}
    if arguments.rules:
        commands[f"{OURS}, some rules"] = kubeqed("check", ".", "--select", arguments.rules)
    commands |= found_peers(PEERS)
    table = Table(arguments.repeats, "files")
    for workloads in arguments.workloads:
        with tempfile.TemporaryDirectory() as folder:
            generate_tree(workloads, Path(folder))
            table.add(sum(1 for path in Path(folder).rglob("*.yaml")), commands, Path(folder))


def generate_tree(workloads: int, folder: Path) -> None:
    """A cluster as a tree, by the generator of `reach.py`."""
    if GENERATOR.exists():
        options = ["--workloads", str(workloads), "--layout", "tree", "-o", str(folder)]
        subprocess.run([sys.executable, str(GENERATOR), *options], check=True, stderr=subprocess.DEVNULL)
        return
    for item in cluster(workloads):
        path = (
            folder / item["metadata"].get("namespace", "") / f"{item['kind']}-{item['metadata']['name']}.yaml".lower()
        )
        path.parent.mkdir(exist_ok=True)
        write_objects(iter([item]), path)


if __name__ == "__main__":
    main()
