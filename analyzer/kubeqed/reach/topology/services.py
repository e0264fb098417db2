"""Services: which pods stand behind a port, and on which of their ports.

A Service changes no verdict of a policy: policies see the pods and the target ports. Declared container ports inform;
a target port that no container declares is still dialled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from kubeqed.model.kinds.endpoints import Endpoints
from kubeqed.model.kinds.endpointslice import EndpointSlice
from kubeqed.model.kinds.service import Service, ServicePort
from kubeqed.model.units.unit import Unit
from kubeqed.reach.algebra.addresses import parse_address
from kubeqed.reach.algebra.ports import EMPTY, PortSet, single_port, union_of
from kubeqed.reach.algebra.tokens import encode
from kubeqed.reach.namespaces import namespace_of
from kubeqed.reach.topology.endpoints import Endpoint
from kubeqed.reach.topology.service_ports import BackendPorts


class ServiceTarget(NamedTuple):
    """A pod behind a Service, and its ports that the Service dials."""

    endpoint: Endpoint
    ports: PortSet


class Services:
    """The Services of a unit by name, and the pods behind them."""

    def __init__(self, unit: Unit, endpoints: list[Endpoint]) -> None:
        self._unit = unit
        self._endpoints = endpoints
        self._ports: dict[int, BackendPorts] = {}

    @property
    def all(self) -> tuple[Service, ...]:
        """Every Service, in order."""
        return self._unit.of(Service)

    def named(self, namespace: str, name: str) -> Service | None:
        """The Service of that name."""
        return self._by_name.get((namespace, name))

    def ports_of(self, service: Service) -> BackendPorts:
        """The ports of a Service of the unit."""
        found = self._ports.get(id(service))
        if found is None:
            found = self._ports[id(service)] = BackendPorts(service)
        return found

    def targets(self, service: Service, chosen: Iterable[ServicePort]) -> Iterator[ServiceTarget]:
        """The pods behind some ports of a Service."""
        chosen = list(chosen)
        for endpoint in self.backends(service):
            dialled = union_of(_find_dialled_ports(port, endpoint) for port in chosen)
            if dialled:
                yield ServiceTarget(endpoint, dialled)

    def backends(self, service: Service) -> list[Endpoint]:
        """The pods that a Service selects, or whose addresses its EndpointSlices or Endpoints list."""
        if service.is_external_name:
            return []
        namespace = namespace_of(service)
        if service.has_selector:
            wanted = [(key, encode(value)) for key, value in service.selector.labels.entries.items()]
            if service.selector.labels.more is not None or not wanted:
                return []
            found = min((self._label_sets.get((namespace, *label), ()) for label in wanted), key=len)
            return [one for one in found if all(_has_label(one, *label) for label in wanted)]
        listed = self.addresses(service)
        return [one for one in self._endpoints if listed.intersection(one.addresses)] if listed else []

    def addresses(self, service: Service) -> frozenset[int]:
        """The addresses that EndpointSlices and Endpoints list for a Service."""
        name = encode(service.name) if service.name is not None else ""
        return self._listed_addresses.get((namespace_of(service), name), frozenset())

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], Service]:
        return {
            (namespace_of(service), encode(service.name)): service
            for service in self._unit.of(Service)
            if service.name is not None
        }

    @cached_property
    def _label_sets(self) -> dict[tuple[str, str, str], list[Endpoint]]:
        found: dict[tuple[str, str, str], list[Endpoint]] = {}
        for endpoint in self._endpoints:
            for key, value in endpoint.labels.items():
                found.setdefault((endpoint.owner.namespace, key, encode(value)), []).append(endpoint)
        return found

    @cached_property
    def _listed_addresses(self) -> dict[tuple[str, str], frozenset[int]]:
        """The addresses that EndpointSlices and Endpoints list, by namespace and Service."""
        found: dict[tuple[str, str], set[int]] = {}
        pieces: list[EndpointSlice | Endpoints] = [*self._unit.of(EndpointSlice), *self._unit.of(Endpoints)]
        for piece in pieces:
            if piece.service is not None:
                key = (namespace_of(piece), encode(piece.service))
                found.setdefault(key, set()).update(_parse_addresses(piece.addresses))
        return {key: frozenset(numbers) for key, numbers in found.items()}


def _parse_addresses(texts: Iterable[str]) -> Iterator[int]:
    """The addresses that are written as addresses, as numbers."""
    return (number for one in texts if (number := parse_address(one)) is not None)


def _has_label(endpoint: Endpoint, key: str, value: str) -> bool:
    worn = endpoint.labels.get(key)
    return worn is not None and encode(worn) == value


def _find_dialled_ports(port: ServicePort, endpoint: Endpoint) -> PortSet:
    """The port of a pod that a Service port leads to; a name means the pod's own declaration."""
    if not isinstance(port.protocol, str):
        return EMPTY
    if isinstance(port.target_port, int):
        return single_port(port.protocol, port.target_port)
    if isinstance(port.target_port, str):
        for name, protocol, number in endpoint.ports:
            if name == port.target_port and protocol == port.protocol:
                return single_port(protocol, number)
    return EMPTY
