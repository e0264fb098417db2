"""A line of the exposure against a pod that has just the labels which the line names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from tests.reach.clusters import NAMES, PROTOCOLS, clusters
from tests.reach.samples import app, pod, policy
from tests.reach.world import unit_of, unit_of_objects

from kubeqed.reach.algebra.ports import PortSet, difference, intersection, single_port, union
from kubeqed.reach.engine.allowed import ports_for_peer
from kubeqed.reach.namespaces import NAME_LABEL
from kubeqed.reach.peer import Representative
from kubeqed.reach.query.answer import EVERYTHING, ReachResult
from kubeqed.reach.query.exposure import ExposedPeer, Exposure, find_exposure
from kubeqed.report.reach.exposure import exposure_text

Manifest = dict[str, Any]

# What an absent pod calls its ports, on numbers that no rule names.
DECLARED: list[dict[str, str | int]] = [
    {"name": name, "containerPort": number, "protocol": protocol}
    for name, number in zip(NAMES, (20001, 20003), strict=True)
    for protocol in PROTOCOLS
]


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(clusters())
def test_a_line_says_what_a_pod_with_its_labels_would_meet(objects: list[Manifest]) -> None:
    objects = [_with_labels_only(item) for item in objects]
    for direction, one in islice(_lines(ReachResult(unit_of_objects(objects))), 12):
        spaces, name = _namespace(one.representative)
        labels = dict(one.representative.pods.labels)
        unseen = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "u", "namespace": name, "labels": labels}}
        spec = {"containers": [{"name": "c", "image": "x", "ports": DECLARED if direction == "Egress" else []}]}
        answer = ReachResult(unit_of_objects([*objects, *spaces, {**unseen, "spec": spec}]))
        numbers = {(shown.namespace, shown.name): number for shown, number in answer.names.classes.items()}
        own = (answer.reach.accepts if direction == "Ingress" else answer.reach.sends)[
            numbers[one.workload.namespace, one.workload.name]
        ]
        assert _words(ports_for_peer(own, numbers[name, "u"])) == _said(one), (direction, one)


def test_a_named_port_is_decided_by_the_first_rule_that_names_it() -> None:
    def shown(*actions: str) -> str:
        rules = [
            {"action": action, "to": [{"namespaces": {"matchLabels": {"env": "a"}}}], "ports": [{"namedPort": "http"}]}
            for action in actions
        ]
        admin = {
            "apiVersion": "policy.networking.k8s.io/v1alpha1",
            "kind": "AdminNetworkPolicy",
            "metadata": {"name": "admin"},
            "spec": {"priority": 1, "subject": {"namespaces": {}}, "egress": rules},
        }
        text = pod("web") + policy("none", policyTypes=["Egress"], egress=[]) + f"---\n{json.dumps(admin)}\n"
        return exposure_text(find_exposure(ReachResult(unit_of(text)), EVERYTHING))

    assert "[namespace with {env=a}]/[all pods] :  http\n" in shown("Allow", "Deny")
    assert "http" not in shown("Deny", "Allow")


def test_labels_of_a_namespace_in_the_input_are_known() -> None:
    space = '---\n{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "b", "labels": {"env": "prod"}}}\n'
    named = {"namespaceSelector": {"matchLabels": {NAME_LABEL: "b"}}}
    labelled = {"namespaceSelector": {"matchLabels": {"env": "prod"}}}
    rules = [{"from": [named], "ports": [{"port": 80}]}, {"from": [labelled], "ports": [{"port": 443}]}]
    text = pod("web") + space + policy("in", podSelector=app("web"), policyTypes=["Ingress"], ingress=rules)
    shown = exposure_text(find_exposure(ReachResult(unit_of(text)), EVERYTHING))
    assert "shop/web[Pod] \t<= \tb/[all pods] : TCP 80,443\n" in shown
    assert "shop/web[Pod] \t<= \t[namespace with {env=prod}]/[all pods] : TCP 443\n" in shown


def test_rules_of_a_direction_that_is_not_governed_name_nobody() -> None:
    ignored = [{"to": [{"namespaceSelector": {"matchLabels": {"env": "prod"}}}]}]
    every = [{"from": [{"namespaceSelector": {"matchExpressions": [{"key": "env", "operator": "Exists"}]}}]}]
    text = pod("web") + policy("in", policyTypes=["Ingress"], ingress=every, egress=ignored)
    assert "env=prod" not in exposure_text(find_exposure(ReachResult(unit_of(text)), EVERYTHING))


def _words(found: PortSet) -> tuple[PortSet, set[tuple[str, str]]]:
    """Ports by number, and the names that are open where the number beside that of the name is not."""
    names = set()
    for port in DECLARED:
        protocol, number = str(port["protocol"]), int(port["containerPort"])
        own, beside = (single_port(protocol, one) for one in (number, number - 1))
        if intersection(found, beside):
            found = union(found, own)
        elif intersection(found, own):
            found = difference(found, own)
            names.add((protocol, str(port["name"])))
    return found, names


def _said(one: ExposedPeer) -> tuple[PortSet, set[tuple[str, str]]]:
    names = {(each, name) for typed, name in one.open.names for each in PROTOCOLS if typed in (None, each)}
    return one.open.ports, names


def _lines(answer: ReachResult) -> Iterator[tuple[str, ExposedPeer]]:
    for one in Exposure(answer).of("Ingress"):
        yield "Ingress", one
    for one in Exposure(answer).of("Egress"):
        yield "Egress", one


def _namespace(one: Representative) -> tuple[list[Manifest], str]:
    """The namespace to declare, if any, and its name."""
    labels = dict(one.namespaces.labels)
    name = labels.pop(NAME_LABEL, None)
    if name is not None:
        assume(not labels)
        return [], name
    return [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "fresh", "labels": labels}}], "fresh"


def _with_labels_only(item: Any) -> Any:
    """A manifest with labels for all expressions, which a pod can have to the letter."""
    if isinstance(item, list):
        return [_with_labels_only(one) for one in item]
    if not isinstance(item, dict):
        return item
    if "matchExpressions" in item:
        return {"matchLabels": {one["key"]: (one.get("values") or ["a"])[0] for one in item["matchExpressions"]}}
    return {key: _with_labels_only(value) for key, value in item.items()}
