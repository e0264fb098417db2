"""What stands between a question and its pods: a Service as the destination, an ingress controller as the source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kubeqed.diagnostic import list_some
from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.service import Service, ServicePort
from kubeqed.parse import Unknown
from kubeqed.reach.algebra.addresses import Ranges, join_ranges, to_cidrs
from kubeqed.reach.algebra.ports import ALL, EMPTY, PortSet, format_ports, intersection, single_port, union_of
from kubeqed.reach.algebra.tokens import display, encode
from kubeqed.reach.namespaces import namespace_of
from kubeqed.reach.peer import Peer
from kubeqed.reach.query.answer import ReachResult
from kubeqed.reach.topology.endpoints import Endpoint
from kubeqed.reach.topology.entries import EntryPath, is_entry
from kubeqed.reach.topology.services import ServiceTarget

MANY = 3


class TargetNote(NamedTuple):
    """Something to say of the way, and where it stands, if anywhere."""

    text: str
    object: Object | None = None
    path: str = ""


class TargetStop(NamedTuple):
    """Where a question leads: a peer, the pods of it that are meant, and the ports it asks about there.

    Without a peer, `addresses` are meant.
    """

    peer: Peer | None
    endpoints: tuple[Endpoint, ...]
    ports: PortSet
    addresses: Ranges = ()


class ResolvedTarget(NamedTuple):
    """All that a question leads to, and what to say of the way."""

    stops: tuple[TargetStop, ...]
    notes: tuple[TargetNote, ...] = ()


class NoWayError(Exception):
    """The peer is known, but nothing leads from or to it; the message says why."""


class AmbiguousError(Exception):
    """A name means several workloads or Services; the message lists them."""


def resolve_service(answer: ReachResult, service: Service, asked: PortSet) -> ResolvedTarget:
    """The pods behind a Service, and the target ports of the Service ports asked about.

    A NoWayError says why a Service leads to no pods.
    """
    chosen = list(_choose_ports(service, asked))
    targets = list(answer.services.targets(service, chosen))
    backends = answer.services.backends(service)
    listed = answer.services.addresses(service) if not targets else frozenset()
    if listed:
        return _to_addresses(service, listed, chosen)
    if not backends or not chosen:
        raise NoWayError(f"{service} {_leads_nowhere(answer, service, chosen)}")
    stops = _list_stops(answer, targets or [ServiceTarget(one, ALL) for one in backends])
    if not targets:
        said = f"{service} selects {_name_peers(answer, stops)}, but {_describe_unresolved(chosen)}: nothing is sent through it"
        return ResolvedTarget(stops, (TargetNote(said, service, f"{chosen[0].path}.targetPort"),))
    found = union_of(stop.ports for stop in stops)
    return ResolvedTarget(
        stops,
        (
            TargetNote(
                f"{service} leads to {_name_peers(answer, stops)} on {format_ports(found)}", service, "spec.ports"
            ),
        ),
    )


def _list_stops(answer: ReachResult, targets: Iterable[ServiceTarget]) -> tuple[TargetStop, ...]:
    """The peers behind a Service: a workload where all of its pods are dialled alike, else the pods one by one."""
    several: dict[tuple[Peer, PortSet], list[Endpoint]] = {}
    for endpoint, dialled in targets:
        several.setdefault((answer.names.peers[endpoint], dialled), []).append(endpoint)
    found = []
    for (peer, dialled), endpoints in several.items():
        if len(endpoints) == len(answer.names.endpoints[peer]):
            found.append(TargetStop(peer, tuple(endpoints), dialled))
        else:
            found += [TargetStop(answer.names.pod(one), (one,), dialled) for one in endpoints]
    return tuple(found)


def _to_addresses(service: Service, listed: frozenset[int], chosen: list[ServicePort]) -> ResolvedTarget:
    ranges = join_ranges((number, number) for number in listed)
    dialled = union_of(
        single_port(port.protocol, port.target_port)
        for port in chosen
        if isinstance(port.protocol, str) and isinstance(port.target_port, int)
    )
    note = TargetNote(
        f"{service} leads to {list_some([*to_cidrs(ranges)], MANY)} on {format_ports(dialled)}", service, "spec.ports"
    )
    return ResolvedTarget((TargetStop(None, (), dialled, ranges),), (note,))


def find_service(answer: ReachResult, typed: str) -> Service | None:
    """The Service called `typed`; AmbiguousError where Services of several namespaces are."""
    found = {_name_service(one): one for one in answer.services.all if _is_called(one, typed)}
    if len(found) > 1:
        raise AmbiguousError(f"{typed!r} means several Services: {', '.join(sorted(found)[:5])}")
    return next(iter(found.values()), None)


def notes_of_namesake(answer: ReachResult, typed: str, asked: PortSet) -> Iterator[TargetNote]:
    """What a Service of the same name as a workload does with the ports asked about: it may lead to others."""
    service = find_service(answer, typed)
    if service is None or asked == ALL:
        return
    for port in _choose_ports(service, asked):
        for _, dialled in answer.services.targets(service, [port]):
            if not intersection(dialled, asked):
                said = f"{service} has this port too, and leads to {format_ports(dialled)}: ask for {typed}[Service]"
                yield TargetNote(said, service, f"{port.path}.port")
                return


def resolve_entry(answer: ReachResult, way: ResolvedTarget) -> ResolvedTarget:
    """The same way for the ingress controller, which only dials what Ingresses and Routes lead to."""
    stops, notes = [], list(way.notes)
    for stop in way.stops:
        entries = [entry for entry in answer.entries.all if entry.endpoint in stop.endpoints and not entry.sources]
        for entry in entries:
            said = f"{entry.object} leads to it through {entry.service} on {format_ports(entry.ports)}"
            notes.append(TargetNote(said, entry.object, entry.path))
        asked = intersection(stop.ports, union_of(entry.ports for entry in entries))
        stops.append(stop._replace(ports=asked))
    if any(stop.ports for stop in stops):
        return ResolvedTarget(tuple(stop for stop in stops if stop.ports), tuple(notes))
    return ResolvedTarget(
        way.stops, (*way.notes, TargetNote("no Ingress or route leads there, so the controller does not dial it"))
    )


def explain_no_controller(answer: ReachResult) -> str:
    """Why there is no ingress controller outside the unit to ask about."""
    if not is_entry(answer.unit):
        return "no Ingress, Route or route of a Gateway is in the input, so that no ingress controller sends anything"
    if not answer.entries.all and answer.reach.assumptions.controllers == ():
        return "the configuration says that there is no ingress controller (cluster.ingress_controllers)"
    if not answer.entries.all:
        return (
            "no Ingress, Route or route of a Gateway leads to a pod of the input, so that no ingress controller sends"
        )
    names = list_some(sorted({str(peer) for peer in _list_controllers(answer, answer.entries.all)}), MANY)
    return f"the ingress controller is in the input: ask about {names}"


def _list_controllers(answer: ReachResult, entries: list[EntryPath]) -> Iterator[Peer]:
    for entry in entries:
        yield from (answer.names.peers[endpoint] for endpoint in entry.sources)


def _choose_ports(service: Service, asked: PortSet) -> Iterator[ServicePort]:
    return (port for port in service.ports if asked == ALL or intersection(asked, _read_own_port(port)))


def _leads_nowhere(answer: ReachResult, service: Service, chosen: list[ServicePort]) -> str:
    if service.is_external_name:
        name = service.external_name if isinstance(service.external_name, str) else "a name"
        return f"is another name of {name}: policies see the addresses behind it, so ask about one of those"
    if not chosen and service.ports.items:
        listed = [format_ports(one) for one in map(_read_own_port, service.ports) if one]
        return f"has no such port: it has {', '.join(listed) or 'none that is known'}"
    if not service.has_selector:
        return "selects no pods, and no EndpointSlice lists addresses of pods of the input: ask about the addresses"
    if not answer.services.backends(service):
        return "selects no pods of the input"
    return "has no ports"


def _describe_unresolved(chosen: list[ServicePort]) -> str:
    """`no port of theirs is called http`: what is wrong with the target ports that lead nowhere."""
    wanted = [
        one.text if isinstance(one, Unknown) else str(one)
        for one in (port.target_port for port in chosen)
        if one is not None
    ]
    return f"no port of theirs is called {' or '.join(dict.fromkeys(wanted)) or 'so'}"


def _is_called(service: Service, typed: str) -> bool:
    """Whether the text is the name of a Service, with or without its namespace."""
    if service.name is None:
        return False
    name, namespace = display(encode(service.name)), display(namespace_of(service))
    head, slash, rest = typed.removesuffix("[Service]").partition("/")
    wanted = rest if slash and head.lower() == "service" else head + slash + rest
    return wanted in (name, f"{namespace}/{name}")


def _name_service(service: Service) -> str:
    """`shop/web[Service]`: how a Service is asked for."""
    name = encode(service.name) if service.name is not None else ""
    return f"{display(namespace_of(service))}/{display(name)}[Service]"


def _read_own_port(port: ServicePort) -> PortSet:
    """The port of the Service itself."""
    if not isinstance(port.port, int) or not isinstance(port.protocol, str):
        return EMPTY
    return single_port(port.protocol, port.port)


def _name_peers(answer: ReachResult, stops: Iterable[TargetStop]) -> str:
    """The peers, of single pods with the workload they belong to."""
    names = set()
    for stop in stops:
        owners = {str(answer.names.peers[endpoint]) for endpoint in stop.endpoints} - {str(stop.peer)}
        names.add(f"{stop.peer} of {owners.pop()}" if owners else str(stop.peer))
    return list_some(sorted(names), MANY)
