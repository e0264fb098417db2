"""Rules that allow ports which the pods concerned declare nowhere."""

from __future__ import annotations

from typing import Any

import pytest
from tests.reach.samples import app, pod, policy
from tests.reach.world import unit_of

from kubeqed.reach.caveats.other_ports import find_undeclared_ports
from kubeqed.reach.query.answer import ReachResult

DNS = [{"name": "dns", "containerPort": 5353, "protocol": "UDP"}, {"name": "dns-tcp", "containerPort": 5353}]
ASKED = [{"port": 53, "protocol": "UDP"}, {"port": 53}]
SAID = "allows TCP 53,UDP 53, but the pods that it leads to declare TCP 5353,UDP 5353: policies see the pod's port"


def _said(pods: str, *policies: str) -> list[tuple[str, str, str]]:
    found = find_undeclared_ports(ReachResult(unit_of(pods + "".join(policies))).reach)
    return [(str(one.object), one.path, one.text) for one in found]


def _egress(**rule: Any) -> str:
    return policy("out", podSelector=app("web"), policyTypes=["Egress"], egress=[rule])


def test_the_ports_that_the_pods_declare_are_named() -> None:
    pods = pod("web") + pod("dns", ports=DNS)
    out = ("NetworkPolicy shop/out", "spec.egress[0].ports", SAID)
    assert _said(pods, _egress(to=[{"podSelector": app("dns")}], ports=ASKED)) == [out]
    closed = policy("in", podSelector=app("dns"), ingress=[{"ports": ASKED}])
    assert _said(pods, closed) == [("NetworkPolicy shop/in", "spec.ingress[0].ports", SAID)]


@pytest.mark.parametrize(
    "rule",
    [
        {"to": [{"podSelector": app("dns")}], "ports": [*ASKED, {"port": 5353, "protocol": "UDP"}]},
        {"to": [{"podSelector": app("dns")}], "ports": [*ASKED, {"port": "dns"}]},
        {"to": [{"podSelector": app("dns")}]},
        {"to": [{"podSelector": app("dns")}], "ports": [{"port": 1, "endPort": 1000}]},
        {"to": [{"podSelector": app("nobody")}], "ports": ASKED},
        {"to": [{"podSelector": {}}], "ports": ASKED},
        {"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}], "ports": ASKED},
        {"ports": ASKED},
    ],
)
def test_nothing_is_said_where_it_may_be_meant(rule: dict[str, Any]) -> None:
    assert not _said(pod("web") + pod("dns", ports=DNS), _egress(**rule))
