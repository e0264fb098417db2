"""What leads requests to a Service and may dial its external name itself, without asking the DNS of the cluster."""

from __future__ import annotations

from kubeqed.model.kinds.builtin import BUILTIN
from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.service import Service
from kubeqed.model.values.match import Match
from kubeqed.parse import Mapping, Sequence, Value
from kubeqed.resolve import Resolver


def find_router(graph: Resolver, service: Service) -> Object | None:
    """The first object that may lead requests to the Service: an Ingress or a route, or a custom resource with its name in a field."""
    for reference in graph.references_to(service, also=Match.UNDECIDED):
        return reference.source
    name = service.name
    customs = (item for item in graph.unit.objects if (item.group, item.kind) not in BUILTIN)
    return next((item for item in customs if isinstance(name, str) and _holds_text(item.identity.root, name)), None)


def _holds_text(node: Value, text: str) -> bool:
    """Whether a text stands anywhere in a value tree."""
    left: list[Value] = [node]
    seen: set[int] = set()  # aliases make one node stand in several places
    while left:
        value = left.pop()
        if isinstance(value, str) and value == text:
            return True
        if isinstance(value, Mapping | Sequence) and id(value) not in seen:
            seen.add(id(value))
            left += value.values() if isinstance(value, Mapping) else value
    return False
