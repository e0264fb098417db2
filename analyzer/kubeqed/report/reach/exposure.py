"""The exposure of workloads, in the words of netpol-analyzer's exposure analysis."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import Any

from kubeqed.reach.algebra.ports import ALL, format_ports, group_by_protocol
from kubeqed.reach.algebra.terms import Spelling, display
from kubeqed.reach.namespaces import NAME_LABEL
from kubeqed.reach.peer import WHOLE_CLUSTER, Peer, Representative
from kubeqed.reach.policy.compiled import Direction
from kubeqed.reach.query.answer import ConnectionQuery, ReachResult
from kubeqed.reach.query.exposure import ExposedPeer, Exposure, OpenPorts
from kubeqed.reach.query.pairs import list_pairs
from kubeqed.report.reach.json import ports_json, workload_json
from kubeqed.report.reach.words import CONTROLLER

Line = tuple[str, str, str]  # workload, the other side, ports

DIRECTIONS: tuple[Direction, ...] = ("Egress", "Ingress")
_EXTERNAL = "[External]"


def render(answer: ReachResult, question: ConnectionQuery) -> str:
    """The sections that are not empty."""
    exposure = Exposure(answer)
    found = {direction: list(exposure.of(direction)) for direction in DIRECTIONS}
    exposed = {str(one.workload) for several in found.values() for one in several}
    lines = {
        direction: sorted(
            [*_lines(found[direction], question, direction), *_to_addresses(answer, question, direction, exposed)]
        )
        for direction in DIRECTIONS
    }
    width = max((len(workload) for several in lines.values() for workload, _, _ in several), default=0)
    sections = [_section(f"{name} Exposure:", lines[name], width, "=>" if name == "Egress" else "<=") for name in lines]
    open_sides = _unprotected(exposure, question)
    if open_sides:
        sections.append("Workloads not protected by network policies:\n" + "".join(open_sides))
    return "Exposure Analysis Result:\n" + "\n".join(section for section in sections if section)


def exposure_json(answer: ReachResult, question: ConnectionQuery) -> Iterator[dict[str, Any]]:
    """The exposure as JSON values: a workload, a direction, the unseen peer in words, ports by number and by name."""
    exposure = Exposure(answer)
    for direction in DIRECTIONS:
        for shown, representative, opened in exposure.of(direction):
            if _asked(question, shown, direction):
                yield {
                    "workload": workload_json(shown),
                    "direction": direction.lower(),
                    "peer": representative_text(representative),
                    "allow": ports_json(opened.ports),
                    "names": [
                        {"protocol": protocol, "name": display(name)}
                        for protocol, name in sorted(opened.names, key=str)
                    ],
                }


def representative_text(one: Representative) -> str:
    """`backend/[all pods]`, `[namespace with {team=a}]/[pod with {app=x}]`, `entire-cluster`."""
    if one == WHOLE_CLUSTER:
        return "entire-cluster"
    pods = f"[pod with {{{_selector(one.pods)}}}]" if one.pods != Spelling() else "[all pods]"
    return f"{_namespace(one.namespaces)}/{pods}"


def open_text(opened: OpenPorts) -> str:
    """Ports with the names of ports that only the destination can resolve."""
    if opened.ports == ALL or not opened.names:
        return format_ports(opened.ports)
    parts: dict[str, list[str]] = {}
    for protocol, ranges in group_by_protocol(opened.ports):
        parts[protocol] = [str(low) if low == high else f"{low}-{high}" for low, high in ranges]
    for named, name in sorted(opened.names, key=lambda one: (one[0] or "", one[1])):
        parts.setdefault(named or "", []).append(display(name))
    return ",".join(f"{protocol} {','.join(items)}" for protocol, items in sorted(parts.items()))


def _lines(found: Iterable[ExposedPeer], question: ConnectionQuery, direction: Direction) -> list[Line]:
    return [
        (str(shown), representative_text(representative), open_text(opened))
        for shown, representative, opened in found
        if _asked(question, shown, direction)
    ]


def _to_addresses(
    answer: ReachResult, question: ConnectionQuery, direction: Direction, exposed: Container[str]
) -> Iterator[Line]:
    """The list's connections with addresses, of the workloads that are exposed in one direction at least."""
    for (source, target), found in list_pairs(answer, question, CONTROLLER):
        workload, other = (source, target) if direction == "Egress" else (target, source)
        if other.endswith(_EXTERNAL) and workload in exposed:
            yield workload, other, format_ports(found)


def _asked(question: ConnectionQuery, shown: Peer, direction: Direction) -> bool:
    wanted, other = question.sources, question.destinations
    if direction == "Ingress":
        wanted, other = other, wanted
    named = other is None if wanted is None else shown in wanted.workloads
    about = question.about is None or shown in question.about
    return named and about and question.namespace in (None, shown.namespace)


def _section(title: str, lines: Iterable[Line], width: int, arrow: str) -> str:
    written = [f"{workload:<{width}} \t{arrow} \t{other} : {found}\n" for workload, other, found in lines]
    return f"{title}\n{''.join(written)}" if written else ""


def _unprotected(exposure: Exposure, question: ConnectionQuery) -> list[str]:
    return sorted(
        f"{shown} is not protected on {direction}\n"
        for direction in DIRECTIONS
        for shown in exposure.unprotected(direction)
        if _asked(question, shown, direction)
    )


def _namespace(said: Spelling) -> str:
    if said == Spelling():
        return "[all namespaces]"
    if said.plain and len(said.labels) == 1 and said.labels[0][0] == NAME_LABEL:
        return display(said.labels[0][1])
    return f"[namespace with {{{_selector(said)}}}]"


def _selector(said: Spelling) -> str:
    """`k=v` for labels, `{Key:k,Operator:In,Values:[a b],}` for expressions."""
    labels = [f"{key}={display(value)}" for key, value in said.labels]
    expressions = [
        f"{{Key:{one.key},Operator:{one.operator},Values:[{' '.join(display(value) for value in one.values)}],}}"
        for one in said.expressions
    ]
    return ",".join([*labels, *sorted(expressions)])
