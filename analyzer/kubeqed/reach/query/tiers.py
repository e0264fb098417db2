"""Rules of administrators against one another: which of them decides nothing, and which clash.

Asked of the pods that the manifests show, by the steps of the one engine; of other pods, `prove` asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from kubeqed.model.kinds.adminnetworkpolicy import AdminNetworkPolicy
from kubeqed.model.kinds.clusternetworkpolicy import ClusterNetworkPolicy
from kubeqed.reach.algebra.bits import list_members
from kubeqed.reach.algebra.ports import ALL, difference
from kubeqed.reach.algebra.terms import AddressTerm, PodTerm, Term
from kubeqed.reach.engine.allowed import PeersAndPorts, intersect_areas, match_rules, subtract_area
from kubeqed.reach.engine.reachability import Reachability
from kubeqed.reach.policy.compiled import CompiledPolicy, CompiledRule, Direction, Tier

_MOST_COMPARED = 1_000_000
_DIRECTIONS: tuple[Direction, ...] = ("Ingress", "Egress")


class RuleOfTier(NamedTuple):
    """A rule of an administrator's policy."""

    policy: CompiledPolicy
    rule: CompiledRule


class Shadowed(NamedTuple):
    """A rule that decides nothing about pods that manifests show, and those before it that decide all of it for these.

    `by` is empty where it means none of these pods. `everywhere` says that it decides nothing for all pods there may be.
    `before` are all rules that are asked before it.
    """

    one: RuleOfTier
    by: tuple[RuleOfTier, ...]
    everywhere: bool
    direction: Direction
    before: tuple[RuleOfTier, ...]


class PriorityClash(NamedTuple):
    """Two rules of one priority that decide otherwise about the same packets of some pod that manifests show.

    Or two that might do so about other pods, of which there is one for each direction: `shown` is false.
    """

    one: RuleOfTier
    other: RuleOfTier
    direction: Direction
    shown: bool = True


class Comparisons:
    """How many times rules may still be set against one another; once that is spent, what is left is not looked at."""

    def __init__(self, most: int = _MOST_COMPARED) -> None:
        self._left = most

    @property
    def is_spent(self) -> bool:
        """Whether something was not looked at."""
        return self._left < 0

    def take(self, count: int) -> bool:
        """Counts some, and says whether they may be made."""
        self._left -= count
        return self._left >= 0


def find_shadowed_rules(reach: Reachability, comparisons: Comparisons) -> Iterator[Shadowed]:
    """The rules that decide nothing about pods that manifests show, each with those that were asked before."""
    for tier in (Tier.ADMIN, Tier.BASELINE):
        policies = [one for one in reach.policies.items if one.tier is tier and _has_priority(one)]
        for direction in _DIRECTIONS:
            order = [RuleOfTier(policy, rule) for policy in policies for rule in policy.rules(direction) or ()]
            yield from _find_shadowed(reach, order, direction, comparisons)


def _find_shadowed(
    reach: Reachability, order: list[RuleOfTier], direction: Direction, comparisons: Comparisons
) -> Iterator[Shadowed]:
    deciding: set[int] = set()
    takers: dict[int, dict[int, None]] = {}
    numbers = {
        number for one in order for number in list_members(reach.index.subjects(one.policy.subject) & reach.shown)
    }
    for number in sorted(numbers):
        asked = [PeersAndPorts(reach.index.everything(direction), ALL)]
        before: list[tuple[int, list[PeersAndPorts]]] = []
        for at, one in enumerate(order):
            if not comparisons.take(len(asked)):
                return
            if not reach.index.subjects(one.policy.subject) >> number & 1:
                continue
            areas = match_rules(reach.index, one.rule, direction, reach.classes[number])
            if any(intersect_areas(asked, [area]) for area in areas):
                deciding.add(at)
            elif areas:
                taken = (other for other, theirs in before if intersect_areas(areas, theirs))
                takers.setdefault(at, {}).update(dict.fromkeys(taken))
            before.append((at, areas))
            for area in areas:
                asked = [rest for left in asked for rest in subtract_area(left, area)]
    for at, one in enumerate(order):
        if not comparisons.take(at):
            return
        cover = next((other for other in order[:at] if _covers_rule(other, one)), None)
        by = (cover,) if cover is not None else tuple(order[other] for other in takers.get(at, ()))
        if cover is not None or at not in deciding:
            yield Shadowed(one, by, cover is not None, direction, tuple(order[:at]))


def find_priority_clashes(reach: Reachability, comparisons: Comparisons) -> Iterator[PriorityClash]:
    """Pairs of rules of two policies of one kind, tier and priority that disagree about a pod; one for each pair of policies.

    Of policies that agree about all pods that manifests show, all pairs of rules with different actions.
    """
    alike: dict[tuple[object, ...], list[CompiledPolicy]] = {}
    for policy in reach.policies.items:
        if policy.tier is not Tier.NAMESPACE and _has_priority(policy):
            alike.setdefault((policy.object.kind, policy.tier, policy.priority), []).append(policy)
    for several in alike.values():
        for one, other in combinations(several, 2):
            if not comparisons.take(1):
                return
            clash = _find_clash(reach, one, other, comparisons)
            if clash is not None:
                yield clash
            else:
                yield from _list_possible(one, other)


def _find_clash(
    reach: Reachability, one: CompiledPolicy, other: CompiledPolicy, comparisons: Comparisons
) -> PriorityClash | None:
    shared = reach.index.subjects(one.subject) & reach.index.subjects(other.subject) & reach.shown
    for number in list_members(shared):
        for direction in _DIRECTIONS:
            for first in one.rules(direction) or ():
                areas = match_rules(reach.index, first, direction, reach.classes[number])
                for second in (other.rules(direction) or ()) if comparisons.take(1) else ():
                    theirs = match_rules(reach.index, second, direction, reach.classes[number])
                    if first.action != second.action and intersect_areas(areas, theirs):
                        return PriorityClash(RuleOfTier(one, first), RuleOfTier(other, second), direction)
    return None


def _list_possible(one: CompiledPolicy, other: CompiledPolicy) -> Iterator[PriorityClash]:
    for direction in _DIRECTIONS:
        for first in one.rules(direction) or ():
            for second in other.rules(direction) or ():
                if first.action != second.action:
                    yield PriorityClash(RuleOfTier(one, first), RuleOfTier(other, second), direction, shown=False)


def _has_priority(policy: CompiledPolicy) -> bool:
    """Whether it is known when a policy is asked; there is one baseline."""
    item = policy.object
    return not isinstance(item, AdminNetworkPolicy | ClusterNetworkPolicy) or isinstance(item.priority, int)


def _covers_rule(one: RuleOfTier, other: RuleOfTier) -> bool:
    """Whether a rule means all that another one means, as they are written: for every pod there may be."""
    if not _contains_term(one.policy.subject, other.policy.subject):
        return False
    if one.rule.peers is not None and other.rule.peers is None:
        return False
    if one.rule.peers is not None and not all(
        any(_contains_term(wide, term) for wide in one.rule.peers) for term in other.rule.peers or ()
    ):
        return False
    names = set(other.rule.ports.names) <= set(one.rule.ports.names)
    return names and not difference(other.rule.ports.fixed, one.rule.ports.fixed)


def _contains_term(wide: Term, term: Term) -> bool:
    if wide == term:
        return True
    if isinstance(wide, AddressTerm) or isinstance(term, AddressTerm):
        return False
    return _asks_less(wide, term)


def _asks_less(wide: PodTerm, term: PodTerm) -> bool:
    spaces = wide.namespace in (None, term.namespace) and set(wide.namespaces) <= set(term.namespaces)
    return spaces and set(wide.pods) <= set(term.pods)
