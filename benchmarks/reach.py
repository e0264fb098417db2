"""Measures `kubeqed reach` at several sizes, parsing included, beside what else lists connections.

    python benchmarks/reach.py [--sizes 1000 5000 20000] [--repeats 1] [--peers-up-to 1000]

The generator is ../shared/bench/gen_cluster.py where it is there, else a small one of this file, whose clusters have the same
shapes but no exotic rules.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from measure import GENERATOR, OURS, Command, Table, found_peers, kubeqed

TIERS = {"web": (8080, ("api",)), "api": (9090, ("db",)), "db": (5432, ())}
PEERS: dict[str, Command] = {"netpol-analyzer": ["netpol-analyzer", "list", "--quiet", "--dirpath", "."]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 5000, 20000])
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--peers-up-to", type=int, default=1000, help="workloads; beyond, a peer takes many minutes")
    arguments = parser.parse_args()
    peers = found_peers(PEERS)
    table = Table(arguments.repeats, "workloads")
    for size in arguments.sizes:
        with tempfile.TemporaryDirectory() as folder:
            generate(size, Path(folder) / "cluster.yaml")
            commands: dict[str, Command] = {
                OURS: kubeqed("reach", "."),
                f"{OURS}, JSON": kubeqed("reach", ".", "--output-format", "json"),
            }
            table.add(size, commands | (peers if size <= arguments.peers_up_to else {}), Path(folder))


def generate(size: int, path: Path) -> None:
    """A cluster of that many workloads in one file."""
    if GENERATOR.exists():
        command = [sys.executable, str(GENERATOR), "--workloads", str(size), "-o", str(path)]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    else:
        write_objects(cluster(size), path)


def write_objects(objects: Iterable[dict[str, Any]], path: Path) -> None:
    """Objects as the documents of a file."""
    path.write_text("\n---\n".join(json.dumps(item) for item in objects), encoding="utf-8")


def cluster(size: int) -> Iterator[dict[str, Any]]:
    """Namespaces of 25 workloads in three tiers, each namespace closed but for calls from tier to tier."""
    for number in range(size):
        space, tier = f"team-{number // 25}", list(TIERS)[number % 3]
        if number % 25 == 0:
            yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": space}}
            yield policy(space, "default-deny", {}, {"policyTypes": ["Ingress", "Egress"]})
            for name, (port, called) in TIERS.items():
                callers = [{"podSelector": labels(one)} for one, (_, calls) in TIERS.items() if name in calls]
                rule = {"from": callers or [{"namespaceSelector": {}}], "ports": [{"port": port}]}
                sent = [{"to": [{"podSelector": labels(one)}], "ports": [{"port": TIERS[one][0]}]} for one in called]
                yield policy(space, f"allow-{name}", labels(name), {"ingress": [rule], "egress": sent})
        metadata = {"name": f"{tier}-{number}", "namespace": space}
        template = {"metadata": {"labels": {"tier": tier}}, "spec": {"containers": [{"name": "c", "image": "x"}]}}
        spec = {"selector": labels(tier), "template": template}
        yield {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


def policy(space: str, name: str, selector: dict[str, Any], rest: dict[str, Any]) -> dict[str, Any]:
    metadata = {"name": name, "namespace": space}
    spec = {"podSelector": selector, **rest}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def labels(tier: str) -> dict[str, Any]:
    return {"matchLabels": {"tier": tier}}


if __name__ == "__main__":
    main()
