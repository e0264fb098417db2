"""Whether an Ingress backend leads to a Service, and to a port that the Service has.

A backend names the Service's own port, by number or name, never the pods':
https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/#IngressBackend
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from kubeqed.diagnostic import list_some
from kubeqed.model.kinds.ingress import Ingress, ServiceBackend
from kubeqed.model.kinds.object import ObjectReference
from kubeqed.model.kinds.service import Service, ServicePort
from kubeqed.model.kinds.service_ports import ServicePortIndex
from kubeqed.parse import Unknown
from kubeqed.prove.clauses.missing_answer import MissingAnswer
from kubeqed.prove.clauses.named_object import candidates, find_named, is_named
from kubeqed.prove.clauses.port_answer import MissingPortAnswer
from kubeqed.prove.clauses.selects import is_external_name
from kubeqed.prove.engine.answer import HOLDS, Decision
from kubeqed.prove.engine.decide import first_fault
from kubeqed.prove.engine.facts import make_fact, nothing_more_fact
from kubeqed.prove.engine.formula import Equal, Fact, Formula, Holds, Not, Or, implies
from kubeqed.resolve import Resolver

Port = int | str | Unknown | None

_MOST = 16  # ports of a Service that an answer speaks of one by one
_BEHIND = ("targetPort", "nodePort")
_KEYS = ("number", "name")  # of a port in v1; v1beta1 has one key for both


class BackendPortAnswer(MissingPortAnswer):
    """Whether the Service has the port; `service` is the one that lacks it, `port` the port in words."""

    def __init__(
        self, decision: Decision, service: Service | None = None, backend: ServiceBackend | None = None
    ) -> None:
        super().__init__(decision, service)
        self._backend = backend
        self._wanted: Port = None if backend is None else backend.port

    @property
    def port(self) -> str:
        """The port that the backend names, in words."""
        return _show_port(self._wanted)

    @property
    def offered(self) -> str:
        """The ports that the Service has, in words."""
        return list_some([_describe_port(port) for port in self.service.ports.items], _MOST)

    @property
    def confusion(self) -> str:
        """The end of a message that says of which port it is the targetPort or the nodePort; empty when of none."""
        for field, entry in self._find_confused():
            return f"; {self.port} is the {field} of {_show_port(entry.port)}"
        return ""

    @property
    def meant(self) -> str | None:
        """The backend's port as one would write it: the one whose targetPort or nodePort was named, or the only one."""
        meant = self._meant_port
        if meant is None or isinstance(meant, Unknown) or self._backend is None:
            return None
        key = self._backend.port_path.rpartition(".")[2]
        if key in _KEYS:
            key = _KEYS[isinstance(meant, str)]
        return f"{key}: {meant}"

    @property
    def instead(self) -> int | str | None:
        """The port that was meant, where it can be written in place of the wrong one: a number for a number."""
        meant = self._meant_port
        same = isinstance(meant, int) if isinstance(self._wanted, int) else isinstance(meant, str)
        return meant if same and not isinstance(meant, Unknown) else None

    @property
    def _meant_port(self) -> Port:
        entries = [entry for _, entry in self._find_confused()] or list(self.service.ports)
        if len(entries) != 1:
            return None
        by_name = isinstance(self._wanted, str) and entries[0].name is not None
        return entries[0].name if by_name else entries[0].port

    def _find_confused(self) -> Iterator[tuple[str, ServicePort]]:
        ports = ports_of(self.service)
        found = ((entry, field) for field in _BEHIND for entry in ports.with_value(field, self._wanted))
        yield from ((field, entry) for entry, field in sorted(found, key=lambda pair: ports.order[pair[0].path]))


class BackendServiceExists(NamedTuple):
    """The Service that a backend names stands in the Ingress's namespace."""

    ingress: Ingress
    backend: ServiceBackend

    def answer(self, graph: Resolver) -> MissingAnswer:
        """Depends, in an open world, on objects outside the input."""
        reference = _make_reference(self.ingress, self.backend)
        return MissingAnswer(HOLDS) if reference is None else find_named(graph, reference)


class BackendPortResolves(NamedTuple):
    """The Service that a backend names, where there is one, has the backend's port.

    A Service of type ExternalName, or without any ports, holds: the controller goes by the number.
    """

    ingress: Ingress
    backend: ServiceBackend

    def answer(self, graph: Resolver) -> BackendPortAnswer:
        """Fails at the first Service that is named and lacks the port."""
        reference = _make_reference(self.ingress, self.backend)
        if reference is None or self.backend.port is None:
            return BackendPortAnswer(HOLDS)
        cases = (
            (service, sure, implies(is_named(reference, service), self._resolution_formula(service)))
            for service, sure in candidates(graph, reference)
            if isinstance(service, Service) and service.ports.items
        )
        return BackendPortAnswer(*first_fault(cases), self.backend)

    def _resolution_formula(self, service: Service) -> Formula:
        """That a Service has the port that a backend names."""
        wanted = self.backend.port
        port = make_fact(self.ingress, self.backend.port_path, wanted)
        entries, others = _select_concerned(service, wanted)
        has = [
            Equal(port, make_fact(service, path, offered))
            for entry in entries
            for path, offered in _list_offered(entry, self.backend)
            if offered is not None or not isinstance(wanted, Unknown)  # no placeholder turns out to be absent
        ]
        rest = [Holds(one) for one in (*others, nothing_more_fact(service, "spec.ports", service.ports))]
        return implies(Not(is_external_name(service)), Or((*has, *rest)))


@lru_cache(maxsize=256)  # many paths lead to one Service
def ports_of(service: Service) -> ServicePortIndex:
    """The ports of a Service."""
    return ServicePortIndex(service)


def _select_concerned(service: Service, wanted: Port) -> tuple[Sequence[ServicePort], list[Fact]]:
    """The entries that a formula speaks of, of many only those that may be the one, and a fact about the others."""
    ports = ports_of(service)
    if len(ports.all) <= _MOST:
        return ports.all, []
    if isinstance(wanted, Unknown):
        return ports.all[:_MOST], []
    found = [entry for field in ("port", "name") for entry in ports.with_value(field, wanted)]
    unknown = [entry for field in ("port", "name") for entry in ports.unknown(field)[:_MOST]]
    text = f"none of the {len(ports.all)} ports of {service} is this one"
    return [*found, *unknown], [Fact(False, text, service.at("spec.ports"))]


def _make_reference(ingress: Ingress, backend: ServiceBackend) -> ObjectReference | None:
    if backend.name is None:
        return None
    return ObjectReference(ingress, backend.name_path, ("", "Service"), ingress.namespace, backend.name)


def _list_offered(entry: ServicePort, backend: ServiceBackend) -> Iterator[tuple[str, Port]]:
    """The fields of a Service port, path and value, that a backend may mean: by number, by name, or either in v1beta1."""
    by = backend.port_path.rpartition(".")[2]
    if by != "name" and not isinstance(backend.port, str):
        yield f"{entry.path}.port", entry.port
    if by != "number" and not isinstance(backend.port, int):
        yield f"{entry.path}.name", entry.name


def _describe_port(entry: ServicePort) -> str:
    return _show_port(entry.port) if entry.name is None else f"{_show_port(entry.port)} ({_show_port(entry.name)})"


def _show_port(port: Port) -> str:
    return str(port)
