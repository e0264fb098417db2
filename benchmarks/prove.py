"""What proofs for all pods cost, in CPU seconds, and how they grow.

    python benchmarks/prove.py [POLICIES…]

Redundancy: every policy, rule and peer of namespaces with ten applications each, of which one policy in fifty repeats what
another says. Intents: one for any pod, on workloads of the same shape. Both beyond reading the manifests, which is timed apart.
"""

from __future__ import annotations

import json
import math
import sys
import time
from typing import Any

from kubeqed.app.load import read_manifest
from kubeqed.model.cluster import Stated
from kubeqed.model.intents import EndClaim, Expectation, Intent, LabelClaim
from kubeqed.model.units.division import divide
from kubeqed.model.units.unit import Unit
from kubeqed.parse import parse
from kubeqed.prove.intents.judge import IntentJudge
from kubeqed.prove.redundancy.search import find_redundant
from kubeqed.reach import Assumptions
from kubeqed.reach.algebra import ALL
from kubeqed.reach.policies import Reachability, namespace_labels
from kubeqed.sources import Paths, Root, SourceFile

APPS = 10
POLICY = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy"}


def make_objects(policies: int, workloads: int) -> list[dict[str, Any]]:
    """Namespaces of ten applications, each with a policy that lets in its neighbour, the monitoring and a network."""
    found: list[dict[str, Any]] = []
    for number in range(max(policies, workloads)):
        space, app = f"team-{number // APPS}", number % APPS
        labels = {"app": f"app-{app}", "tier": "web" if app < 3 else "back"}
        if number < policies:
            found.append(_make_policy(f"app-{app}", space, app))
        if number < policies and number % 50 == 1:
            found.append(_make_policy(f"again-{app}", space, app))
        if number < workloads:
            spec = {
                "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "c", "image": "x"}]}},
            }
            found.append(
                {
                    "apiVersion": "apps/v1",
                    "kind": "Deployment",
                    "metadata": {"name": f"app-{app}", "namespace": space},
                    "spec": spec,
                }
            )
    return found


def _make_policy(name: str, space: str, app: int) -> dict[str, Any]:
    neighbour = {"podSelector": {"matchLabels": {"app": f"app-{(app + 1) % APPS}"}}}
    monitoring = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}
    ingress = [
        {"from": [neighbour], "ports": [{"port": 8080}]},
        {"from": [monitoring], "ports": [{"port": 9090}]},
        {"from": [{"ipBlock": {"cidr": f"10.{app}.0.0/16"}}], "ports": [{"port": 443}]},
    ]
    egress = [
        {"to": [{"podSelector": {"matchLabels": {"app": f"app-{app - 1}"}}}]},
        {"ports": [{"port": 53, "protocol": "UDP"}]},
    ]
    spec = {
        "podSelector": {"matchLabels": {"app": f"app-{app}"}},
        "policyTypes": ["Ingress", "Egress"],
        "ingress": ingress,
        "egress": egress,
    }
    return {**POLICY, "metadata": {"name": name, "namespace": space}, "spec": spec}


def read_unit(objects: list[dict[str, Any]]) -> Unit:
    text = "\n---\n".join(json.dumps(item) for item in objects)
    manifest = read_manifest(parse(SourceFile("all.yaml", text.encode())))
    (unit,) = divide([manifest], Paths(roots=[Root("all.yaml", is_directory=False)]), closed=True).units
    return unit


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:]] or [125, 250, 500, 1000]
    costs = []
    print("redundancy       policies   parts   CPU s")
    for size in sizes:
        unit = read_unit(make_objects(size, 0))
        start = time.process_time()
        reach = Reachability(unit, Assumptions())
        found = list(find_redundant(reach.policies, namespace_labels(unit)))
        costs.append(time.process_time() - start)
        print(f"                 {size:8}  {len(found):6}  {costs[-1]:6.2f}")
    print_growth(sizes, costs)
    print("intent, any pod  workloads  holds   CPU s")
    sizes, costs = [5 * size for size in sizes], []
    claim = LabelClaim((("app", "In", ("app-3",)),))
    source = (EndClaim(pods=LabelClaim((), (LabelClaim((("app", "In", ("app-4",)),)),)), any_pod=True),)
    for size in sizes:
        unit = read_unit(make_objects(size, size))
        start = time.process_time()
        target = (EndClaim(pods=claim, namespaces=(Stated("team-1"),)),)
        intent = Intent("only the neighbour", unit.objects[0].at("metadata"), source, target, Expectation.DENIED, ALL)
        verdict = IntentJudge(unit, [intent], Assumptions()).judge(intent)
        costs.append(time.process_time() - start)
        print(f"                 {size:9}  {verdict.holds!s:5}  {costs[-1]:6.2f}")
    print_growth(sizes, costs)


def print_growth(sizes: list[int], costs: list[float]) -> None:
    exponent = math.log(costs[-1] / costs[0]) / math.log(sizes[-1] / sizes[0]) if len(sizes) > 1 else 1.0
    print(f"                 growth exponent {exponent:.2f}")


if __name__ == "__main__":
    main()
