"""Whether a Service has pods behind it."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.graph import Graph
from kubeqed.graph.missing import Missing
from kubeqed.graph.missing_pods import missing_pods
from kubeqed.model.service import Service
from kubeqed.prove.answer import HOLDS, Answer, Decision, Verdict
from kubeqed.prove.decide import decide
from kubeqed.prove.facts import elsewhere, same_namespace
from kubeqed.prove.formula import And, Fact, Holds, Or
from kubeqed.prove.selected import selected


class SelectsAnswer(Answer):
    """Whether a Service selects pods; when it surely selects none of the unit, what can be said of that."""

    def __init__(self, decision: Decision, missing: Missing | None = None) -> None:
        super().__init__(decision)
        self.missing = missing


class ServiceSelectsPods(NamedTuple):
    """The selector of a Service matches the pods of some workload of its namespace. A Service without one holds."""

    service: Service

    def answer(self, graph: Graph) -> SelectsAnswer:
        """Depends, in an open world, on pods that nobody sees."""
        service = self.service
        if not service.has_selector:
            return SelectsAnswer(HOLDS)
        found = [workload for workload, _ in graph.selected_by(service)]
        selector = service.selector
        none_else = Fact(
            False, f"no other workload of the unit {graph.unit.root} wears these labels", service.at(selector.path)
        )
        decision = decide(
            Or(
                (
                    *(And((same_namespace(service, item), selected(service, selector, item))) for item in found),
                    Holds(none_else),
                    Holds(elsewhere(graph.unit, f"pods that {service} selects")),
                )
            )
        )
        missing = None if found or decision.verdict is Verdict.HOLDS else missing_pods(graph, service)
        return SelectsAnswer(decision, missing)
