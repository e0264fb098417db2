"""What is called redundant is what brute force finds no packet for, taken out and judged again."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.prove.packets.test_agreement import judge, packets
from tests.prove.packets.worlds import PacketWorld
from tests.reach.clusters import adminpolicies, clusters, networkpolicies
from tests.reach.world import unit_of_objects

from kubeqed.prove.packets.compare import PolicySets, compare_policies
from kubeqed.prove.packets.packet import Packet
from kubeqed.prove.redundancy.parts import PolicyPart, without_part
from kubeqed.prove.redundancy.search import _means_somebody, find_redundant
from kubeqed.reach.policies import CompiledPolicy, Tier

Objects = list[dict[str, Any]]


@st.composite
def crowded(draw: st.DrawFn) -> Objects:
    """A cluster whose policies are of one namespace, and so often say the same."""
    objects = [item for item in draw(clusters()) if item["kind"] in ("Namespace", "Pod")]
    policies = [*draw(networkpolicies()), *draw(networkpolicies())]
    for number, item in enumerate(policies):
        item["metadata"] = {"name": f"np{number}", "namespace": "north"}
    return [*objects, *policies, *(draw(adminpolicies()) if draw(st.booleans()) else [])]


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(crowded())
def test_redundant_is_what_may_be_taken_out(objects: Objects) -> None:
    world = PacketWorld(unit_of_objects(objects))
    found = {
        (one.part.policy.object.name, one.part.path) for one in find_redundant(world.reach.policies, world.declared)
    }
    for policy in world.policies:
        if policy.tier is not Tier.NAMESPACE or not (policy.ingress or policy.egress):
            continue
        if not _means_somebody((policy.subject,)):
            continue
        whole = PolicyPart(policy, "spec.podSelector")
        said = (policy.object.name, whole.path) in found
        assert changes_nothing(world, whole) is said, whole.path
        for direction in ("Ingress", "Egress") if not said else ():
            for rule in policy.rules(direction) or ():
                if not _means_somebody(rule.peers):
                    continue
                part = PolicyPart(policy, rule.path, direction, rule)
                assert changes_nothing(world, part) is ((policy.object.name, rule.path) in found), rule.path


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(crowded(), st.lists(packets(), min_size=40, max_size=40))
def test_no_packet_needs_what_is_redundant(objects: Objects, several: list[Packet]) -> None:
    world = PacketWorld(unit_of_objects(objects))
    for one in find_redundant(world.reach.policies, world.declared):
        if one.part.path == "spec.podSelector":
            gone = one.part.policy.object.name
            rest = [item for item in objects if item["metadata"]["name"] != gone]
            assert all(judge(objects, packet, False) is judge(rest, packet, False) for packet in several)


def changes_nothing(world: PacketWorld, part: PolicyPart) -> bool:
    rest: tuple[CompiledPolicy, ...] = tuple(without_part(world.policies, part))
    sets = PolicySets(world.policies, rest, world.declared, world.declared, ())
    return compare_policies(sets).equivalent is True


def test_covers_are_what_does_the_same() -> None:
    def policy(name: str, peers: list[Any]) -> dict[str, Any]:
        spec = {"podSelector": {}, "ingress": [{"from": peers}]}
        head = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy"}
        return {**head, "metadata": {"name": name, "namespace": "north"}, "spec": spec}

    web, labelled = (
        {"podSelector": {"matchLabels": {"app": "web"}}},
        {"podSelector": {"matchExpressions": [{"key": "app", "operator": "Exists"}]}},
    )
    bare = {"podSelector": {"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}}
    objects = [policy("a", [web]), policy("b", [labelled]), policy("c", [bare]), policy("d", [{"podSelector": {}}])]
    world = PacketWorld(unit_of_objects(objects))
    found = {
        one.part.policy.object.name: [each.object.name for each, _ in one.covers]
        for one in find_redundant(world.reach.policies, world.declared)
    }
    assert found["a"] == ["b"]
    assert found["d"] == ["b", "c"]
