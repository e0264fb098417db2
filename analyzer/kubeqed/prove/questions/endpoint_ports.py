"""Whether addresses that are written by hand belong to the ports of their Service.

The name joins the two: https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kubeqed.model.kinds.endpoints import Endpoints
from kubeqed.model.kinds.endpointslice import EndpointPort, EndpointSlice
from kubeqed.model.kinds.service import Service, ServicePort
from kubeqed.model.values.match import Match, same_value
from kubeqed.parse import Place, Unknown
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision
from kubeqed.prove.engine.decide import decide
from kubeqed.prove.engine.facts import elsewhere_unknown, make_fact, nothing_more_fact
from kubeqed.prove.engine.formula import Equal, Formula, Holds, Or
from kubeqed.resolve import Resolver

Written = EndpointSlice | Endpoints


class EndpointPortAnswer(Answer):
    """Whether addresses are there for a port; `strays` are ports of the endpoints that belong to none of the Service."""

    def __init__(self, decision: Decision, strays: tuple[tuple[Written, EndpointPort], ...] = ()) -> None:
        super().__init__(decision)
        self.strays = strays

    @property
    def place(self) -> Place:
        """Where the name of the first stray stands."""
        written, port = self.strays[0]
        return written.at(f"{port.path}.name")


class EndpointPortNamed(NamedTuple):
    """The endpoints of a Service without a selector, where some are seen, have a port of the name of one of the Service's."""

    service: Service
    entry: ServicePort

    def answer(self, graph: Resolver) -> EndpointPortAnswer:
        """Depends on endpoints that stand elsewhere. Holds where all that are seen belong to other ports."""
        service, entry = self.service, self.entry
        written = _by_service(graph).get(service, [])
        own = [_name_of(one) for one in service.ports]
        ports = [(item, port) for item in written for port in item.ports]
        strays = [one for one in ports if all(same_value(one[1].name, name) is Match.NO for name in own)]
        if service.has_selector or service.is_external_name or not strays:
            return EndpointPortAnswer(HOLDS)
        name = make_fact(service, f"{entry.path}.name", _name_of(entry))
        has: list[Formula] = [Equal(name, make_fact(item, f"{port.path}.name", port.name)) for item, port in ports]
        rest = [Holds(nothing_more_fact(item, "ports", item.ports)) for item in written]
        other = Holds(elsewhere_unknown(graph.unit, f"endpoints of {service} outside the manifests read"))
        return EndpointPortAnswer(decide(Or((*has, *rest, other))), tuple(strays))


def has_written(graph: Resolver, service: Service) -> bool:
    """Whether endpoints of a unit surely belong to a Service."""
    return service in _by_service(graph)


def describe_name(name: str | Unknown | None) -> str:
    """The name of a port in words."""
    return "a port without a name" if name is None or (isinstance(name, str) and not name) else f"port {name}"


def _name_of(entry: ServicePort) -> str | Unknown:
    return "" if entry.name is None else entry.name


@lru_cache(maxsize=2)  # asked for each port of a unit
def _by_service(graph: Resolver) -> dict[Service, list[Written]]:
    """The endpoints that surely belong to a Service of the unit."""
    return {service: found for service in graph.unit.of(Service) if (found := list(_list_written(graph, service)))}


def _list_written(graph: Resolver, service: Service) -> Iterator[Written]:
    written: tuple[Written, ...] = (*graph.unit.of(EndpointSlice), *graph.unit.of(Endpoints))
    for item in written:
        named = isinstance(item.service, str) and same_value(item.service, service.name) is Match.YES
        if named and same_value(item.namespace, service.namespace) is Match.YES:
            yield item
