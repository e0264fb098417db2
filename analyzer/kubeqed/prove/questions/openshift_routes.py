"""Whether a Route of OpenShift leads to a Service that there is, and to a port of it.

A port by name is that of the endpoints, which have the names of the Service's ports; a number is one of the pods, which need not
declare it: https://docs.redhat.com/en/documentation/openshift_container_platform/4.17/html/network_apis/route-route-openshift-io-v1
"""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.diagnostic import list_some
from kubeqed.model.kinds.route import Route, RouteBackend
from kubeqed.model.kinds.service import Service
from kubeqed.model.values.known import equals
from kubeqed.prove.clauses.missing_answer import MissingAnswer
from kubeqed.prove.clauses.named_object import candidates, find_named, is_named
from kubeqed.prove.clauses.port_answer import MissingPortAnswer
from kubeqed.prove.engine.answer import HOLDS
from kubeqed.prove.engine.decide import first_fault
from kubeqed.prove.engine.facts import make_fact, nothing_more_fact
from kubeqed.prove.engine.formula import Equal, Formula, Holds, Or, implies
from kubeqed.resolve import Resolver

_MOST = 16  # that a message names


class RouteServiceExists(NamedTuple):
    """The Service to which a Route leads stands in its namespace. A backend of weight 0 holds."""

    route: Route
    backend: RouteBackend

    def answer(self, graph: Resolver) -> MissingAnswer:
        """Depends, in an open world, on objects outside the input."""
        reference = self.route.to_service(self.backend)
        unused = equals(self.backend.weight, 0)
        return MissingAnswer(HOLDS) if reference is None or unused else find_named(graph, reference)


class PortNameAnswer(MissingPortAnswer):
    """Whether a Service has a port of a name."""

    @property
    def names(self) -> str:
        """What the ports of the Service are called."""
        return list_some([str(entry.name) for entry in self.service.ports if entry.name is not None], _MOST)


class RoutePortNamed(NamedTuple):
    """The Service to which a Route leads, where it is seen, has a port of the name that the Route gives."""

    route: Route
    backend: RouteBackend

    def answer(self, graph: Resolver) -> PortNameAnswer:
        """Fails at the first Service that is named and has no such port. Holds for numbers."""
        reference = self.route.to_service(self.backend)
        if reference is None or not isinstance(self.route.target_port, str):
            return PortNameAnswer(HOLDS)
        cases = (
            (item, sure, implies(is_named(reference, item), self._has_port(item)))
            for item, sure in candidates(graph, reference)
            if isinstance(item, Service) and item.ports.items
        )
        return PortNameAnswer(*first_fault(cases))

    def _has_port(self, service: Service) -> Formula:
        wanted = make_fact(self.route, "spec.port.targetPort", self.route.target_port)
        has = (Equal(wanted, make_fact(service, f"{entry.path}.name", entry.name)) for entry in service.ports)
        return Or((*has, Holds(nothing_more_fact(service, "spec.ports", service.ports))))
