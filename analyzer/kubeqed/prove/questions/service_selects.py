"""Whether a Service has pods behind it."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.service import SERVICE_NAME, Service
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.values.match import Match, same_value
from kubeqed.parse import Unknown
from kubeqed.prove.clauses.missing_answer import MissingAnswer
from kubeqed.prove.clauses.named_object import has_enough
from kubeqed.prove.clauses.run_time_labels import is_given_at_run_time
from kubeqed.prove.clauses.selects import is_external_name, selects_formula
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision, Verdict
from kubeqed.prove.engine.decide import decide
from kubeqed.prove.engine.facts import elsewhere_unknown, same_namespace
from kubeqed.prove.engine.formula import And, Fact, Holds, Or
from kubeqed.resolve import Resolver
from kubeqed.resolve.missing.pods import explain_missing_pods
from kubeqed.resolve.missing.reference import MissingReference
from kubeqed.resolve.selection import pod_label


class PodsExpected(NamedTuple):
    """The unit, or what lies around it, is where the pods of a Service should be seen.

    Not so where there is no workload at all, where addresses are written by hand, and where the labels are those of the
    control plane or are given to pods while they run (a leader, an active standby).
    """

    service: Service

    def answer(self, graph: Resolver) -> Answer:
        """Holds when pods are expected; a matter of custom, so it fails without facts."""
        service = self.service
        workloads = graph.input.neighbourhood(graph.unit)
        custom = any(is_given_at_run_time(key, value) for key, value in service.selector.labels.entries.items())
        expected = bool(workloads) and not custom and not _addressed_by_hand(graph, service)
        return Answer(HOLDS if expected else Decision(Verdict.FAILS))


class PodsAnswer(MissingAnswer):
    """Whether there are pods; `entry` is where the selector is at fault."""

    def __init__(self, service: Service, decision: Decision, missing: MissingReference | None = None) -> None:
        super().__init__(decision, missing)
        self._service = service

    @property
    def entry(self) -> str:
        """The path of the first entry that the pods probably meant do not have; without such pods, of the first."""
        labels = self._service.selector.labels
        candidate = self.missing.candidate if self.missing else None
        pods = candidate.object if candidate else None
        keys = list(labels.entries)
        if isinstance(pods, Workload):
            keys = [key for key in keys if _lacks_label(pods, key, labels.entries[key])] or keys
        return labels.path_of(keys[0]) if keys else labels.path


class ServiceSelectsPods(NamedTuple):
    """The selector of a Service matches the pods of some workload of its namespace. A Service without one holds."""

    service: Service

    def answer(self, graph: Resolver) -> PodsAnswer:
        """Depends, in an open world, on pods outside the input."""
        service = self.service
        if not service.has_selector:
            return PodsAnswer(service, HOLDS)
        found = has_enough(graph.list_selected(service))
        none_else = Fact(
            False,
            f"no other workload of the unit {graph.unit.root} has these labels",
            service.at(service.selector.path),
        )
        decision = decide(
            Or(
                (
                    *(And((same_namespace(service, item), selects_formula(graph, service, item))) for item in found),
                    Holds(none_else),
                    is_external_name(service),
                    Holds(
                        elsewhere_unknown(graph.unit, f"a workload outside the manifests read that {service} selects")
                    ),
                )
            )
        )
        missing = None if found or decision.verdict is Verdict.HOLDS else explain_missing_pods(graph, service)
        return PodsAnswer(service, decision, missing)


def _lacks_label(pods: Workload, key: str, value: str | Unknown) -> bool:
    """Whether no pod has the label; one with a number that there is not counts, as that is what the selector lacks."""
    ordinals = pods.ordinals
    return (ordinals is not None and key in ordinals.prefixes) or same_value(value, pod_label(pods, key)) is Match.NO


def _may_share_namespace(item: Object, service: Service) -> bool:
    return same_value(item.namespace, service.namespace) is not Match.NO


def _addressed_by_hand(graph: Resolver, service: Service) -> bool:
    endpoints, slices = graph.of_kind(("", "Endpoints")), graph.of_kind(("discovery.k8s.io", "EndpointSlice"))
    named = [
        *((item, item.name) for item in endpoints),
        *((item, item.labels.entries.get(SERVICE_NAME, item.labels.more)) for item in slices),
    ]
    return any(
        same_value(name, service.name) is not Match.NO and _may_share_namespace(item, service) for item, name in named
    )
