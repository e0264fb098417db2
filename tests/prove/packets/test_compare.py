"""Two sets of policies: equivalent for every packet that brute force knows, or told apart by one that it judges so too."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.prove.packets.test_agreement import judge, packets
from tests.reach.clusters import adminpolicies, clusters, networkpolicies
from tests.reach.world import unit_of_objects

from kubeqed.prove.packets.compare import compare_policies, gather_policy_sets
from kubeqed.prove.packets.packet import Packet
from kubeqed.reach import Assumptions

Objects = list[dict[str, Any]]
POLICIES = ("NetworkPolicy", "AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy")


@st.composite
def changes(draw: st.DrawFn) -> tuple[Objects, Objects]:
    """A cluster before and after: a policy or a rule less, or other policies."""
    before = draw(clusters())
    rest = [item for item in before if item["kind"] not in POLICIES]
    policies = [item for item in before if item["kind"] in POLICIES]
    how = draw(st.sampled_from(("without", "other", "same", "rule")))
    if how == "other":
        return before, [*rest, *draw(networkpolicies()), *draw(adminpolicies())]
    if how == "without" and policies:
        gone = draw(st.sampled_from(range(len(policies))))
        return before, [*rest, *policies[:gone], *policies[gone + 1 :]]
    if how == "rule":
        return before, [*rest, *map(without_a_rule, policies)]
    return before, before


def without_a_rule(policy: dict[str, Any]) -> dict[str, Any]:
    spec = {
        key: value[:-1] if key in ("ingress", "egress") and value else value for key, value in policy["spec"].items()
    }
    return {**policy, "spec": spec}


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(changes(), st.booleans(), st.lists(packets(), min_size=40, max_size=40))
def test_the_verdict_is_that_of_brute_force(
    change: tuple[Objects, Objects], by_address: bool, several: list[Packet]
) -> None:
    before, after = change
    sets = gather_policy_sets(unit_of_objects(before), unit_of_objects(after), Assumptions(pods_by_address=by_address))
    found = compare_policies(sets)

    def told(packet: Packet) -> tuple[bool, bool]:
        return judge(before, packet, by_address), judge(after, packet, by_address)

    verdicts = {told(packet) for packet in several}
    assert found.equivalent is not None
    assert found.gained or (False, True) not in verdicts
    assert found.lost or (True, False) not in verdicts
    assert found.equivalent is not (found.gained or found.lost)
    if found.witness is not None:
        was, now = told(found.witness)
        assert was is not now
        assert found.gained or was
        assert found.lost or now
