"""Whether addresses that are written by hand belong to a Service that there is.

https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors
"""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.kinds.endpoints import Endpoints
from kubeqed.model.kinds.endpointslice import EndpointSlice
from kubeqed.model.kinds.object import ObjectReference
from kubeqed.model.kinds.service import SERVICE_NAME, Service
from kubeqed.prove.clauses.missing_answer import MissingAnswer
from kubeqed.prove.clauses.named_object import find_named
from kubeqed.prove.engine.answer import HOLDS
from kubeqed.prove.questions.endpoint_ports import has_written
from kubeqed.resolve import Resolver


class EndpointsServiceExists(NamedTuple):
    """The Service to which written addresses belong stands in their namespace."""

    written: EndpointSlice | Endpoints

    @property
    def path(self) -> str:
        """The field that names the Service."""
        item = self.written
        return item.labels.path_of(SERVICE_NAME) if isinstance(item, EndpointSlice) else "metadata.name"

    def answer(self, graph: Resolver) -> MissingAnswer:
        """Fails only where a Service without selector and addresses has nearly this name: objects of these kinds serve other ends, too."""
        name = self.written.service
        if name is None:
            return MissingAnswer(HOLDS)
        answer = find_named(
            graph, ObjectReference(self.written, self.path, ("", "Service"), self.written.namespace, name)
        )
        found = answer.missing.candidate if answer.missing and answer.is_likely_a_mistake else None
        meant = found.object if found else None
        without = isinstance(meant, Service) and not meant.has_selector and not has_written(graph, meant)
        return answer if without else MissingAnswer(HOLDS)


def list_endpoints(graph: Resolver) -> list[EndpointSlice | Endpoints]:
    """The addresses of a unit that are written by hand."""
    return [*graph.unit.of(EndpointSlice), *graph.unit.of(Endpoints)]
