"""Two versions of a unit, both asked about the same pods: those that manifests show, and those that none shows.

Where nothing that policies look at differs there are no absent pods to ask about: they are as before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from kubeqed.reach.algebra.ports import PROTOCOLS
from kubeqed.reach.algebra.terms import PodTerm
from kubeqed.reach.namespaces import namespace_labels
from kubeqed.reach.peer import Peer
from kubeqed.reach.policy.compiled import CompiledPolicy, CompiledRule
from kubeqed.reach.query.absent.named_ports import number_port_names
from kubeqed.reach.query.absent.pods import AbsentPod, AbsentPods
from kubeqed.reach.query.answer import ReachResult
from kubeqed.reach.topology.classes import ClassKey, key_of_absent_pod

MOST_CUBES = 2000  # of the labels in one namespace
MOST_PODS = 20_000  # beside 16,000 Deployments, 16,001 kinds of pods took a tenth more time and 280 MB

Content = tuple[object, ...]


class Versions:
    """The answers about both versions, with the same absent pods.

    `exact` is False where there are too many ways in which policies may treat a pod to look at all of them: then only
    the policies that differ say which pods there may be, or each of their selectors by itself. `named` are numbers of
    ports that stand for a name: an absent pod may have it on any.
    """

    def __init__(self, old: ReachResult, new: ReachResult) -> None:
        self._pair = (old, new)
        self.exact = True
        self.absent: list[AbsentPod] = []
        self.spaces: dict[str, dict[str, str]] = {}
        if not _is_same(old, new):
            self._imagine_pods()
        self.named = number_port_names((old.reach.policies, new.reach.policies)) if self.absent else {}
        self.old, self.new = (self._with_absent(answer) for answer in self._pair)

    def classes_of(self, answer: ReachResult) -> list[int]:
        """The class of each absent pod in one of both answers."""
        return self._classes[answer is self.new]

    def absent_in(self, answer: ReachResult, number: int) -> list[int]:
        """Which absent pods, by their place in `absent`, are in a class of one of both answers."""
        return self._members[answer is self.new].get(number, [])

    @cached_property
    def _classes(self) -> tuple[list[int], list[int]]:
        return self._number_classes(self.old), self._number_classes(self.new)

    def _number_classes(self, answer: ReachResult) -> list[int]:
        classes = {one.key: at for at, one in enumerate(answer.reach.classes)} if self.absent else {}
        return [classes[key] for key in self._list_keys(answer)]

    @cached_property
    def _members(self) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
        found: tuple[dict[int, list[int]], dict[int, list[int]]] = ({}, {})
        for numbers, mine in zip(self._classes, found, strict=True):
            for at, number in enumerate(numbers):
                mine.setdefault(number, []).append(at)
        return found

    def _imagine_pods(self) -> None:
        """Works out which absent pods the policies of the two versions tell apart."""
        old, new = self._pair
        spaces = namespace_labels(old.unit), namespace_labels(new.unit)
        found = AbsentPods(_list_terms(_list_policies(old, new)), *spaces, MOST_CUBES)
        if len(found.all) > MOST_PODS:
            found = AbsentPods(_list_terms(_list_changed(old, new)), *spaces, MOST_CUBES)
            self.exact = False
        self.absent, self.spaces = found.all[:MOST_PODS], found.spaces
        self.exact = self.exact and found.exact

    def _with_absent(self, answer: ReachResult) -> ReachResult:
        return answer.with_absent(self._list_keys(answer), self.spaces) if self.absent else answer

    def _list_keys(self, answer: ReachResult) -> list[ClassKey]:
        ports = [(name, protocol, number) for number, name in self.named.items() for protocol in PROTOCOLS]
        return [key_of_absent_pod(one.namespace, one.labels, ports, answer.reach.seen) for one in self.absent]


def content_of(policy: CompiledPolicy) -> Content:
    """What a policy says, wherever it stands and whatever its rules are called."""
    return (
        policy.tier,
        policy.priority,
        policy.subject,
        _content_of_rules(policy.ingress),
        _content_of_rules(policy.egress),
    )


def _content_of_rules(rules: tuple[CompiledRule, ...] | None) -> Content | None:
    return None if rules is None else tuple((one.action, one.peers, one.ports) for one in rules)


def _is_same(old: ReachResult, new: ReachResult) -> bool:
    """Whether policies, namespaces and pods are the same to whoever only looks at what policies look at."""
    if [content_of(one) for one in old.reach.policies.items] != [content_of(one) for one in new.reach.policies.items]:
        return False
    return namespace_labels(old.unit) == namespace_labels(new.unit) and _key_pods(old) == _key_pods(new)


def _key_pods(answer: ReachResult) -> dict[Peer, ClassKey]:
    classes = answer.reach.classes
    return {peer.identity: classes[number].key for peer, number in answer.names.classes.items()}


def _list_policies(old: ReachResult, new: ReachResult) -> list[CompiledPolicy]:
    return [*old.reach.policies.items, *new.reach.policies.items]


def _list_changed(old: ReachResult, new: ReachResult) -> list[CompiledPolicy]:
    """The policies that only one version has."""
    contents = [{content_of(one) for one in answer.reach.policies.items} for answer in (old, new)]
    both = contents[0] & contents[1]
    return [one for one in _list_policies(old, new) if content_of(one) not in both]


def _list_terms(policies: Iterable[CompiledPolicy]) -> Iterator[PodTerm]:
    for policy in policies:
        yield policy.subject
        for rule in (*(policy.ingress or ()), *(policy.egress or ())):
            yield from (term for term in rule.peers or () if isinstance(term, PodTerm))
