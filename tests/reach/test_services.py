"""Which pods stand behind a Service, on which of their ports."""

from __future__ import annotations

import pytest
from tests.reach.samples import deployment, pod, service
from tests.reach.world import unit_of

from kubeqed.reach.algebra.ports import format_ports
from kubeqed.reach.query.answer import ReachResult

NAMED = [{"name": "http", "containerPort": 53, "protocol": "UDP"}, {"name": "http", "containerPort": 8080}]
SLICE = """---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
endpoints: [{addresses: [10.0.0.7]}, {addresses: [not-an-address]}]
"""


def _targets(manifests: str) -> list[tuple[str, str]]:
    answer = ReachResult(unit_of(manifests))
    chosen = answer.services.named("shop", "web")
    assert chosen is not None
    found = answer.services.targets(chosen, chosen.ports)
    return sorted((target.endpoint.owner.name, format_ports(target.ports)) for target in found)


@pytest.mark.parametrize(
    ("manifests", "expected"),
    [
        (pod("web") + pod("db") + service("web", 80, 8080), [("web", "TCP 8080")]),
        (pod("web", ports=NAMED) + service("web", 80, "http"), [("web", "TCP 8080")]),
        (pod("web", ports=NAMED) + service("web", 80, "nobody"), []),
        (pod("web", "other") + service("web", 80, 8080), []),
        (pod("web") + service("web", 80, 8080, selector={"app": "web", "tier": "x"}), []),
        (pod("web") + service("web", 80, 8080, type="ExternalName", externalName="db.example.com"), []),
        (pod("web") + service("web", 80, 8080, clusterIP="None"), [("web", "TCP 8080")]),
        (
            deployment("web", 2).replace('"Deployment"', '"StatefulSet"')
            + service("web", 80, 8080, selector={"statefulset.kubernetes.io/pod-name": "web-1"}),
            [("web", "TCP 8080")],
        ),
        (
            deployment("web", 2).replace('"Deployment"', '"StatefulSet"')
            + service("web", 80, 8080, selector={"statefulset.kubernetes.io/pod-name": "web-2"}),
            [],
        ),
        (deployment("web", 0) + service("web", 80, 8080, publishNotReadyAddresses=True), [("web", "TCP 8080")]),
        (pod("web") + service("web", 80, 8080, selector={}), []),
        (
            pod("db", address="10.0.0.7") + pod("web") + SLICE + service("web", 80, 8080, selector=None),
            [("db", "TCP 8080")],
        ),
    ],
)
def test_the_pods_behind_a_service(manifests: str, expected: list[tuple[str, str]]) -> None:
    assert _targets(manifests) == expected


def test_several_ports_of_a_service_lead_to_several_of_a_pod() -> None:
    ports = [{"name": "a", "port": 80, "targetPort": 8080}, {"name": "b", "port": 53, "protocol": "UDP"}]
    assert _targets(pod("web") + service("web", 1, 1, ports=ports)) == [("web", "TCP 8080,UDP 53")]
