"""Absent pods that a change need not name: a pod that manifests show stands beside them and is treated like them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from kubeqed.reach.algebra.bits import bits_of, list_members
from kubeqed.reach.algebra.ports import difference
from kubeqed.reach.namespaces import namespace_labels
from kubeqed.reach.policy.compiled import CompiledPolicy, Direction, Tier
from kubeqed.reach.query.answer import ReachResult
from kubeqed.reach.query.diff.causes import Cause
from kubeqed.reach.query.diff.changes import CommonNumbering, ConnectionChange, drop_itself
from kubeqed.reach.query.diff.same_kind import PodsOfSameKind
from kubeqed.reach.query.diff.versions import Content, content_of

Policies = tuple[Content, ...]

_OPPOSITE: dict[Direction, Direction] = {"Ingress": "Egress", "Egress": "Ingress"}


class GovernedDirection(NamedTuple):
    """The namespace of a pod, and the policies that govern a direction of it in both versions; `news` are those of one."""

    namespace: str
    before: Policies
    after: Policies
    news: frozenset[str]


class CausedChange(NamedTuple):
    """A change, and what caused it."""

    change: ConnectionChange
    causes: tuple[Cause, ...]


class AlikeGoverned:
    """Which absent pods are governed like pods that are there."""

    def __init__(self, common: CommonNumbering) -> None:
        self._common = common
        self._likes = PodsOfSameKind(common)
        self._profiles: dict[tuple[int, Direction], GovernedDirection | None] = {}

    def without(self, change: ConnectionChange) -> ConnectionChange:
        """The change without absent pods beside pods that the same policies govern, where these policies made it.

        Where only the other side made it, what absent pods may do is news: they stay.
        """
        sources = self._likes.without(change.sources, change.destinations)
        destinations = self._likes.without(change.destinations, change.sources)
        sources = self._single_out(sources, "Egress", change.destinations)
        destinations = self._single_out(destinations, "Ingress", change.sources)
        fewer = drop_itself(change._replace(sources=sources, destinations=destinations), self._common.first_absent)
        return fewer if fewer.sources and fewer.destinations else change

    def fewer(self, several: list[CausedChange]) -> list[CausedChange]:
        """The changes without absent pods for which the same lines do the same as for others.

        A line that changes what a policy allows is told of the pods that it governs and manifests show; where none does, of
        the plainest absent one. Pods that other policies govern too, and that are not in the input, would say the same again.
        """
        groups: dict[object, list[CausedChange]] = {}
        for one in several:
            lost, won = difference(one.change.old, one.change.new), difference(one.change.new, one.change.old)
            lines = frozenset((str(cause.object), cause.path, cause.is_new) for cause in one.causes)
            groups.setdefault((lines, bool(lost), bool(won)) if lines else one, []).append(one)
        found = {
            id(one): fewer
            for group in groups.values()
            for one, fewer in zip(group, self._choose_plainer(group), strict=True)
        }
        kept = (found[id(one)] for one in several)
        return [one for one in kept if one.change.sources and one.change.destinations]

    def _choose_plainer(self, group: list[CausedChange]) -> list[CausedChange]:
        changes = [one.change for one in group]
        sources = self._reduce_side(group, [one.sources for one in changes], "Egress")
        destinations = self._reduce_side(group, [one.destinations for one in changes], "Ingress")
        fewer = [
            one._replace(
                change=drop_itself(one.change._replace(sources=start, destinations=end), self._common.first_absent)
            )
            for one, start, end in zip(group, sources, destinations, strict=True)
        ]
        return fewer if any(one.change.sources and one.change.destinations for one in fewer) else group

    def _reduce_side(self, group: list[CausedChange], sides: list[int], direction: Direction) -> list[int]:
        """One side of each change of a group, without absent pods whose policies caused it but for the plainest."""
        causes = frozenset(str(cause.object) for cause in group[0].causes)
        news = [self._find_news(side, direction, causes) for side in sides]
        if any(one & self._workload_nodes for one in news):
            return [side & (self._shown_nodes | ~one) for side, one in zip(sides, news, strict=True)]
        every = 0
        for one in news:
            every |= one
        plainest = every & -every
        return [side if one & plainest else side & ~one for side, one in zip(sides, news, strict=True)]

    def _find_news(self, bits: int, direction: Direction, causes: frozenset[str]) -> int:
        """The peers a direction of which one of the causes governs in one version only."""
        profiles = (
            (number, self._find_profile(number, direction)) for number in list_members(bits & ~self._outside_nodes)
        )
        found = (number for number, profile in profiles if profile is not None and profile.news & causes)
        return bits_of(found, self._common.size)

    @cached_property
    def _outside_nodes(self) -> int:
        return self._shown_nodes & ~self._workload_nodes

    def _single_out(self, bits: int, direction: Direction, others: int) -> int:
        """One side without absent pods that need not be named; `others` are the other side."""
        absent = bits & ~self._shown_nodes
        alone = not others & ~self._lone_workloads or (bool(absent) and not self._is_news(others, _OPPOSITE[direction]))
        needless = [
            number
            for number in list_members(absent)
            if (profile := self._find_profile(number, direction)) is not None
            and (profile.before or profile.after)
            and (profile.news or (alone and profile.namespace not in self._relabelled_namespaces))
            and self._is_stood_for(profile, bits & self._workload_nodes, direction, others)
        ]
        return bits & ~bits_of(needless, self._common.size)

    def _is_stood_for(self, profile: GovernedDirection, there: int, direction: Direction, others: int) -> bool:
        """Whether a workload of the same profile stands there; one that is on both sides needs another one like it."""
        alike = [number for number in list_members(there) if self._find_profile(number, direction) == profile]
        if len(alike) != 1 or not others >> alike[0] & 1:
            return bool(alike)
        opposite = _OPPOSITE[direction]
        same = self._find_profile(alike[0], opposite)
        return any(self._find_profile(number, opposite) == same for number in list_members(others & ~self._shown_nodes))

    def _is_news(self, bits: int, direction: Direction) -> bool:
        """Whether other policies than before govern a direction of one of the peers."""
        profiles = (self._find_profile(number, direction) for number in list_members(bits & ~self._outside_nodes))
        return any(profile is not None and profile.news for profile in profiles)

    @cached_property
    def _relabelled_namespaces(self) -> frozenset[str]:
        """The namespaces with other labels than before."""
        versions = self._common.versions
        before, after = (namespace_labels(one.unit) for one in (versions.old, versions.new))
        return frozenset(name for name in {*before, *after} if before.get(name) != after.get(name))

    @cached_property
    def _shown_nodes(self) -> int:
        return (1 << self._common.first_absent) - 1

    @cached_property
    def _workload_nodes(self) -> int:
        return (1 << self._common.first_source) - 1

    @cached_property
    def _lone_workloads(self) -> int:
        """The workloads that one version has and the other has not."""
        common = self._common
        numbers = range(common.first_source)
        versions = (common.versions.old, common.versions.new)
        return bits_of((at for at in numbers if any(common.node(one, at) is None for one in versions)), common.size)

    def _find_profile(self, number: int, direction: Direction) -> GovernedDirection | None:
        """None for a workload that only one version has."""
        key = (number, direction)
        if key not in self._profiles:
            self._profiles[key] = self._work_out_profile(number, direction)
        return self._profiles[key]

    def _work_out_profile(self, number: int, direction: Direction) -> GovernedDirection | None:
        versions = self._common.versions
        nodes = self._common.node(versions.old, number), self._common.node(versions.new, number)
        if nodes[0] is None or nodes[1] is None:
            return None
        namespace = versions.new.reach.classes[nodes[1]].key.namespace
        before, after = (
            {content_of(one): str(one.object) for one in _list_governing(answer, node, direction)}
            for answer, node in ((versions.old, nodes[0]), (versions.new, nodes[1]))
        )
        news = frozenset(name for key, name in [*before.items(), *after.items()] if (key in before) != (key in after))
        return GovernedDirection(namespace, tuple(before), tuple(after), news)


def _list_governing(answer: ReachResult, node: int, direction: Direction) -> Iterator[CompiledPolicy]:
    """The policies that can decide about a direction of a class."""
    for policy in answer.reach.policies_for(node):
        rules = policy.rules(direction)
        if rules or (rules is not None and policy.tier is Tier.NAMESPACE):
            yield policy
