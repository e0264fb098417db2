"""Measures how the cost of `check` and `reach` grows with manifests made to hurt.

    python benchmarks/growth.py [--from 0.3] [--to 5] [NAME...]

Each manifest is made twice as large until a run takes `--from` CPU seconds, then on until one takes `--to`. The growth
exponent is that of the time against input and output together: 1 is linear, near 2 would let one file stop a commit hook.
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
MOST = 1 << 22  # repeats
TARGET = 1.3

Make = Callable[[int], Iterator[str]]


class Run(NamedTuple):
    """One run: how often something is repeated, CPU seconds, and bytes read and written."""

    repeats: int
    seconds: float
    size: int


def pod(name: str, labels: str = "app: web", more: str = "") -> str:
    return (
        f"{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, namespace: shop, labels: {{{labels}}}}}, "
        f"spec: {{containers: [{{name: web, image: web}}]{more}}}}}"
    )


def policy(name: str, spec: str) -> str:
    return (
        f"{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{name: {name}, namespace: shop}}, "
        f"spec: {{{spec}}}}}"
    )


def address(number: int) -> str:
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def blocks(count: int) -> Iterator[str]:
    peers = ", ".join(f"{{ipBlock: {{cidr: {address(number << 4)}/28}}}}" for number in range(0, 2 * count, 2))
    yield pod("web")
    yield policy("blocks", f"podSelector: {{}}, ingress: [{{from: [{peers}]}}]")


def excepts(count: int) -> Iterator[str]:
    excepted = ", ".join(f"{address(number << 4)}/28" for number in range(0, 2 * count, 2))
    yield pod("web")
    yield policy(
        "excepts", f"podSelector: {{}}, ingress: [{{from: [{{ipBlock: {{cidr: 10.0.0.0/8, except: [{excepted}]}}}}]}}]"
    )


def hosts(count: int) -> Iterator[str]:
    peers = ", ".join(f"{{ipBlock: {{cidr: {address(number * 7)}/32}}}}" for number in range(count))
    yield pod("web")
    yield policy(
        "hosts", f"podSelector: {{}}, egress: [{{to: [{peers}], ports: [{{port: 443}}]}}], policyTypes: [Egress]"
    )


def expression(operator: str) -> Make:
    def make(count: int) -> Iterator[str]:
        values = ", ".join(f"v{number}" for number in range(count))
        yield pod("web", "app: v1")
        yield pod("api", "app: api")
        peer = f"podSelector: {{matchExpressions: [{{key: app, operator: {operator}, values: [{values}]}}]}}"
        yield policy("values", f"podSelector: {{}}, ingress: [{{from: [{{{peer}}}]}}]")

    return make


def not_ins(count: int) -> Iterator[str]:
    yield pod("web", "app: v1")
    peers = ", ".join(
        f"{{podSelector: {{matchExpressions: [{{key: app, operator: NotIn, values: [v{number}]}}]}}}}"
        for number in range(count)
    )
    yield policy("values", f"podSelector: {{}}, ingress: [{{from: [{peers}]}}]")


def rules(count: int) -> Iterator[str]:
    yield pod("web")
    yield pod("api", "app: api")
    listed = ", ".join(
        f"{{from: [{{podSelector: {{matchLabels: {{app: a{number}}}}}}}], ports: [{{port: {number % 60000 + 1}}}]}}"
        for number in range(count)
    )
    yield policy("rules", f"podSelector: {{}}, ingress: [{listed}]")


def policies_on_all(count: int) -> Iterator[str]:
    yield pod("web")
    yield pod("api", "app: api")
    for number in range(count):
        peer = f"podSelector: {{matchLabels: {{app: a{number}}}}}"
        yield policy(
            f"p{number}",
            f"podSelector: {{}}, ingress: [{{from: [{{{peer}}}], ports: [{{port: {number % 60000 + 1}}}]}}]",
        )


def disjoint(count: int) -> Iterator[str]:
    for number in range(count):
        yield pod(f"p{number}", f"l{number}: x")
        peer = f"podSelector: {{matchLabels: {{l{(number + 1) % count}: x}}}}"
        yield policy(f"p{number}", f"podSelector: {{matchLabels: {{l{number}: x}}}}, ingress: [{{from: [{{{peer}}}]}}]")


def ports(count: int) -> Iterator[str]:
    yield pod("web")
    listed = ", ".join(f"{{port: {number * 2 % 65535 + 1}}}" for number in range(count))
    yield policy("ports", f"podSelector: {{}}, ingress: [{{ports: [{listed}]}}]")


def services(count: int) -> Iterator[str]:
    for number in range(count):
        yield f"{{apiVersion: v1, kind: Service, metadata: {{name: s{number}, namespace: shop}}, spec: {{selector: {{app: a{number}}}, ports: [{{port: 80}}]}}}}"
        yield pod(f"p{number}", f"app: a{number}")


def ingresses(count: int) -> Iterator[str]:
    yield from services(1)
    for number in range(count):
        backend = "{service: {name: s0, port: {number: 80}}}"
        path = f"{{path: /a{number}, pathType: Prefix, backend: {backend}}}"
        yield f"{{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {{name: i{number}, namespace: shop}}, spec: {{rules: [{{host: h{number}.example.com, http: {{paths: [{path}]}}}}]}}}}"


def one_line(count: int) -> Iterator[str]:
    entries = ", ".join(f"{{port: {70000 + number}, name: p{number}}}" for number in range(count))
    yield f"{{apiVersion: v1, kind: Service, metadata: {{name: web}}, spec: {{ports: [{entries}]}}}}"


def paths(count: int) -> Iterator[str]:
    """As many paths as ports of the Service that they lead to."""
    ports = ", ".join(f"{{name: p{number}, port: {number % 65535 + 1}}}" for number in range(count))
    yield f"{{apiVersion: v1, kind: Service, metadata: {{name: web, namespace: shop}}, spec: {{selector: {{app: web}}, ports: [{ports}]}}}}"
    yield pod("web")
    backends = ", ".join(
        f"{{path: /a{number}, pathType: Prefix, backend: {{service: {{name: web, port: {{name: p{number}}}}}}}}}"
        for number in range(count)
    )
    yield f"{{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {{name: web, namespace: shop}}, spec: {{rules: [{{http: {{paths: [{backends}]}}}}]}}}}"


def listeners(count: int) -> Iterator[str]:
    listed = ", ".join(
        f"{{name: l{number}, port: 80, protocol: HTTP, hostname: h{number}.example.com}}" for number in range(count)
    )
    yield f"{{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {{name: web, namespace: shop}}, spec: {{gatewayClassName: web, listeners: [{listed}]}}}}"
    yield "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: web, namespace: shop}, spec: {parentRefs: [{name: web}], rules: [{backendRefs: [{name: web, port: 80}]}]}}"


def definitions(count: int) -> Iterator[str]:
    """One object, defined again and again."""
    for number in range(count):
        yield f"{{apiVersion: v1, kind: Service, metadata: {{name: web, namespace: shop}}, spec: {{selector: {{app: a{number}}}, ports: [{{port: 80}}]}}}}"


def node_ports(count: int) -> Iterator[str]:
    listed = ", ".join(
        f"{{name: p{number}, port: {number % 65535 + 1}, nodePort: {30000 + number % 2768}}}" for number in range(count)
    )
    yield f"{{apiVersion: v1, kind: Service, metadata: {{name: web, namespace: shop}}, spec: {{type: NodePort, selector: {{app: web}}, ports: [{listed}]}}}}"


def daemonsets(count: int) -> Iterator[str]:
    """On nodes that a template names, with a port of the host each."""
    for number in range(count):
        yield (
            f"{{apiVersion: apps/v1, kind: DaemonSet, metadata: {{name: d{number}, namespace: shop}}, spec: {{selector: {{matchLabels: {{app: d{number}}}}}, "
            f'template: {{metadata: {{labels: {{app: d{number}}}}}, spec: {{nodeSelector: {{pool: "${{POOL{number}}}"}}, '
            "containers: [{name: web, image: web, ports: [{containerPort: 80, hostPort: 80}]}]}}}}"
        )


def replicas(count: int) -> Iterator[str]:
    yield (
        f"{{apiVersion: apps/v1, kind: StatefulSet, metadata: {{name: db, namespace: shop}}, spec: {{replicas: {count}, serviceName: db, "
        "selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: db}]}}}}"
    )
    for number in range(count):
        selector = f"podSelector: {{matchLabels: {{statefulset.kubernetes.io/pod-name: db-{number}}}}}"
        yield policy(f"p{number}", f"{selector}, ingress: [{{ports: [{{port: {number % 60000 + 1}}}]}}]")


SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n"


def actions(count: int) -> Iterator[str]:
    yield f"{SERVICE}x: {'{{' * count}"


def keys_written_by_a_template(count: int) -> Iterator[str]:
    yield SERVICE + "".join(f"{{{{ .key{number} }}}}: x\n" for number in range(count))


def unknown_keys(count: int) -> Iterator[str]:
    yield SERVICE + "".join(f"key{number}: 1\n" for number in range(count))


def misspelt_keys(count: int) -> Iterator[str]:
    yield SERVICE.replace("spec: {", "spec: {" + "".join(f"selectr{number}: 1, " for number in range(count)))


def unknown_rules(count: int) -> str:
    return ", ".join(f"no-such-rule-{number}" for number in range(count))


def comments(count: int) -> Iterator[str]:
    yield "".join(f"# kubeqed: ignore[no-such-rule-{number}] x\n" for number in range(count)) + SERVICE


def one_comment(count: int) -> Iterator[str]:
    yield f"# kubeqed: ignore[{unknown_rules(count)}] x\n{SERVICE}"


def annotation(count: int) -> Iterator[str]:
    yield SERVICE.replace(
        "{name: web}", f'{{name: web, annotations: {{kubeqed.dev/ignore: "{unknown_rules(count)}: x"}}}}'
    )


def empty(count: int) -> Iterator[str]:
    yield from ("" for _ in range(count))


def other_json(count: int) -> Iterator[str]:
    yield "[" + ",\n".join(f'{{"id": {number}, "legend": "{{{{x}}}} <b>"}}' for number in range(count)) + "]"


CASES: dict[str, tuple[str, Make]] = {
    "reach: ipBlocks": ("reach", blocks),
    "reach: excepts": ("reach", excepts),
    "reach: /32 peers": ("reach", hosts),
    "reach: In with values": ("reach", expression("In")),
    "reach: NotIn with values": ("reach", expression("NotIn")),
    "reach: NotIns on one key": ("reach", not_ins),
    "reach: rules": ("reach", rules),
    "reach: policies on all pods": ("reach", policies_on_all),
    "reach: disjoint labels": ("reach", disjoint),
    "reach: ports": ("reach", ports),
    "reach: Services": ("reach", services),
    "reach: Ingresses": ("reach", ingresses),
    "reach: pods of a StatefulSet": ("reach", replicas),
    "check: findings on one line": ("check", one_line),
    "check: policies on all pods": ("check", policies_on_all),
    "check: disjoint labels": ("check", disjoint),
    "check: Services": ("check", services),
    "check: Ingresses": ("check", ingresses),
    "check: paths to ports": ("check", paths),
    "reach: paths to ports": ("reach", paths),
    "check: listeners": ("check", listeners),
    "reach: listeners": ("reach", listeners),
    "check: definitions of one object": ("check", definitions),
    "check: node ports of one Service": ("check", node_ports),
    "check: DaemonSets on templated nodes": ("check", daemonsets),
    "check: opened actions": ("check", actions),
    "check: keys of a template": ("check", keys_written_by_a_template),
    "check: unknown keys": ("check", unknown_keys),
    "check: misspelt keys": ("check", misspelt_keys),
    "check: comments with unknown rules": ("check", comments),
    "check: unknown rules in a comment": ("check", one_comment),
    "check: unknown rules in an annotation": ("check", annotation),
    "check: empty documents": ("check", empty),
    "check: JSON without a manifest": ("check", other_json),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only what has one of these in its name")
    parser.add_argument("--from", dest="least", type=float, default=0.3)
    parser.add_argument("--to", dest="most", type=float, default=5)
    arguments = parser.parse_args()
    print(f"{'':<38} {'repeats':>16} {'CPU s':>14} {'exponent':>9}")
    steep = 0
    for name, (command, make) in CASES.items():
        if not arguments.names or any(part in name for part in arguments.names):
            steep += show(name, *grow(command, make, arguments.least, arguments.most))
    sys.exit(1 if steep else 0)


def show(name: str, small: Run, large: Run) -> bool:
    grown = max(large.seconds, small.seconds)  # a file that is too large is not read, and costs nothing
    growth = math.log(grown / small.seconds) / math.log(large.size / small.size)
    repeats, seconds = f"{small.repeats:,} {large.repeats:,}", f"{small.seconds:.2f} {large.seconds:.2f}"
    print(
        f"{name:<38} {repeats:>16} {seconds:>14} {growth:>9.2f}{'  too steep' if growth > TARGET else ''}", flush=True
    )
    return growth > TARGET


def grow(command: str, make: Make, least: float, most: float) -> tuple[Run, Run]:
    """The first run of at least `least` CPU seconds beyond start-up, and the first of at least `most`."""
    start = run(command, make, 1).seconds
    repeats, small = 32, None
    while True:
        found = run(command, make, repeats)
        found = found._replace(seconds=found.seconds - start)
        if small is None and found.seconds >= least:
            small = found
        if small is not None and (found.seconds >= most or repeats >= MOST) and found is not small:
            return small, found
        repeats *= 2


def run(command: str, make: Make, repeats: int) -> Run:
    """One process over one file of so many repeats."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "all.yaml"
        path.write_text("\n---\n".join(make(repeats)) + "\n")
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "analyzer"), str(ROOT / "rules")))}
        before = os.times()
        written = subprocess.run(
            [sys.executable, "-m", "kubeqed.cli", command, folder], check=False, env=environment, capture_output=True
        )
        after = os.times()
        seconds = after.children_user + after.children_system - before.children_user - before.children_system
        return Run(repeats, seconds, path.stat().st_size + len(written.stdout) + len(written.stderr))


if __name__ == "__main__":
    main()
