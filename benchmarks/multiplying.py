"""Measures how the cost of `check` grows with small trees that ask for much: charts, overlays, GitOps objects.

    python benchmarks/multiplying.py [--from 0.3] [--to 5] [NAME...]

Each tree is made twice as large until a run takes `--from` CPU seconds, then on until one takes `--to`, or until something is
given up. The exponent is that of the time against the number of repeats: what a tree asks for may grow faster than its text.
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
MOST = 1 << 13  # repeats
GIVEN_UP = "[gave-up]"
CHART = "apiVersion: v2\nname: shop\nversion: 0.1.0\n"
CONFIG = '[remote "origin"]\n\turl = https://example.com/r.git\n'

Files = Iterator[tuple[str, str]]
Make = Callable[[int], Files]


class Run(NamedTuple):
    """One run: how often something is repeated, CPU seconds, and whether something was given up."""

    repeats: int
    seconds: float
    gave_up: bool


def service(name: str) -> str:
    return f"---\napiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{ports: [{{port: 80}}], selector: {{a: b}}}}\n"


def loop(count: int, name: str) -> str:
    return f"{{{{ range $i, $e := until {count} }}}}\n{service(name)}{{{{ end }}}}"


def charts(count: int) -> Files:
    for number in range(count):
        yield f"c{number}/Chart.yaml", CHART
        yield f"c{number}/templates/a.yaml", service(f"s{number}")


def charts_that_loop(count: int) -> Files:
    for number in range(count):
        yield f"c{number}/Chart.yaml", CHART
        yield f"c{number}/templates/a.yaml", "{{ range until 100000 }}{{ end }}" + service(f"s{number}")


def charts_of_many_objects(count: int) -> Files:
    for number in range(count):
        yield f"c{number}/Chart.yaml", CHART
        yield f"c{number}/templates/a.yaml", loop(2000, f"s{number}-{{{{ $i }}}}")


def objects_of_a_chart(count: int) -> Files:
    yield "c/Chart.yaml", CHART
    yield "c/templates/a.yaml", loop(8 * count, "s-{{ $i }}")


def switches(count: int) -> Files:
    yield "c/Chart.yaml", CHART
    yield "c/values.yaml", "".join(f"s{number}: {{enabled: false}}\n" for number in range(24))
    yield (
        "c/templates/a.yaml",
        "".join(
            f"{{{{ if .Values.s{number}.enabled }}}}{loop(count, f's{number}-{{{{ $i }}}}')}{{{{ end }}}}"
            for number in range(24)
        ),
    )


def asked_values(count: int) -> Files:
    names = [f".Values.a{number}" for number in range(count)]
    yield "c/Chart.yaml", CHART
    yield "c/values.yaml", "".join(f"a{number}: 1\n" for number in range(count))
    body = "".join(f"# {{{{ {name} }}}}\n" for name in names)
    yield "c/templates/a.yaml", f"{{{{ if or {' '.join(names)} }}}}\n{service('web')}{body}{{{{ end }}}}"


def helpers(count: int) -> Files:
    yield "c/Chart.yaml", CHART
    calls = (f'{{{{ define "h{number}" }}}}{{{{ include "h{number + 1}" . }}}}{{{{ end }}}}' for number in range(count))
    yield "c/templates/_h.tpl", "".join(calls)
    yield "c/templates/a.yaml", service('{{ include "h0" . }}')


def aliases(count: int) -> Files:
    stated = "".join(f"- {{name: sub, version: 0.1.0, alias: a{number}}}\n" for number in range(count))
    yield "c/Chart.yaml", f"{CHART}dependencies:\n{stated}"
    yield "c/charts/sub/Chart.yaml", CHART.replace("shop", "sub")
    yield "c/charts/sub/templates/a.yaml", loop(20, "{{ $.Chart.Name }}-{{ $i }}")


def overlays(count: int) -> Files:
    yield "base/kustomization.yaml", "resources: [a.yaml]\n"
    yield "base/a.yaml", "".join(service(f"s{number}") for number in range(300))
    for number in range(count):
        yield f"o{number}/kustomization.yaml", f"resources: [../base]\nnamePrefix: p{number}-\n"


def patches(count: int) -> Files:
    patch = '- {target: {name: s.*}, patch: \'[{"op": "add", "path": "/metadata/labels", "value": {"a": "b"}}]\'}\n'
    yield "kustomization.yaml", f"resources: [a.yaml]\npatches:\n{patch * count}"
    yield "a.yaml", "".join(service(f"s{number}") for number in range(count))


def applications(count: int) -> Files:
    """Each applies all of them to a cluster of its own."""
    for number in range(count):
        yield (
            f"apps/a{number}.yaml",
            (
                f"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: a{number}, namespace: argocd}}\n"
                f"spec: {{project: x, destination: {{namespace: x, server: 'https://{number}'}}, source: {{repoURL: https://example.com/r.git, path: apps}}}}\n"
            ),
        )


def application_set(count: int) -> Files:
    elements = ", ".join(f"{{c: c{number}}}" for number in range(count))
    yield "p/a.yaml", service("web")
    yield (
        "set.yaml",
        (
            f"apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {{name: a}}\nspec:\n  generators: [{{list: {{elements: [{elements}]}}}}]\n"
            "  template:\n    metadata: {name: 'x-{{c}}'}\n"
            "    spec: {project: x, destination: {namespace: x, server: 'https://{{c}}'}, source: {repoURL: https://example.com/r.git, path: p}}\n"
        ),
    )


def admin_policies(count: int) -> Files:
    yield (
        "a.yaml",
        "---\n".join(
            f"apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {{name: p{number}}}\n"
            f"spec: {{priority: {number % 1000}, subject: {{namespaces: {{}}}}, ingress: [{{action: Deny, from: [{{namespaces: {{matchLabels: {{a: b{number}}}}}}}]}}]}}\n"
            for number in range(count)
        ),
    )


CASES: dict[str, Make] = {
    "charts": charts,
    "charts that loop": charts_that_loop,
    "charts of many objects": charts_of_many_objects,
    "objects of a chart": objects_of_a_chart,
    "switches with objects": switches,
    "values that a branch asks": asked_values,
    "helpers in helpers": helpers,
    "aliases of a sub-chart": aliases,
    "overlays": overlays,
    "patches of all resources": patches,
    "Applications of each other": applications,
    "elements of an ApplicationSet": application_set,
    "policies of administrators": admin_policies,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only what has one of these in its name")
    parser.add_argument("--from", dest="least", type=float, default=0.3)
    parser.add_argument("--to", dest="most", type=float, default=5)
    arguments = parser.parse_args()
    print(f"{'':<32} {'repeats':>14} {'CPU s':>14} {'exponent':>9}")
    for name, make in CASES.items():
        if not arguments.names or any(part in name for part in arguments.names):
            show(name, *grow(make, arguments.least, arguments.most))


def show(name: str, small: Run, large: Run) -> None:
    repeats, seconds = f"{small.repeats:,} {large.repeats:,}", f"{small.seconds:.2f} {large.seconds:.2f}"
    is_longer = large.repeats > small.repeats and small.seconds > 0
    grown = (
        math.log(max(large.seconds, 0.01) / small.seconds) / math.log(large.repeats / small.repeats) if is_longer else 0
    )
    print(f"{name:<32} {repeats:>14} {seconds:>14} {grown:>9.2f}{'  given up' if large.gave_up else ''}", flush=True)


def grow(make: Make, least: float, most: float) -> tuple[Run, Run]:
    """The first run of at least `least` CPU seconds beyond start-up, and the first of at least `most`, or in which something is given up."""
    start = run(make, 1).seconds
    repeats, small = 8, None
    while True:
        found = run(make, repeats)
        found = found._replace(seconds=found.seconds - start)
        if small is None and (found.seconds >= least or repeats >= MOST):
            small = found
        if small is not None and (found.gave_up or found.seconds >= most or repeats >= MOST):
            return small, found
        repeats *= 2


def run(make: Make, repeats: int) -> Run:
    """One process over one tree of so many repeats."""
    with tempfile.TemporaryDirectory() as folder:
        files = {".git/HEAD": "ref: refs/heads/main\n", ".git/config": CONFIG, **dict(make(repeats))}
        for name, text in files.items():
            (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / name).write_text(text)
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "analyzer"), str(ROOT / "rules")))}
        before = os.times()
        written = subprocess.run(
            [sys.executable, "-m", "kubeqed.cli", "check", folder], check=False, env=environment, capture_output=True
        )
        after = os.times()
        seconds = after.children_user + after.children_system - before.children_user - before.children_system
        return Run(repeats, seconds, GIVEN_UP.encode() in written.stdout + written.stderr)


if __name__ == "__main__":
    main()
