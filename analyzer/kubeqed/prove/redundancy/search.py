"""Policies, rules and peers without which every packet would fare the same, whoever sends it.

A packet that needs the part is looked for among plain ones first; Z3 is asked only where none of them does, which is seldom
where nothing is redundant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.prove.packets.concrete import ConcreteLogic, Spaces
from kubeqed.prove.packets.overlap import may_share_peers, may_share_pods, may_share_ports
from kubeqed.prove.packets.packet import Packet, PodEnd
from kubeqed.prove.packets.semantics import DIRECTIONS, allows, allows_side
from kubeqed.prove.redundancy.parts import PolicyPart, PolicyRule, without_part
from kubeqed.prove.redundancy.samples import sample_others, sample_packets
from kubeqed.reach.algebra import ALL
from kubeqed.reach.policies import (
    AddressTerm,
    CompiledPolicies,
    CompiledPolicy,
    CompiledRule,
    Direction,
    Term,
    Tier,
    find_labels,
)

if TYPE_CHECKING:
    from kubeqed.prove.redundancy.proof import RedundancyProof


class Redundant(NamedTuple):
    """A part that changes nothing; `covers` are the others that do the same, none where the other side denies all of it."""

    part: PolicyPart
    covers: tuple[tuple[CompiledPolicy, str], ...]


def find_redundant(policies: CompiledPolicies, declared: Spaces) -> Iterator[Redundant]:
    """The parts that change nothing, of NetworkPolicies of which all is known: the largest, not what is within them."""
    search = _Search(policies, declared)
    for policy in search.spaced:
        if search.is_known(policy) and _has_rules(policy) and _means_somebody((policy.subject,)):
            yield from search.find_in(policy)


_USUAL = 8  # ports


class _Search:
    def __init__(self, policies: CompiledPolicies, declared: Spaces) -> None:
        self._all = policies.items
        self._declared = declared
        self._doubted = {id(one.object) for one in policies.caveats}
        self.spaced = [one for one in policies.items if one.tier is Tier.NAMESPACE]
        self._admin = [one for one in policies.items if one.tier is not Tier.NAMESPACE]
        self._by_namespace: dict[str | None, list[CompiledPolicy]] = {}
        for one in self.spaced:
            self._by_namespace.setdefault(one.subject.namespace, []).append(one)

    def is_known(self, policy: CompiledPolicy) -> bool:
        """Whether nothing of a policy was left out when it was read."""
        return id(policy.object) not in self._doubted

    def find_in(self, policy: CompiledPolicy) -> Iterator[Redundant]:
        """What is redundant of one policy: all of it, else rules, else peers."""
        whole = PolicyPart(policy, "spec.podSelector")
        covers = self._find_covers(whole)
        if covers is not None:
            yield Redundant(whole, covers)
            return
        for direction in DIRECTIONS:
            for rule in policy.rules(direction) or ():
                if _means_somebody(rule.peers):
                    yield from self._find_in_rule(PolicyPart(policy, rule.path, direction, rule))

    def _find_in_rule(self, part: PolicyPart) -> Iterator[Redundant]:
        covers = self._find_covers(part)
        if covers is not None:
            yield Redundant(part, covers)
            return
        for peer in _list_peers(part):
            covers = self._find_covers(peer)
            if covers is not None:
                yield Redundant(peer, covers)

    def _find_covers(self, part: PolicyPart) -> tuple[tuple[CompiledPolicy, str], ...] | None:
        """What makes a part redundant; None where a packet needs it."""
        if any(self._is_needed_by(part, packet) for packet in self._sample_part(part)):
            return None
        if part.direction is None or part.rule is None:
            neighbours = self._list_neighbours(part.policy)
            changes = any(self._changes_side(part.policy, neighbours, one) for one in self._sample_part(part))
            return self._z3_proof.cover_policy(part.policy, neighbours, changes=changes)
        return self._z3_proof.cover_rule(part, list(self._list_others(part, part.direction, part.rule)))

    @cached_property
    def _z3_proof(self) -> RedundancyProof:
        from kubeqed.prove.redundancy.proof import RedundancyProof  # loads z3

        return RedundancyProof(self._all, self._declared)

    def _sample_part(self, part: PolicyPart) -> Iterator[Packet]:
        if part.direction is not None and part.rule is not None:
            yield from sample_packets(part.policy, part.rule, part.direction, self._declared, self._usual_ports)
            return
        for direction in DIRECTIONS:
            for rule in part.policy.rules(direction) or ():
                yield from sample_packets(part.policy, rule, direction, self._declared, self._usual_ports)
            if part.policy.rules(direction) is not None:
                yield from sample_others(part.policy, direction, self._declared)

    @cached_property
    def _usual_ports(self) -> tuple[int, ...]:
        """The ports that rules name most often."""
        named = Counter(
            rule.ports.fixed[0]
            for one in self._all
            for direction in DIRECTIONS
            for rule in one.rules(direction) or ()
            if rule.ports.fixed and rule.ports.fixed != ALL
        )
        return tuple(port for port, _ in sorted(named.items(), key=lambda pair: (-pair[1], pair[0]))[:_USUAL])

    def _is_needed_by(self, part: PolicyPart, packet: Packet) -> bool:
        """Whether a packet fares otherwise without a part."""
        logic = ConcreteLogic(packet, self._declared)
        ends = {end.namespace for end in (packet.source, packet.destination) if isinstance(end, PodEnd)}
        concerned = [*self._admin, *(one for name in sorted(ends) for one in self._by_namespace.get(name, ()))]
        concerned.sort(key=lambda one: (one.tier, one.priority))
        allowed = allows(logic, concerned)
        if part.rule is not None and not allowed:  # without a rule there is never more
            return False
        return allowed is not allows(logic, list(without_part(concerned, part)))

    def _changes_side(self, policy: CompiledPolicy, neighbours: list[CompiledPolicy], packet: Packet) -> bool:
        """Whether the side of a policy, which its neighbours decide with it, decides otherwise about a packet without it."""
        logic, rest = ConcreteLogic(packet, self._declared), [*self._admin, *neighbours]
        return any(
            allows_side(logic, [*rest, policy], direction) is not allows_side(logic, rest, direction)
            for direction in DIRECTIONS
        )

    def _list_neighbours(self, policy: CompiledPolicy) -> list[CompiledPolicy]:
        """The other policies that may mean a pod that a policy means."""
        near = self._by_namespace.get(policy.subject.namespace, ())
        return [one for one in near if one is not policy and may_share_pods(one.subject, policy.subject)]

    def _list_others(self, part: PolicyPart, direction: Direction, rule: CompiledRule) -> Iterator[PolicyRule]:
        """The other rules that may allow what a part allows."""
        if part.rest is not None:
            yield PolicyRule(part.policy, part.rest)
        for policy in (part.policy, *self._list_neighbours(part.policy)):
            for other in policy.rules(direction) or ():
                own = policy is part.policy and other.path == rule.path
                if not own and may_share_ports(other.ports, rule.ports) and may_share_peers(other, rule):
                    yield PolicyRule(policy, other)


def _has_rules(policy: CompiledPolicy) -> bool:
    """A policy without a rule denies on purpose, whatever else denies the same."""
    return any(policy.rules(direction) for direction in DIRECTIONS)


def _means_somebody(terms: tuple[Term, ...] | None) -> bool:
    """Whether a term of some can mean anybody; one that cannot is wrong, which is another finding."""
    return terms is None or any(
        isinstance(one, AddressTerm) or (find_labels(one.pods) is not None and find_labels(one.namespaces) is not None)
        for one in terms
    )


def _list_peers(part: PolicyPart) -> Iterator[PolicyPart]:
    """The peers of a rule as parts, where each of them is one term."""
    policy, rule = part.policy.object, part.rule
    if rule is None or rule.peers is None or len(rule.peers) < 2 or not isinstance(policy, NetworkPolicy):
        return
    written = next((one.peers.items for one in (*policy.ingress, *policy.egress) if one.path == rule.path), ())
    if len(written) != len(rule.peers):
        return
    for at, peer in enumerate(written):
        alone = rule._replace(peers=(rule.peers[at],))
        if not _means_somebody(alone.peers):
            continue
        rest = rule._replace(peers=(*rule.peers[:at], *rule.peers[at + 1 :]))
        yield PolicyPart(part.policy, peer.path, part.direction, alone, rest)
