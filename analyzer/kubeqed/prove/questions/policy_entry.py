"""Whether the pods of a NetworkPolicy are those at which traffic from outside arrives."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.model.kinds.service import Service
from kubeqed.prove.clauses.led_to import select_pods
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision, Verdict
from kubeqed.resolve import Resolver


class EntryExpected(NamedTuple):
    """Some pod that a policy applies to stands behind a Service that the outside comes in by."""

    policy: NetworkPolicy

    def answer(self, graph: Resolver) -> Answer:
        """Holds when one is found; a matter of custom, so it fails without facts."""
        services = (service for pod in select_pods(graph, self.policy) for service in graph.services_of(pod))
        return Answer(HOLDS if any(_is_entered(graph, one) for one in services) else Decision(Verdict.FAILS))


def _is_entered(graph: Resolver, service: Service) -> bool:
    """Whether a Service has an address outside, or an entry leads to it."""
    outside = not isinstance(service.type, str) or service.type in ("LoadBalancer", "NodePort")
    return outside or bool(service.external_ips.items) or any(True for _ in graph.references_to(service))
