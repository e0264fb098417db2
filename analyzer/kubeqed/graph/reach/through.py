"""A Service as the destination of a question: the pods behind it, and the ports that its own lead to."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.graph.reach.answer import Answer
from kubeqed.graph.reach.bits import bits_of
from kubeqed.graph.reach.namespaces import namespace_of
from kubeqed.graph.reach.ports import ALL, EMPTY, PortSet, intersection, ports, text, union
from kubeqed.graph.reach.shown import Shown
from kubeqed.graph.reach.spoken import Side
from kubeqed.graph.reach.terms import plain, token
from kubeqed.model.service import Service, ServicePort


class Through(NamedTuple):
    """Where a question leads: the peers, the ports it asks about there, and what to say of the way."""

    side: Side
    ports: PortSet
    notes: tuple[str, ...]


def through_service(answer: Answer, spoken: str, asked: PortSet) -> Through:
    """The pods behind the Service called `spoken`, and the target ports of the Service ports asked about."""
    service = next((one for one in answer.unit.of(Service) if _called(one, spoken)), None)
    if service is None:
        return Through(Side(0, frozenset()), asked, ())
    chosen = [port for port in service.ports if asked == ALL or _is_asked(port, asked)]
    found = EMPTY
    numbers: list[int] = []
    shown: set[Shown] = set()
    for endpoint, dialled in answer.services.targets(service, chosen):
        found = union(found, dialled)
        number = answer.reach.class_of[endpoint.workload]
        numbers.append(number)
        shown |= {one for one in answer.names.of(number) if answer.names.workloads[one] is endpoint.workload}
    note = f"{service} leads to {_listed(shown)} on {text(found)}"
    first = frozenset(sorted(shown)[:1])
    return Through(Side(bits_of(numbers[:1], answer.reach.index.size), first), found, (note,))


def entered(answer: Answer, way: Through) -> Through:
    """The same way for the ingress controller, which only dials what Ingresses and Routes lead to."""
    notes, found = [], EMPTY
    for entry in answer.entries.all:
        if way.side.bits >> answer.reach.class_of[entry.endpoint.workload] & 1:
            found = union(found, entry.ports)
            span = entry.object.at(entry.path).span
            notes.append(
                f"{entry.object} leads to it through {entry.service} on {text(entry.ports)}  {span.file}:{span.line}"
            )
    asked = intersection(way.ports, found)
    return way._replace(ports=asked or way.ports, notes=(*way.notes, *(notes if asked else ["no entry leads there"])))


def _called(service: Service, spoken: str) -> bool:
    if service.name is None:
        return False
    name, namespace = plain(token(service.name)), plain(namespace_of(service))
    head, slash, rest = spoken.removesuffix("[Service]").partition("/")
    wanted = rest if slash and head.lower() == "service" else head + slash + rest
    return wanted in (name, f"{namespace}/{name}")


def _is_asked(port: ServicePort, asked: PortSet) -> bool:
    if not isinstance(port.port, int) or not isinstance(port.protocol, str):
        return False
    return bool(intersection(asked, ports(port.protocol, port.port, port.port)))


def _listed(shown: set[Shown]) -> str:
    names = sorted(str(one) for one in shown)
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "") if names else "no pods"
