"""Whether a Service has pods behind it."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.graph import Graph
from kubeqed.graph.missing_pods import missing_pods
from kubeqed.model.service import Service
from kubeqed.prove.answer import HOLDS, Verdict
from kubeqed.prove.decide import decide
from kubeqed.prove.facts import elsewhere, same_namespace
from kubeqed.prove.formula import And, Fact, Holds, Or
from kubeqed.prove.missing_answer import MissingAnswer
from kubeqed.prove.selected import selected


class ServiceSelectsPods(NamedTuple):
    """The selector of a Service matches the pods of some workload of its namespace. A Service without one holds."""

    service: Service

    def answer(self, graph: Graph) -> MissingAnswer:
        """Depends, in an open world, on pods that nobody sees."""
        service = self.service
        if not service.has_selector:
            return MissingAnswer(HOLDS)
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
                    Holds(elsewhere(graph.unit, f"a workload outside the manifests read that {service} selects")),
                )
            )
        )
        missing = None if found or decision.verdict is Verdict.HOLDS else missing_pods(graph, service)
        return MissingAnswer(decision, missing)
