"""Why a pair is allowed or denied: which policies select each side, what each of their rules matches and decides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.reach.algebra.ports import ALL, EMPTY, PortSet, complement, difference, intersection, union
from kubeqed.reach.engine.allowed import match_rules, ports_for_peer
from kubeqed.reach.engine.reachability import Reachability
from kubeqed.reach.policy.compiled import CompiledPolicy, CompiledRule, Direction, Tier


class RuleMatch(NamedTuple):
    """A rule and the pair: the ports on which it matches, and those of them that it decides.

    `peer` says whether the rule means the other side at all.
    """

    rule: CompiledRule
    peer: bool
    matched: PortSet
    decided: PortSet


class PolicyTrace(NamedTuple):
    """A policy that selects the subject, and what became of its rules."""

    policy: CompiledPolicy
    hits: tuple[RuleMatch, ...]


class DirectionTrace(NamedTuple):
    """One direction: the ports that pass, and the policies that had a say, first asked first.

    `isolated` says that a NetworkPolicy isolates the subject, `defaulted` are the ports that no policy decided.
    """

    direction: Direction
    allowed: PortSet
    judgements: tuple[PolicyTrace, ...]
    isolated: bool
    defaulted: PortSet

    def hits(self) -> Iterator[tuple[CompiledPolicy, RuleMatch]]:
        """Every rule that was asked."""
        for judgement in self.judgements:
            for hit in judgement.hits:
                yield judgement.policy, hit


class Explanation(NamedTuple):
    """Both sides of a pair; a side without policies, such as an address, allows everything."""

    egress: DirectionTrace
    ingress: DirectionTrace

    @property
    def allowed(self) -> PortSet:
        """The ports that pass both sides."""
        return intersection(self.egress.allowed, self.ingress.allowed)

    @property
    def denied(self) -> PortSet:
        """All other ports."""
        return complement(self.allowed)


def explain(reach: Reachability, source: int, destination: int) -> Explanation:
    """Why the pair is as it is; agrees with `reach.pair` by walking the same areas."""
    return Explanation(
        _trace_direction(reach, "Egress", source, destination), _trace_direction(reach, "Ingress", destination, source)
    )


def _trace_direction(reach: Reachability, direction: Direction, subject: int, other: int) -> DirectionTrace:
    """What each policy says of a pair in one direction."""
    if subject >= len(reach.classes):
        return DirectionTrace(direction, ALL, (), isolated=False, defaulted=ALL)
    walk = _Walk(reach, direction, subject, other)
    policies = [policy for policy in reach.policies_for(subject) if policy.rules(direction) is not None]
    for tier in Tier:
        walk.tier(tier, [policy for policy in policies if policy.tier is tier])
    return walk.side()


class _Walk:
    """One direction of one pair, tier after tier."""

    def __init__(self, reach: Reachability, direction: Direction, subject: int, other: int) -> None:
        self._reach = reach
        self._direction = direction
        self._subject = subject
        self._other = other
        self._left = ALL
        self._allowed = EMPTY
        self._judgements: list[PolicyTrace] = []
        self._isolated = False

    def tier(self, tier: Tier, policies: list[CompiledPolicy]) -> None:
        """Asks the policies of one tier about what the tiers before have left."""
        if self._isolated or not policies:
            return
        if tier is Tier.NAMESPACE:
            self._isolated = True
            self._judgements += [PolicyTrace(policy, tuple(self._match_in_any_order(policy))) for policy in policies]
            self._left = EMPTY
            return
        passed = EMPTY
        for policy in policies:
            hits = []
            for rule in policy.rules(self._direction) or ():
                hit = self._make_match(rule, self._left)
                hits.append(hit)
                self._left = difference(self._left, hit.decided)
                if rule.action == "Allow":
                    self._allowed = union(self._allowed, hit.decided)
                elif rule.action == "Pass":
                    passed = union(passed, hit.decided)
            self._judgements.append(PolicyTrace(policy, tuple(hits)))
        self._left = union(self._left, passed)

    def side(self) -> DirectionTrace:
        """What became of it; what no policy decided is allowed."""
        allowed = union(self._allowed, self._left)
        return DirectionTrace(self._direction, allowed, tuple(self._judgements), self._isolated, self._left)

    def _match_in_any_order(self, policy: CompiledPolicy) -> Iterator[RuleMatch]:
        """The rules of a NetworkPolicy: each allows by itself."""
        for rule in policy.rules(self._direction) or ():
            hit = self._make_match(rule, self._left)
            self._allowed = union(self._allowed, hit.decided)
            yield hit

    def _make_match(self, rule: CompiledRule, asked: PortSet) -> RuleMatch:
        areas = match_rules(self._reach.index, rule, self._direction, self._reach.classes[self._subject])
        matched = ports_for_peer(areas, self._other)
        peer = rule.peers is None or bool(self._reach.index.peers(rule.peers, self._direction) >> self._other & 1)
        return RuleMatch(rule, peer, matched, intersection(matched, asked))
