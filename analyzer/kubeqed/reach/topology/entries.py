"""Entries: Ingresses, Routes and routes of Gateways in front of Services, and the pods that get their traffic.

The source is the controller: its real pods where they stand in the unit (then their connections are in the list like
those of any pods), else one peer that stands for it, of which `Placements` says where it may run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from kubeqed.model.kinds.gatewayroute import BackendReference, GatewayRoute
from kubeqed.model.kinds.ingress import Ingress, ServiceBackend
from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.route import Route
from kubeqed.model.kinds.service import Service, ServicePort
from kubeqed.model.units.unit import Unit
from kubeqed.parse import Unknown
from kubeqed.reach.algebra.ports import EMPTY, PortSet, union
from kubeqed.reach.algebra.tokens import encode
from kubeqed.reach.namespaces import namespace_of
from kubeqed.reach.policy.assumptions import SPECIFICATION, Assumptions
from kubeqed.reach.policy.compiled import Caveat
from kubeqed.reach.topology.classes import ClassKey
from kubeqed.reach.topology.controllers import Candidates, Controllers
from kubeqed.reach.topology.endpoints import Endpoint
from kubeqed.reach.topology.gateways import Gateways, is_gateway
from kubeqed.reach.topology.services import Services

CONTROLLER = ClassKey("ingress-controller-ns", (), (), True, ())


class EntryPath(NamedTuple):
    """One backend of an entry: `object` at `path` leads to `endpoint` through `service`, from `origin`."""

    object: Object
    path: str
    service: Service
    endpoint: Endpoint
    ports: PortSet
    origin: EntrySource

    @property
    def sources(self) -> tuple[Endpoint, ...]:
        """The real pods of the controller; none where it is outside the unit."""
        return self.origin.pods


class EntrySource(NamedTuple):
    """Who sends the traffic of an entry: pods of the unit, else whichever of some controllers; without one any may."""

    pods: tuple[Endpoint, ...] = ()
    candidates: Candidates = ()


class EntryPaths:
    """All entries of a unit."""

    def __init__(
        self, unit: Unit, endpoints: list[Endpoint], services: Services, assumptions: Assumptions = SPECIFICATION
    ) -> None:
        self.caveats: list[Caveat] = []
        self._unit = unit
        self._endpoints = endpoints
        self._services = services
        self._assumptions = assumptions

    @cached_property
    def all(self) -> list[EntryPath]:
        """The entries, in order of the objects."""
        if not is_entry(self._unit):
            return []
        controllers = Controllers(self._unit, self._endpoints, self._assumptions)
        found: list[EntryPath] = []
        for ingress in self._unit.of(Ingress):
            origin = EntrySource(tuple(controllers.serving(ingress)), controllers.outside(ingress))
            if self._is_served(ingress, origin):
                found += self._of_ingress(ingress, origin)
        for route in self._unit.of(Route):
            origin = EntrySource(tuple(controllers.of_routes()), controllers.outside_for_routes())
            if self._is_served(route, origin):
                found += self._of_route(route, origin)
        if self._unit.of(GatewayRoute):
            gateways = Gateways(self._unit, self._endpoints)
            for attached in self._unit.of(GatewayRoute):
                found += self._of_gateway_route(gateways, controllers, attached)
        return found

    @cached_property
    def outside(self) -> dict[Endpoint, PortSet]:
        """What the ingress controller outside the unit dials, whatever policies say."""
        found: dict[Endpoint, PortSet] = {}
        for dialled in self.outside_by_controller.values():
            for endpoint, ports in dialled.items():
                found[endpoint] = union(found.get(endpoint, EMPTY), ports)
        return found

    @cached_property
    def outside_by_controller(self) -> dict[Candidates, dict[Endpoint, PortSet]]:
        """What each of the controllers outside the unit dials, by those that it may be."""
        found: dict[Candidates, dict[Endpoint, PortSet]] = {}
        for entry in self.all:
            if not entry.sources:
                dialled = found.setdefault(entry.origin.candidates, {})
                dialled[entry.endpoint] = union(dialled.get(entry.endpoint, EMPTY), entry.ports)
        return found

    def _is_served(self, item: Object, origin: EntrySource) -> bool:
        is_served = bool(origin.pods) or self._assumptions.controllers != ()
        if not is_served:
            self._add_caveat(
                item, "spec", "no ingress controller is in the cluster, as the configuration says: it is left out"
            )
        return is_served

    def _of_gateway_route(
        self, gateways: Gateways, controllers: Controllers, route: GatewayRoute
    ) -> Iterator[EntryPath]:
        parents = list(gateways.attached(route))
        if not parents and any(is_gateway(parent) for parent in route.parents):
            self._add_caveat(route, "spec.parentRefs", "no listener of a Gateway admits it: it is left out")
        for _, gateway in parents:
            origin = EntrySource(tuple(gateways.pods(gateway)), controllers.outside_for_gateway(gateway))
            for backend in route.backends() if self._is_served(route, origin) else ():
                yield from self._of_backend(gateways, route, backend, origin)

    def _of_backend(
        self, gateways: Gateways, route: GatewayRoute, backend: BackendReference, origin: EntrySource
    ) -> Iterator[EntryPath]:
        if (isinstance(backend.weight, int) and backend.weight == 0) or not _is_service(backend):
            return
        if not gateways.granted(route, backend):
            self._add_caveat(route, backend.path, "no ReferenceGrant lets it name this backend: it is left out")
            return
        service = self._find_service(route, f"{backend.path}.name", backend.name, gateways.namespace(route, backend))
        if service is not None:
            typed = "UDP" if route.kind == "UDPRoute" else "TCP"
            called = self._services.ports_of(service).called(backend.port) if isinstance(backend.port, int) else ()
            chosen = [port for port in called if isinstance(port.protocol, str) and port.protocol == typed]
            if not chosen:
                text = _no_port(service, backend.port, f"{typed} port")
                self._add_caveat(route, backend.path, f"{text}: the backend is left out")
            yield from self._list_targets(route, backend.path, service, chosen, origin)

    def _of_ingress(self, ingress: Ingress, origin: EntrySource) -> Iterator[EntryPath]:
        for backend in ingress.backends():
            service = self._find_service(ingress, backend.name_path, backend.name)
            if service is not None:
                ports = self._services.ports_of(service)
                chosen = ports.called(backend.port)
                if not chosen:  # a mistake, but where a port leads shows what is meant
                    chosen = ports.leading_to(backend.port)
                    self._add_caveat(ingress, backend.port_path, _no_such_port(service, backend, chosen))
                yield from self._list_targets(ingress, backend.path, service, chosen, origin)

    def _of_route(self, route: Route, origin: EntrySource) -> Iterator[EntryPath]:
        for backend in route.backends():
            if isinstance(backend.weight, int) and backend.weight == 0:
                continue
            service = self._find_service(route, f"{backend.path}.name", backend.name)
            if service is not None:
                chosen = self._services.ports_of(service).of_route(route.target_port)
                yield from self._list_targets(route, backend.path, service, chosen, origin)

    def _find_service(
        self, item: Object, path: str, name: str | Unknown | None, namespace: str | None = None
    ) -> Service | None:
        """The Service that a backend names; a caveat says where there is none."""
        service = self._services.named(namespace or namespace_of(item), encode(name)) if name is not None else None
        if service is None:
            self._add_caveat(item, path, "there is no such Service in its namespace: the backend is left out")
        elif service.is_external_name:
            self._add_caveat(item, path, f"{service} names a host and no pods: the backend is left out")
            return None
        elif not self._services.backends(service):
            self._add_caveat(item, path, "the Service it names has no pods here: the backend is left out")
        return service

    def _list_targets(
        self, item: Object, path: str, service: Service, chosen: Sequence[ServicePort], origin: EntrySource
    ) -> Iterator[EntryPath]:
        for endpoint, ports in self._services.targets(service, chosen):
            yield EntryPath(item, path, service, endpoint, ports, origin)

    def _add_caveat(self, item: Object, path: str, text: str) -> None:
        self.caveats.append(Caveat(item, path, text))


def is_entry(unit: Unit) -> bool:
    """Whether a unit holds anything that lets traffic in."""
    return bool(unit.of(Ingress) or unit.of(Route) or unit.of(GatewayRoute))


def _is_service(backend: BackendReference) -> bool:
    group, kind = backend.group, backend.kind
    return isinstance(group, str) and isinstance(kind, str) and (group, kind) in (("", "Service"), ("core", "Service"))


def _no_such_port(service: Service, backend: ServiceBackend, chosen: Sequence[ServicePort]) -> str:
    text = _no_port(service, backend.port, "port")
    if chosen and isinstance(chosen[0].port, int):
        return f"{text}: that is where its port {chosen[0].port} leads, which is taken instead"
    return f"{text}: the backend is left out"


def _no_port(service: Service, wanted: int | str | Unknown | None, what: str) -> str:
    if wanted is None:
        return f"no port of {service} is named"
    return f"{service} has no {what} {wanted}"
