"""Ports and protocols that are none are said, and lose nothing else."""

from __future__ import annotations

import pytest
from tests.reach.samples import pod, policy, service
from tests.reach.world import unit_of

from kubeqed.reach.query.answer import ReachResult

PORT = {"port": 80, "targetPort": 8080}


@pytest.mark.parametrize(
    ("manifests", "path"),
    [
        (pod("web", ports=[{"containerPort": "eighty"}]), "spec.containers[0].ports[0].containerPort"),
        (pod("web", ports=[{"containerPort": 70000}]), "spec.containers[0].ports[0].containerPort"),
        (pod("web", ports=[{"containerPort": 53, "protocol": "udp"}]), "spec.containers[0].ports[0].protocol"),
        (pod("web") + service("web", 0, 8080), "spec.ports[0].port"),
        (pod("web") + service("web", 80, 99999), "spec.ports[0].targetPort"),
        (pod("web") + service("web", 80, 1, ports=[{**PORT, "protocol": "tcp"}]), "spec.ports[0].protocol"),
        (
            pod("web") + policy("p", ingress=[{"ports": [{"port": 80, "protocol": "tcp"}]}]),
            "spec.ingress[0].ports[0].protocol",
        ),
    ],
)
def test_what_is_no_port_is_said(manifests: str, path: str) -> None:
    answer = ReachResult(unit_of(manifests))
    assert [caveat.path for caveat in answer.caveats] == [path]
    assert answer.connections()


def test_ports_that_are_ports_are_not_spoken_of() -> None:
    ports = [{"containerPort": 65535, "protocol": "SCTP"}, {"name": "http", "containerPort": 1}]
    manifests = pod("web", ports=ports) + service("web", 80, "http") + policy("p", ingress=[{"ports": [{"port": 1}]}])
    assert ReachResult(unit_of(manifests)).caveats == []


def test_a_name_that_yaml_reads_as_a_boolean_is_spelt_as_in_yaml() -> None:
    unit = unit_of("{apiVersion: v1, kind: Pod, metadata: {name: y, namespace: shop}, spec: {containers: []}}")
    assert [str(workload) for workload in unit.workloads] == ["Pod shop/true"]
