"""Measures `kubeqed reach`: CPU seconds and memory at several sizes, against `python -c pass`, and how they grow.

    python benchmarks/reach.py [--sizes 1000 5000 20000] [--generator PATH]

Each run is a process of its own, parsing included. The generator is ../shared/bench/gen_cluster.py where it is there,
else a small one of this file, whose clusters have the same shapes but no exotic rules.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
GENERATOR = ROOT.parent / "shared" / "bench" / "gen_cluster.py"
FORMATS = ("text", "json")
TIERS = {"web": (8080, ("api",)), "api": (9090, ("db",)), "db": (5432, ())}


class Cost(NamedTuple):
    """CPU seconds of a process and its children, and the most memory it held, in MB."""

    seconds: float
    megabytes: float
    output: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 5000, 20000])
    parser.add_argument("--generator", type=Path, default=GENERATOR)
    arguments = parser.parse_args()
    unit = min(measure(["-c", "pass"]).seconds for _ in range(5))
    print(f"python -c pass: {unit * 1000:.0f} ms")
    print(f"{'workloads':>10} {'format':>6} {'CPU s':>7} {'ratio':>7} {'MB':>6} {'output kB':>10} {'exponent':>9}")
    with tempfile.TemporaryDirectory() as folder:
        before: dict[str, tuple[int, float]] = {}
        for size in arguments.sizes:
            path = Path(folder) / f"{size}.yaml"
            generate(arguments.generator, size, path)
            for form in FORMATS:
                cost = measure(["-m", "kubeqed.cli", "reach", str(path), "--output-format", form])
                show(size, form, cost, unit, before.get(form))
                before[form] = (size, cost.seconds)


def show(size: int, form: str, cost: Cost, unit: float, before: tuple[int, float] | None) -> None:
    growth = "-" if before is None else f"{math.log(cost.seconds / before[1]) / math.log(size / before[0]):.2f}"
    ratio, kilobytes = cost.seconds / unit, cost.output / 1000
    line = f"{size:>10,} {form:>6} {cost.seconds:>7.2f} {ratio:>7.0f} {cost.megabytes:>6.0f}"
    print(f"{line} {kilobytes:>10,.0f} {growth:>9}", flush=True)


def measure(arguments: list[str]) -> Cost:
    paths = os.pathsep.join(str(ROOT / folder) for folder in ("analyzer", "rules"))
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen([sys.executable, *arguments], stdout=output, env={**os.environ, "PYTHONPATH": paths})
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"exit status {process.returncode} of {' '.join(arguments)}")
        return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output.tell())


def generate(generator: Path, size: int, path: Path) -> None:
    if generator.exists():
        command = [sys.executable, str(generator), "--workloads", str(size), "-o", str(path)]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    else:
        path.write_text("\n---\n".join(json.dumps(item) for item in cluster(size)), encoding="utf-8")


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
