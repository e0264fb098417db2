"""Which lines of policies caused a change: rules that decide now and did not before, or the other way round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain, cycle, zip_longest
from typing import NamedTuple

from kubeqed.model.kinds.namespace import Namespace
from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.values.fields import Labels
from kubeqed.reach.algebra.bits import list_members
from kubeqed.reach.algebra.ports import PortSet, difference, format_ports, intersection, union
from kubeqed.reach.algebra.tokens import display, encode
from kubeqed.reach.namespaces import namespace_labels, namespace_of
from kubeqed.reach.policy.compiled import CompiledPolicy, Direction, Tier
from kubeqed.reach.query.answer import ReachResult
from kubeqed.reach.query.diff.changes import CommonNumbering, ConnectionChange
from kubeqed.reach.query.diff.versions import content_of
from kubeqed.reach.query.explain import Explanation, RuleMatch, explain

Key = tuple[str, str, str, str]

MOST = 5
MANY = 3


class Cause(NamedTuple):
    """An object of one version, `is_new` of the later one, and the field that made the difference."""

    object: Object
    path: str
    text: str
    is_new: bool


class Causes:
    """Explains changes by one pair of each."""

    def __init__(self, common: CommonNumbering) -> None:
        self._old = common.versions.old
        self._new = common.versions.new
        self._common = common

    def of(self, change: ConnectionChange) -> list[Cause]:
        """The causes of a change, nearest first, at most five; none where no line alone made the difference.

        A few pairs of it are explained, since not all of its peers need have changed for the same reason.
        """
        several = [self._of_pair(change, *pair) for pair in self._choose_pairs(change)]
        by_turns = chain.from_iterable(zip_longest(*several))
        return list(dict.fromkeys(cause for cause in by_turns if cause is not None))[:MOST]

    def _of_pair(self, change: ConnectionChange, source: int, destination: int) -> list[Cause]:
        found = list(self._compare_workloads(source, destination))
        if found:
            return found
        found += self._compare_labels(source, destination)
        found += self._compare_entries(destination) if source == self._common.controller else ()
        before, after = (
            self._explain_pair(self._old, source, destination),
            self._explain_pair(self._new, source, destination),
        )
        if before is not None and after is not None:
            lost, won = difference(change.old, change.new), difference(change.new, change.old)
            found += _find_decisive(before, after, union(lost, won), self._common.versions.named)
        return found

    def anchor(self, change: ConnectionChange, causes: Iterable[Cause]) -> Cause:
        """Where to show a change: in the later version if anything of it is left there, else in the earlier one."""
        causes = list(causes)
        later = next((one for one in causes if one.is_new), None)
        if later is not None:
            return later
        for one in causes:
            if (twin := self._later_objects.get(str(one.object))) is not None:
                return Cause(twin, "metadata.name", one.text, is_new=True)
        ends = [number for number in reversed(self._choose_pairs(change)[0]) if number < self._common.first_source]
        for answer, is_new in ((self._new, True), (self._old, False)):
            for number in ends:
                if (item := self._find_workload(answer, number)) is not None:
                    return Cause(item, "metadata.name", "its connections changed", is_new)
        return causes[0] if causes else self._changed_policy()

    def _changed_policy(self) -> Cause:
        """The first policy that only one version has: the change is about absent pods alone."""
        for answer, other, is_new in ((self._new, self._old, True), (self._old, self._new, False)):
            known = {content_of(one) for one in other.reach.policies.items}
            for policy in answer.reach.policies.items:
                if content_of(policy) not in known:
                    return Cause(policy.object, "metadata.name", f"{policy.object} changed", is_new)
        raise AssertionError("connections of absent pods change where a policy or a namespace does")

    @cached_property
    def _later_objects(self) -> dict[str, Object]:
        """The objects of the later version by kind and name."""
        return {str(item): item for item in self._new.unit.objects}

    def _compare_labels(self, *numbers: int) -> Iterator[Cause]:
        """Labels of peers and of their namespaces that changed, of those that policies look at."""
        for number in dict.fromkeys(numbers):
            if number >= self._common.first_absent:
                pods = self._common.versions.absent[number - self._common.first_absent]
                yield from self._compare_namespace(pods.namespace)
            if number >= self._common.first_source:
                continue
            was, now = (self._find_workload(answer, number) for answer in (self._old, self._new))
            if was is None or now is None:
                continue
            keys = self._old.reach.policies.seen().keys | self._new.reach.policies.seen().keys
            yield from _describe_relabelling(
                now,
                now.template.labels.path,
                _select_known(was.template.labels, keys),
                _select_known(now.template.labels, keys),
            )
            yield from self._compare_namespace(namespace_of(now))

    def _compare_namespace(self, name: str) -> Iterator[Cause]:
        """What changed in the labels of a namespace."""
        labels = [namespace_labels(answer.unit).get(name, {}) for answer in (self._old, self._new)]
        item = next(
            (one for one in self._new.unit.of(Namespace) if one.name is not None and encode(one.name) == name), None
        )
        if labels[0] and labels[1] and item is not None:
            yield from _describe_relabelling(item, "metadata.labels", *labels)

    def _choose_pairs(self, change: ConnectionChange) -> list[tuple[int, int]]:
        """Pairs of different peers of the change: one for each of the first sources, one for each destination."""
        sources, destinations = list(list_members(change.sources)), list(list_members(change.destinations))
        found = [*zip(sources[:MANY], cycle(destinations)), *zip(cycle(sources), destinations[:MANY])]
        different = [
            pair for pair in dict.fromkeys(found) if pair[0] != pair[1] or pair[0] >= self._common.first_absent
        ]
        return different or [next((one, other) for one in sources for other in destinations if one != other)]

    def _compare_workloads(self, *numbers: int) -> Iterator[Cause]:
        """Workloads that are in one version only are cause enough."""
        for number in numbers:
            if number >= self._common.first_source:
                continue
            shown = self._common.shown[number]
            sides = [self._find_workload(answer, number) for answer in (self._old, self._new)]
            if sides[0] is None and sides[1] is not None:
                yield Cause(sides[1], "metadata.name", f"workload {shown} added", is_new=True)
            elif sides[1] is None and sides[0] is not None:
                yield Cause(sides[0], "metadata.name", f"workload {shown} removed", is_new=False)

    def _find_workload(self, answer: ReachResult, number: int) -> Workload | None:
        wanted = self._common.shown[number]
        return answer.names.workloads.get(wanted) or answer.names.workloads.get(wanted._replace(stopped=True))

    def _compare_entries(self, destination: int) -> Iterator[Cause]:
        """Entries that lead to a workload in one version only."""
        entries = []
        for answer in (self._old, self._new):
            item = self._find_workload(answer, destination)
            entries.append(
                {(str(one.object), one.ports): one for one in answer.entries.all if one.endpoint.workload is item}
            )
        for at, other, verb in ((0, 1, "led"), (1, 0, "leads")):
            for key, entry in entries[at].items():
                if key not in entries[other]:
                    sentence = f"{entry.object} {verb} to it through {entry.service} on {format_ports(entry.ports)}"
                    yield Cause(entry.object, entry.path, sentence, is_new=at == 1)

    def _explain_pair(self, answer: ReachResult, source: int, destination: int) -> Explanation | None:
        if source == self._common.controller:
            return self._from_controller(answer, destination)
        start, end = self._find_node(answer, source, "Ingress"), self._find_node(answer, destination, "Egress")
        return None if start is None or end is None else explain(answer.reach, start, end)

    def _from_controller(self, answer: ReachResult, destination: int) -> Explanation | None:
        """From a place where the ingress controller may run, one that lets it in where there is one."""
        shown = self._common.shown[destination]
        pods = answer.names.endpoints.get(shown) or answer.names.endpoints.get(shown._replace(stopped=True), ())
        place = answer.placements.of(pods[0]).shown_by if pods else None
        reach = answer.placements.reach
        return None if place is None else explain(reach, place, reach.class_of[pods[0]])

    def _find_node(self, answer: ReachResult, number: int, direction: Direction) -> int | None:
        """The node of a peer in one version; None where it is not there."""
        if number < self._common.first_source or number >= self._common.first_absent:
            return self._common.node(answer, number)
        one, index = self._common.range_of(number), answer.reach.index
        pieces = ((at, index.range_of(at)) for at in index.numbers(direction))
        return next((at for at, piece in pieces if piece[0] <= one[0] and one[1] <= piece[1]), None)


def _select_known(labels: Labels, keys: frozenset[str]) -> dict[str, str]:
    return {key: encode(value) for key, value in labels.entries.items() if key in keys}


def _describe_relabelling(item: Object, path: str, was: dict[str, str], now: dict[str, str]) -> Iterator[Cause]:
    """The cause that labels of an object changed, if they did."""
    if was == now:
        return
    lost = [f"{key}={display(value)}" for key, value in sorted(was.items()) if now.get(key) != value]
    won = [f"{key}={display(value)}" for key, value in sorted(now.items()) if was.get(key) != value]
    changes = [*(f"-{one}" for one in lost), *(f"+{one}" for one in won)]
    yield Cause(item, path, f"labels of {item} changed: {' '.join(changes)}", is_new=True)


def _find_decisive(
    before: Explanation, after: Explanation, ports: PortSet, named: Mapping[int, str]
) -> Iterator[Cause]:
    """Rules and policies that speak of the changed ports in one version only."""
    was, now = dict(_list_judgements(before, ports, named)), dict(_list_judgements(after, ports, named))
    yield from (cause._replace(is_new=True) for key, cause in now.items() if key not in was)
    yield from (cause for key, cause in was.items() if key not in now)


def _list_judgements(found: Explanation, ports: PortSet, named: Mapping[int, str]) -> Iterator[tuple[Key, Cause]]:
    """The policies and rules that speak of some ports, each with what tells it from others."""
    for side in (found.egress, found.ingress):
        for judgement in side.judgements:
            policy = judgement.policy
            if policy.tier is Tier.NAMESPACE:
                yield _describe_isolation(policy, side.direction)
            for hit in judgement.hits:
                typed = intersection(hit.decided, ports)
                if typed:
                    yield _describe_rule(policy, hit, side.direction, format_ports(typed, named))


def _describe_isolation(policy: CompiledPolicy, direction: Direction) -> tuple[Key, Cause]:
    sentence = f"{policy.object} isolates for {direction.lower()}"
    return (str(policy.object), direction, "", ""), Cause(policy.object, "spec.podSelector", sentence, is_new=False)


def _describe_rule(policy: CompiledPolicy, hit: RuleMatch, direction: Direction, typed: str) -> tuple[Key, Cause]:
    verb = {"Allow": "allows", "Deny": "denies", "Pass": "passes on"}[hit.rule.action]
    rule = hit.rule.path.removeprefix("spec.")
    sentence = f"{policy.object}, {rule}, {verb} {typed}"
    return (str(policy.object), direction, verb, typed), Cause(policy.object, hit.rule.path, sentence, is_new=False)
