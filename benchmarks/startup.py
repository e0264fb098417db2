"""What a start of kubeqed costs, in multiples of the CPU time of `python -c pass`: what a commit hook pays each time.

    python benchmarks/startup.py [REPEATS]

The medians of interleaved runs, so that another load on the machine hits all of them alike. Compile first (`make
compile`, or any earlier run that may write bytecode): an installed package starts from bytecode.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCES = os.pathsep.join(str(Path(__file__).parents[1] / name) for name in ("analyzer", "rules"))

SMALL = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx, ports: [{name: http, containerPort: 80}]}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
"""
FOR_Z3 = SMALL.replace("kind: Ingress\nmetadata: {name: web, namespace: shop}", "kind: Ingress\nmetadata: {name: web}")
CONFIGURATION = "cluster: {kubernetes: '1.36', cni: {name: calico}}\nrules: {ignore: [governing-service-missing]}\n"
CASES = {
    "one small file": ("small", 10),
    "with a configuration": ("configured", 20),
    "with a question for Z3": ("z3", 18),
    "with both": ("both", 28),
}


def cpu(command: list[str], directory: Path) -> float:
    environment = {**os.environ, "PYTHONPATH": SOURCES}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=directory, env=environment, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def prepare(root: Path) -> None:
    for name, text, configured in (
        ("small", SMALL, False),
        ("configured", SMALL, True),
        ("z3", FOR_Z3, False),
        ("both", FOR_Z3, True),
    ):
        (root / name).mkdir()
        (root / name / "web.yaml").write_text(text)
        if configured:
            (root / name / "kubeqed.yaml").write_text(CONFIGURATION)


def main(repeats: int) -> None:
    commands = {"python -c pass": ([sys.executable, "-c", "pass"], ".")}
    check = [sys.executable, "-m", "kubeqed.cli", "check", "web.yaml"]
    commands |= {name: (check, directory) for name, (directory, _) in CASES.items()}
    with tempfile.TemporaryDirectory() as directory:
        prepare(Path(directory))
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(repeats + 1):
            for name, (command, where) in commands.items():
                times[name].append(cpu(command, Path(directory) / where))
    medians = {name: statistics.median(spent[1:]) for name, spent in times.items()}
    base = medians["python -c pass"]
    for name, spent in medians.items():
        target = f"   (at most {CASES[name][1]})" if name in CASES else ""
        print(f"{name:24} {1000 * spent:6.1f} ms {spent / base:6.1f} x{target}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
