"""Whether a StatefulSet's governing Service is there, is headless, and selects its pods.

Each pod of a StatefulSet has a DNS name only while the Service named by `serviceName` stands in its namespace, is
headless and selects the pod: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from kubeqed.model.kinds.service import HEADLESS, Service
from kubeqed.model.kinds.statefulset import StatefulSet
from kubeqed.prove.clauses.missing_answer import MissingAnswer
from kubeqed.prove.clauses.named_object import candidates, find_named, is_named
from kubeqed.prove.clauses.selects import is_external_name, selects_formula
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision, Verdict
from kubeqed.prove.engine.decide import first_fault
from kubeqed.prove.engine.facts import make_fact
from kubeqed.prove.engine.formula import And, Equal, Formula, Not, Or, implies
from kubeqed.resolve import Resolver


class GoverningAnswer(Answer):
    """What is wrong with a governing Service; `service` is the one that is, None when none is."""

    def __init__(self, decision: Decision, service: Service | None = None) -> None:
        super().__init__(decision)
        self._service = service

    @property
    def service(self) -> Service:
        """The Service at fault; LookupError when the property holds."""
        if self._service is None:
            raise LookupError("no governing Service is at fault")
        return self._service

    @property
    def path(self) -> str:
        """The path of the selector's entry at fault, or of the selector."""
        places = (fact.place for fact in self.facts if fact.place and fact.place.object == self.service.key)
        return next((place.path for place in places if place.path.startswith("spec.selector")), "spec.selector")


class GoverningServiceExists(NamedTuple):
    """The Service that `serviceName` names stands in the StatefulSet's namespace. Without a name it holds."""

    statefulset: StatefulSet

    def answer(self, graph: Resolver) -> MissingAnswer:
        """Depends, in an open world, on objects outside the input."""
        reference = next(self.statefulset.references(), None)
        return MissingAnswer(HOLDS) if reference is None else find_named(graph, reference)


class GoverningServiceHeadless(NamedTuple):
    """The governing Service, where there is one, is headless, which an ExternalName is not."""

    statefulset: StatefulSet

    def answer(self, graph: Resolver) -> GoverningAnswer:
        """Fails at the first Service that is named and has a cluster IP."""
        return _first_fault(graph, self.statefulset, _headless_formula)


class GoverningServiceSelectsPods(NamedTuple):
    """The governing Service, where there is one with a selector, selects the pods of the StatefulSet."""

    statefulset: StatefulSet

    def answer(self, graph: Resolver) -> GoverningAnswer:
        """Fails at the first Service that is named and selects other pods."""
        return _first_fault(graph, self.statefulset, _selection_formula)


class GovernsItsPods(NamedTuple):
    """A Service selects the pods of every StatefulSet that surely names it as its governing Service."""

    service: Service

    def answer(self, graph: Resolver) -> Answer:
        """Fails when it surely selects other pods than those of one."""
        named = (reference.source for reference in graph.references_to(self.service))
        for statefulset in named:
            if isinstance(statefulset, StatefulSet) and self._selects_others(graph, statefulset):
                return Answer(Decision(Verdict.FAILS))
        return Answer(HOLDS)

    def _selects_others(self, graph: Resolver, statefulset: StatefulSet) -> bool:
        answer = GoverningServiceSelectsPods(statefulset).answer(graph)
        return answer.fails and answer.service is self.service


def _first_fault(
    graph: Resolver, statefulset: StatefulSet, should_be: Callable[[Resolver, StatefulSet, Service], Formula]
) -> GoverningAnswer:
    cases = (
        (service, sure, implies(is_named(reference, service), should_be(graph, statefulset, service)))
        for reference in statefulset.references()
        for service, sure in candidates(graph, reference)
        if isinstance(service, Service)
    )
    return GoverningAnswer(*first_fault(cases))


def _headless_formula(_: Resolver, _statefulset: StatefulSet, service: Service) -> Formula:
    headless = Equal(make_fact(service, "spec.clusterIP", service.cluster_ip), HEADLESS)
    return And((Not(is_external_name(service)), headless))


def _selection_formula(graph: Resolver, statefulset: StatefulSet, service: Service) -> Formula:
    if not service.has_selector:
        return And(())
    return Or((is_external_name(service), selects_formula(graph, service, statefulset)))
