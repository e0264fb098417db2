"""The tree of `why`, and the edits it offers: each, done by hand, does what it says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.graph.reach.samples import app, ingress, pod, policy, service
from tests.graph.reach.world import unit_of

from kubeqed.cli.why import _explained
from kubeqed.graph.reach.answer import Answer
from kubeqed.graph.reach.ports import ALL, PortSet, ports

PODS = pod("web") + pod("db") + pod("out", "other")
TCP_80 = ports("TCP", 80, 80)
DENY_ADMIN = """---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: strict}
spec:
  priority: 5
  subject: {namespaces: {}}
  ingress: [{name: nobody, action: Deny, from: [{namespaces: {}}]}]
"""


def _why(manifests: str, source: str = "web", destination: str = "db", asked: PortSet = TCP_80) -> str:
    text = _explained(Answer(unit_of(manifests)), source, destination, asked)
    assert text is not None
    return text


def _edit(text: str) -> str:
    (line,) = [line for line in text.splitlines() if line.startswith("  edit: ")]
    return line


def test_a_missing_port_is_added_to_the_rule_that_means_the_peer() -> None:
    rule: dict[str, list[Any]] = {"from": [{"podSelector": app("web")}], "ports": [{"port": 443}]}
    text = _why(PODS + policy("in", podSelector=app("db"), ingress=[rule]))
    assert "add [{protocol: TCP, port: 80}] to its ports" in _edit(text)
    rule["ports"].append({"protocol": "TCP", "port": 80})
    assert "on TCP 80: allowed" in _why(PODS + policy("in", podSelector=app("db"), ingress=[rule]))


def test_a_missing_peer_is_added_to_the_rule_that_has_the_port() -> None:
    rule: dict[str, list[Any]] = {"from": [{"podSelector": app("nobody")}], "ports": [{"port": 80}]}
    text = _why(PODS + policy("in", podSelector=app("db"), ingress=[rule]), source="other/out")
    peer = "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: other}}, podSelector: {matchLabels: {app: out}}}"
    assert f"add {peer} to its from" in _edit(text)
    rule["from"].append(
        {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "other"}}, "podSelector": app("out")}
    )
    assert "on TCP 80: allowed" in _why(PODS + policy("in", podSelector=app("db"), ingress=[rule]), source="other/out")


def test_a_missing_rule_is_added_to_the_policy_made_for_the_workload() -> None:
    text = _why(PODS + policy("deny") + policy("own", podSelector=app("db"), ingress=[]))
    assert "in NetworkPolicy shop/own: add the rule {from: [{podSelector: {matchLabels: {app: web}}}], ports:" in _edit(
        text
    )
    text = _why(PODS + policy("deny"), source="10.0.0.1", asked=ALL)
    assert "add the rule {from: [{ipBlock: {cidr: 0.0.0.0/0}}]} to its ingress" in _edit(text)


def test_an_administrators_denial_names_its_rule() -> None:
    text = _why(PODS + DENY_ADMIN)
    assert "AdminNetworkPolicy strict, ingress[0] (nobody), denies TCP 80  manifests.yaml:" in text
    assert "make its action Pass" in _edit(text)
    assert "on TCP 80: allowed" in _why(PODS + DENY_ADMIN.replace("Deny", "Pass"))


def test_both_sides_closed_need_an_edit_each() -> None:
    text = _why(PODS + policy("deny", policyTypes=["Ingress", "Egress"]))
    assert len([line for line in text.splitlines() if line.startswith("  edit: ")]) == 2


def test_what_is_open_names_what_would_close_it() -> None:
    assert "add a NetworkPolicy to namespace shop with spec {podSelector: {matchLabels: {app: db}}" in _edit(_why(PODS))
    one = {"from": [{"podSelector": app("web")}], "ports": [{"port": 80}]}
    assert _edit(_why(PODS + policy("in", podSelector=app("db"), ingress=[one]))).endswith("remove this rule")
    every = {"from": [{"podSelector": app("web")}]}
    assert "restrict this rule" in _edit(_why(PODS + policy("in", podSelector=app("db"), ingress=[every])))
    text = _why(PODS + policy("in", podSelector=app("db"), ingress=[one, every]))
    assert "each of the 2 rules that allow it would have to go" in _edit(text)


def test_the_controllers_way_is_shown() -> None:
    text = _why(pod("web") + service("web", 80, 8080) + ingress("in", "web", 80), "ingress-controller", "web", ALL)
    assert "{ingress-controller} => shop/web[Pod] on TCP 8080: allowed" in text
    assert "Ingress shop/in leads to it through Service shop/web on TCP 8080  manifests.yaml:" in text


def test_a_pod_reaches_itself_whatever_policies_say() -> None:
    assert "traffic to itself" in _why(PODS + policy("deny"), "db", "db")


@pytest.mark.parametrize("name", ["nobody", "shop/nobody", "10.0.0"])
def test_a_name_that_means_nobody_has_no_answer(name: str) -> None:
    assert _explained(Answer(unit_of(PODS)), "web", name, ALL) is None


def test_however_many_policies_there_are_it_is_at_most_forty_lines() -> None:
    many = "".join(policy(f"in-{number}", policyTypes=["Ingress", "Egress"]) for number in range(100))
    text = _why(PODS + many)
    assert len(text.splitlines()) <= 40
    assert "and 87 more policies" in text or "more policies that do not allow it" in text
    assert json.dumps(text) == json.dumps(_why(PODS + many))


@pytest.mark.parametrize(("more", "kept"), [({}, True), ({"policyTypes": ["Egress"]}, False)])
def test_a_last_egress_rule_is_not_removed_without_stating_the_types(more: dict[str, Any], kept: bool) -> None:
    rule = {"to": [{"podSelector": app("db")}], "ports": [{"port": 80}]}
    isolated = policy("in", podSelector=app("db"), ingress=[{}]) + policy("in2", podSelector=app("db"), ingress=[{}])
    out = policy("out", podSelector=app("web"), egress=[rule], **more)
    line = _edit(_why(PODS + isolated + out))
    assert ("policyTypes" in line) == kept, line
