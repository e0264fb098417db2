"""What stands between a question and its pods: a Service as the destination, an ingress controller as the source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kubeqed.graph.reach.addresses import Ranges, cidrs, joined
from kubeqed.graph.reach.answer import Answer
from kubeqed.graph.reach.bits import bits_of
from kubeqed.graph.reach.endpoints import Endpoint
from kubeqed.graph.reach.entries import Entry, enters
from kubeqed.graph.reach.namespaces import namespace_of
from kubeqed.graph.reach.ports import ALL, EMPTY, PortSet, intersection, ports, text, union, union_of
from kubeqed.graph.reach.shown import Shown
from kubeqed.graph.reach.spoken import Side, addressed
from kubeqed.graph.reach.terms import plain, token
from kubeqed.model.object import Object
from kubeqed.model.service import Service, ServicePort

_MANY = 3


class Note(NamedTuple):
    """Something to say of the way, and where it stands, if anywhere."""

    text: str
    object: Object | None = None
    path: str = ""


class Through(NamedTuple):
    """Where a question leads: the peers, the ports it asks about there, and what to say of the way.

    `ranges` are the addresses that are meant, where the peers are addresses.
    """

    side: Side
    ports: PortSet
    notes: tuple[Note, ...] = ()
    ranges: Ranges = ()


class NoWayError(Exception):
    """The peer is known, but nothing leads from or to it; the message says why."""


def through_service(answer: Answer, spoken: str, asked: PortSet) -> Through:
    """The pods behind the Service called `spoken`, and the target ports of the Service ports asked about.

    Nobody where no Service is called so. A NoWayError says why a Service leads to no pods.
    """
    service = service_named(answer, spoken)
    if service is None:
        return Through(Side(0, frozenset()), asked)
    chosen = list(_chosen(service, asked))
    targets = list(answer.services.targets(service, chosen))
    listed = answer.services.addresses(service) if not targets else frozenset()
    if listed:
        return _to_addresses(answer, service, listed, chosen)
    if not targets:
        raise NoWayError(f"{service} {_leads_nowhere(answer, service, chosen)}")
    found = EMPTY
    shown: dict[Shown, int] = {}
    for endpoint, dialled in targets:
        found = union(found, dialled)
        number = answer.reach.class_of[endpoint.workload]
        same = (one for one in answer.names.of(number) if answer.names.workloads[one] is endpoint.workload)
        shown.update(dict.fromkeys(same, number))
    note = Note(f"{service} leads to {_listed(shown)} on {text(found)}", service, "spec.ports")
    return Through(Side(bits_of(shown.values(), answer.reach.index.size), frozenset(shown)), found, (note,))


def _to_addresses(answer: Answer, service: Service, listed: frozenset[int], chosen: list[ServicePort]) -> Through:
    ranges = joined((number, number) for number in listed)
    dialled = union_of(
        ports(port.protocol, port.target_port, port.target_port)
        for port in chosen
        if isinstance(port.protocol, str) and isinstance(port.target_port, int)
    )
    note = Note(f"{service} leads to {_some([*cidrs(ranges)])} on {text(dialled)}", service, "spec.ports")
    return Through(addressed(answer, ranges, "Egress"), dialled, (note,), ranges)


def service_named(answer: Answer, spoken: str) -> Service | None:
    """The Service called `spoken`."""
    return next((one for one in answer.unit.of(Service) if _called(one, spoken)), None)


def in_front(answer: Answer, spoken: str, asked: PortSet) -> Iterator[Note]:
    """What a Service of the same name as a workload does with the ports asked about: it may lead to others."""
    service = service_named(answer, spoken)
    if service is None or asked == ALL:
        return
    for port in _chosen(service, asked):
        for _, dialled in answer.services.targets(service, [port]):
            if not intersection(dialled, asked):
                said = f"{service} has this port too, and leads to {text(dialled)}: ask for {spoken}[Service]"
                yield Note(said, service, f"{port.path}.port")
                return


def entered(answer: Answer, way: Through) -> Through:
    """The same way for the ingress controller, which only dials what Ingresses and Routes lead to."""
    notes: list[Note] = []
    found = EMPTY
    for entry in answer.entries.all:
        if way.side.bits >> answer.reach.class_of[entry.endpoint.workload] & 1:
            found = union(found, entry.ports)
            said = f"{entry.object} leads to it through {entry.service} on {text(entry.ports)}"
            notes.append(Note(said, entry.object, entry.path))
    asked = intersection(way.ports, found)
    if not asked:
        notes = [Note("no entry leads there, so the controller does not dial it")]
    return way._replace(ports=asked or way.ports, notes=(*way.notes, *notes))


def no_controller(answer: Answer) -> str:
    """Why there is no ingress controller outside the unit to ask about."""
    if not enters(answer.unit):
        return "no Ingress, Route or route of a Gateway is in the input, so that no ingress controller sends anything"
    if not answer.entries.all:
        return (
            "no Ingress, Route or route of a Gateway leads to a pod of the input, so that no ingress controller sends"
        )
    names = _listed({*_controllers(answer.entries.all)})
    return f"the ingress controller is in the input: ask about {names}"


def _controllers(entries: list[Entry]) -> Iterator[Shown]:
    for entry in entries:
        yield from (_shown(endpoint) for endpoint in entry.sources)


def _shown(endpoint: Endpoint) -> Shown:
    return Shown(plain(endpoint.peer.namespace), plain(endpoint.peer.name), endpoint.peer.kind)


def _chosen(service: Service, asked: PortSet) -> Iterator[ServicePort]:
    return (port for port in service.ports if asked == ALL or intersection(asked, _own(port)))


def _leads_nowhere(answer: Answer, service: Service, chosen: list[ServicePort]) -> str:
    if isinstance(service.type, str) and service.type == "ExternalName":
        name = service.external_name if isinstance(service.external_name, str) else "a name"
        return f"is another name of {name}: policies see the addresses behind it, so ask about one of those"
    if not chosen and service.ports.items:
        listed = [text(one) for one in map(_own, service.ports) if one]
        return f"has no such port: it has {', '.join(listed) or 'none that is known'}"
    if not service.has_selector:
        return "selects no pods, and no EndpointSlice lists addresses of pods of the input: ask about the addresses"
    if not answer.services.backends(service):
        return "selects no pods of the input"
    return "leads to no port that its pods have"


def _called(service: Service, spoken: str) -> bool:
    if service.name is None:
        return False
    name, namespace = plain(token(service.name)), plain(namespace_of(service))
    head, slash, rest = spoken.removesuffix("[Service]").partition("/")
    wanted = rest if slash and head.lower() == "service" else head + slash + rest
    return wanted in (name, f"{namespace}/{name}")


def _own(port: ServicePort) -> PortSet:
    """The port of the Service itself."""
    if not isinstance(port.port, int) or not isinstance(port.protocol, str):
        return EMPTY
    return ports(port.protocol, port.port, port.port)


def _listed(shown: Iterable[Shown]) -> str:
    return _some(sorted(str(one) for one in shown))


def _some(names: list[str]) -> str:
    return ", ".join(names[:_MANY]) + (f" and {len(names) - _MANY} more" if len(names) > _MANY else "")
