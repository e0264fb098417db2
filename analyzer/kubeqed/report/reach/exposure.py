"""The exposure of workloads, in the words of netpol-analyzer's exposure analysis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kubeqed.reach import NAME_LABEL, WHOLE_CLUSTER, Direction, DirectionExposure, OpenPorts, Representative
from kubeqed.reach.algebra import ALL, Spelling, display, format_ports, group_by_protocol
from kubeqed.report.reach.groups import ports_json, workload_json

Line = tuple[str, str, str]  # workload, the other side, ports


def exposure_text(found: Sequence[DirectionExposure]) -> str:
    """The sections that are not empty."""
    lines = [sorted(_list_lines(one)) for one in found]
    width = max((len(workload) for several in lines for workload, _, _ in several), default=0)
    sections = [_render_section(one.direction, several, width) for one, several in zip(found, lines, strict=True)]
    bare = sorted(f"{peer} is not protected on {one.direction}\n" for one in found for peer in one.unprotected)
    if bare:
        sections.append("Workloads not protected by network policies:\n" + "".join(bare))
    return "Exposure Analysis Result:\n" + "\n".join(section for section in sections if section)


def exposure_json(found: Iterable[DirectionExposure]) -> Iterator[dict[str, Any]]:
    """The exposure as JSON values: a workload, a direction, the absent peer in words, ports by number and by name."""
    for one in found:
        for peer, representative, opened in one.exposed:
            yield {
                "workload": workload_json(peer),
                "direction": one.direction.lower(),
                "peer": representative_text(representative),
                "allow": ports_json(opened.ports),
                "names": [
                    {"protocol": protocol, "name": display(name)} for protocol, name in sorted(opened.names, key=str)
                ],
            }


def representative_text(one: Representative) -> str:
    """`backend/[all pods]`, `[namespace with {team=a}]/[pod with {app=x}]`, `entire-cluster`."""
    if one == WHOLE_CLUSTER:
        return "entire-cluster"
    pods = f"[pod with {{{_selector_text(one.pods)}}}]" if one.pods != Spelling() else "[all pods]"
    return f"{_namespace_text(one.namespaces)}/{pods}"


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


def _list_lines(one: DirectionExposure) -> Iterator[Line]:
    """What absent peers and addresses may send or receive."""
    for peer, representative, opened in one.exposed:
        yield str(peer), representative_text(representative), open_text(opened)
    for workload, addresses, ports in one.external:
        yield workload, addresses, format_ports(ports)


def _render_section(direction: Direction, lines: Iterable[Line], width: int) -> str:
    arrow = "=>" if direction == "Egress" else "<="
    written = [f"{workload:<{width}} \t{arrow} \t{other} : {found}\n" for workload, other, found in lines]
    return f"{direction} Exposure:\n{''.join(written)}" if written else ""


def _namespace_text(said: Spelling) -> str:
    """A selector of namespaces; a name alone for one that names a namespace."""
    if said == Spelling():
        return "[all namespaces]"
    if said.plain and len(said.labels) == 1 and said.labels[0][0] == NAME_LABEL:
        return display(said.labels[0][1])
    return f"[namespace with {{{_selector_text(said)}}}]"


def _selector_text(said: Spelling) -> str:
    """`k=v` for labels, `{Key:k,Operator:In,Values:[a b],}` for expressions."""
    labels = [f"{key}={display(value)}" for key, value in said.labels]
    expressions = [
        f"{{Key:{one.key},Operator:{one.operator},Values:[{' '.join(display(value) for value in one.values)}],}}"
        for one in said.expressions
    ]
    return ",".join([*labels, *sorted(expressions)])
