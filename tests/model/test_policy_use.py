"""What a NetworkPolicy uses, each with the path of its field."""

from __future__ import annotations

from tests.resolve.cni_world import graph_of

from kubeqed.model.cni.capabilities import Feature
from kubeqed.model.cni.policy_use import MATCH_LABELS, PORTS_OF_BLOCK, SELECTORS, count_limits, find_uses
from kubeqed.model.kinds.networkpolicy import NetworkPolicy

HEAD = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: web}\n"
FULL = """
spec:
  podSelector: {matchExpressions: [{key: a, operator: Exists}]}
  policyTypes: [Ingress, Egress]
  ingress:
  - from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}, {podSelector: {matchLabels: {a: b}}}]
    ports: [{port: 8000, endPort: 8100}, {port: http}, {port: 1, protocol: SCTP}, {port: 2, protocol: "${P}"}]
  egress:
  - ports: [{port: dns}, {port: 53}]
"""


def policy(spec: str) -> NetworkPolicy:
    (found,) = graph_of(HEAD + spec).unit.of(NetworkPolicy)
    return found


def test_every_use_has_the_path_of_its_field() -> None:
    assert [(use.feature, use.path) for use in find_uses(policy(FULL))] == [
        (Feature.MATCH_EXPRESSIONS, "spec.podSelector.matchExpressions"),
        (Feature.EGRESS, "spec.policyTypes[1]"),
        (Feature.IP_BLOCK, "spec.ingress[0].from[0].ipBlock"),
        (Feature.EXCEPT, "spec.ingress[0].from[0].ipBlock.except"),
        (Feature.END_PORT, "spec.ingress[0].ports[0].endPort"),
        (Feature.NAMED_PORTS, "spec.ingress[0].ports[1].port"),
        (Feature.SCTP, "spec.ingress[0].ports[2].protocol"),
        (Feature.SCTP, "spec.ingress[0].ports[3].protocol"),
        (Feature.NAMED_PORTS, "spec.egress[0].ports[0].port"),
    ]


def test_all_these_fields_exist() -> None:
    full = policy(FULL)
    assert all(full.holds(use.path) for use in find_uses(full))


def test_egress_to_everybody_is_told_apart() -> None:
    assert [use.to_all for use in find_uses(policy(FULL)) if use.feature is Feature.NAMED_PORTS] == [False, True]


def test_without_policy_types_egress_rules_speak_for_themselves() -> None:
    (use,) = find_uses(policy("spec: {podSelector: {}, egress: [{}]}"))
    assert (use.feature, use.path) == (Feature.EGRESS, "spec.egress")


def test_a_direction_that_is_left_out_is_not_used() -> None:
    assert not list(
        find_uses(policy("spec: {podSelector: {}, policyTypes: [Ingress], egress: [{ports: [{port: dns}]}]}"))
    )


def test_labels_selectors_and_ports_are_counted() -> None:
    found = {(count.limit, count.paths) for count in count_limits(policy(FULL))}
    assert (MATCH_LABELS, ("spec.ingress[0].from[1].podSelector.matchLabels.a",)) in found
    assert (SELECTORS, ("spec.ingress[0].from[1]",)) in found
    assert (PORTS_OF_BLOCK, tuple(f"spec.ingress[0].ports[{index}]" for index in range(4))) in found
    assert (SELECTORS, ()) in found
