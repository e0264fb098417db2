"""The changes of one end's policies that open what was asked."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.model.kinds.adminnetworkpolicy import AdminNetworkPolicy
from kubeqed.model.kinds.clusternetworkpolicy import ClusterNetworkPolicy
from kubeqed.reach.algebra.ports import PortSet, intersection
from kubeqed.reach.engine.reachability import Reachability
from kubeqed.reach.policy.compiled import CompiledPolicy, Tier
from kubeqed.reach.query.explain import RuleMatch
from kubeqed.reach.remedy.edit import PolicyEdit, make_advice
from kubeqed.reach.remedy.manifest import (
    Written,
    peers_key,
    write_admin_policy,
    write_admin_rule,
    write_networkpolicy,
    write_networks,
    write_ports,
    write_rule,
)
from kubeqed.reach.remedy.subject import Subject

_NODES = "its pods share the node's network: only an ipBlock of the nodes' addresses means them"
_BARE = "has no labels: give it one, and a NetworkPolicy that selects it and allows this"


def find_opening_edits(end: Subject, closed: PortSet) -> Iterator[PolicyEdit]:
    """The changes that open the closed ports: one for what administrators deny, one for what no policy allows."""
    if not closed:
        return
    if not end.other_governed:
        yield make_advice(f"{end.other_name}: {_NODES}")
        return
    denied = _first_denial(end, closed)
    if denied is not None:
        yield _allow_before(end, *denied, closed)
    else:
        yield _allow_ports(end, closed)


def _first_denial(end: Subject, closed: PortSet) -> tuple[CompiledPolicy, RuleMatch] | None:
    """The first rule of an administrator that denies some of the ports."""
    return next(
        (
            (policy, hit)
            for policy, hit in end.side.hits()
            if policy.tier is not Tier.NAMESPACE and hit.rule.action == "Deny" and intersection(hit.decided, closed)
        ),
        None,
    )


def _allow_ports(end: Subject, closed: PortSet) -> PolicyEdit:
    """The rule of a NetworkPolicy that is missing: in a rule or a policy that speaks of this pair alone, or apart."""
    peers, said = end.peers()
    if (edit := _in_a_rule(end, closed, peers, said)) is not None:
        return edit
    key = end.direction.lower()
    missing = write_rule(end.direction, peers, closed)
    for judged in end.side.judgements:
        if end.is_own(judged.policy):
            return PolicyEdit("add", judged.policy.object, f"spec.{key}", [missing], said)
    if not end.pod_selector:
        return make_advice(f"{end.name} {_BARE}")
    near = next(one.policy.object for one in end.side.judgements if one.policy.tier is Tier.NAMESPACE)
    spec = {"podSelector": end.pod_selector, "policyTypes": [end.direction], key: [missing]}
    value = write_networkpolicy(end.allowing_name(), end.namespace, spec)
    return PolicyEdit("create", near, "", value, said or end.selecting_others())


def _in_a_rule(end: Subject, closed: PortSet, peers: list[Written], said: str) -> PolicyEdit | None:
    """More ports for a rule that means the other end alone, or one more peer for a rule of just these ports."""
    own = [(policy, hit) for policy, hit in end.side.hits() if end.is_own(policy)]
    for policy, hit in own:
        if hit.peer and end.means_other_alone(hit):
            return PolicyEdit("add", policy.object, f"{hit.rule.path}.ports", write_ports(closed), said)
    for policy, hit in own:
        if hit.rule.peers and not hit.rule.ports.names and hit.rule.ports.fixed == closed:
            return PolicyEdit("add", policy.object, f"{hit.rule.path}.{peers_key(end.direction)}", peers, said)
    return None


def _allow_before(end: Subject, policy: CompiledPolicy, hit: RuleMatch, closed: PortSet) -> PolicyEdit:
    """A rule that is asked before the denial: in the policy itself where it selects no other pod, else in one before."""
    peers, said = end.peers()
    peers = [end.in_any_namespace(peers[0])] if end.other_is_pod else write_networks(end.ranges)
    item, name = policy.object, end.allowing_name()
    written = write_admin_rule(item, name, end.direction, peers, closed)
    priority = _free_priority(end.reach, policy)
    if end.selects_alone(policy) or priority is None:
        others = "" if end.selects_alone(policy) else "it allows this to every pod that the policy selects"
        return PolicyEdit("insert", item, hit.rule.path, [written], said or others)
    spec = {"subject": {"pods": end.subject_selector}, end.direction.lower(): [written]}
    value = write_admin_policy(item, policy.tier, priority, name, spec)
    return PolicyEdit("create", item, "", value, said or end.selecting_others())


def _free_priority(reach: Reachability, policy: CompiledPolicy) -> int | None:
    """The nearest priority before a policy's own that no policy of its kind has; None where there is none."""
    kind = type(policy.object)
    if kind not in (AdminNetworkPolicy, ClusterNetworkPolicy):
        return None
    taken = {one.priority for one in reach.policies.items if isinstance(one.object, kind)}
    return next((one for one in range(policy.priority - 1, -1, -1) if one not in taken), None)
