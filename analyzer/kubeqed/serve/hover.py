"""Who can reach the workload, the Service or the port under the cursor, as short Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.diagnostic import more_text
from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.service import Service
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.unit import Unit
from kubeqed.reach import Assumptions, Connection, ConnectionQuery, Endpoint, Group, Peer, ReachResult, find_missing
from kubeqed.reach.algebra import ALL, EMPTY, PortSet, format_ports, union, union_of
from kubeqed.report.reach.caveats import depending_lines, incomplete_lines, unless_lines
from kubeqed.report.reach.words import group_text
from kubeqed.report.words import escape_text
from kubeqed.serve.check import Checked
from kubeqed.serve.cursor_target import CursorTarget, find_target

MOST = 8  # lines of an answer


class PodsAndPorts(NamedTuple):
    """Pods that are asked about, and the ports."""

    endpoint: Endpoint
    ports: PortSet


class ReachCache:
    """The graphs of units, kept until something changes."""

    def __init__(self) -> None:
        self._known: dict[Unit, ReachResult] = {}

    def of(self, unit: Unit, assumptions: Assumptions) -> ReachResult:
        """The graph of one unit."""
        if unit not in self._known:
            self._known[unit] = ReachResult(unit, assumptions)
        return self._known[unit]


def render_hover(
    checked: Checked, answers: ReachCache, path: str, line: int, column: int
) -> tuple[CursorTarget, str] | None:
    """What is under the cursor, and the text about it; line and column count from 1, in code points."""
    spot = find_target(checked.input, path, line, column)
    unit = _find_unit(checked, path, spot.object) if spot else None
    if spot is None or unit is None:
        return None
    return spot, "\n".join(_render_hover(spot, answers.of(unit, checked.assumptions)))


def _find_unit(checked: Checked, path: str, item: Object) -> Unit | None:
    return next((unit for unit in checked.input.units if path in unit.files and item in unit.objects), None)


def _render_hover(spot: CursorTarget, answer: ReachResult) -> Iterator[str]:
    """The lines that are shown for what is under the cursor."""
    item = spot.object
    behind = list(_list_behind(spot, answer))
    yield f"**{_render_code(str(item))}**" + (f", {_render_code(spot.words)}" if spot.words else "")
    yield ""
    if behind:
        yield from _render_about(item, behind, answer)
    else:
        yield "leads to no pods of this unit" if isinstance(item, Service) else "has no pods in this unit"
    for caveat in answer.caveats:
        if caveat.object is item:
            yield f"\n{escape_text(caveat.text)}"


def _render_about(item: Object, behind: list[PodsAndPorts], answer: ReachResult) -> Iterator[str]:
    if isinstance(item, Service):
        for one in behind[:MOST]:
            yield f"- leads to {_render_code(_name_peer(answer, one.endpoint))} on {_render_ports(one.ports)}"
        yield ""
    yield from _reached_by(answer, behind)
    workloads = frozenset(one.endpoint.workload for one in behind)
    peers = tuple(sorted({answer.names.peers[one.endpoint] for one in behind}))
    asked = ConnectionQuery(destinations=Group(peers), ports=union_of(one.ports for one in behind))
    yield from (f"\n{line}" for line in depending_lines(answer.depending(asked)))
    yield from (f"\n{line}" for line in unless_lines(answer.foreign.about(frozenset(), workloads), answer.unit))
    yield from (f"\n{line}" for line in incomplete_lines(find_missing(answer.unit)))


def _reached_by(answer: ReachResult, behind: list[PodsAndPorts]) -> Iterator[str]:
    """Who reaches the pods; those that are told apart and get different answers are named."""
    asked: dict[Peer, PortSet] = {}
    for one in behind:
        peer = answer.names.peers[one.endpoint]
        asked[peer] = union(asked.get(peer, EMPTY), one.ports)
    alike: dict[tuple[str, ...], list[Peer]] = {}
    for peer, ports in asked.items():
        question = ConnectionQuery(destinations=Group((peer,)), ports=ports)
        alike.setdefault(tuple(map(_render_line, answer.connections(question))), []).append(peer)
    for number, (lines, peers) in enumerate(alike.items()):
        yield from [""] if number else []
        depends = bool(answer.depending(ConnectionQuery(destinations=Group(tuple(peers)), ports=asked[peers[0]])))
        yield _render_heading(bool(lines), peers if len(alike) > 1 else [], depends=depends)
        yield from lines[:MOST]
        for more in more_text(len(lines) - MOST):
            yield f"- {more}: `kubeqed reach --to {escape_text(str(peers[0]))}`"


def _list_behind(spot: CursorTarget, answer: ReachResult) -> Iterator[PodsAndPorts]:
    """The pods behind a Service or a port of it, with the ports that it leads to."""
    endpoints = answer.reach.endpoints
    if isinstance(spot.object, Service):
        chosen = [spot.service_port] if spot.service_port else spot.object.ports
        targets = answer.services.targets(spot.object, chosen)
        yield from (PodsAndPorts(target.endpoint, target.ports) for target in targets)
    elif isinstance(spot.object, Workload):
        ports = spot.ports or ALL
        yield from (PodsAndPorts(endpoint, ports) for endpoint in endpoints if endpoint.workload is spot.object)


def _render_heading(reached: bool, peers: list[Peer], *, depends: bool) -> str:
    """`peers` are those that are spoken of, empty where it is the one under the cursor."""
    named = _render_code(", ".join(map(str, peers))) if peers else ""
    if reached:
        return f"{named} can be reached by:" if named else "Can be reached by:"
    return f"Nobody {'is sure to' if depends else 'can'} reach {named or 'it'}."


def _render_line(one: Connection) -> str:
    return f"- {_render_code(group_text(one.sources))} on {_render_ports(one.ports)}"


def _render_ports(ports: PortSet) -> str:
    return "every port" if ports == ALL else format_ports(ports).replace(",", ", ")


def _name_peer(answer: ReachResult, endpoint: Endpoint) -> str:
    return str(answer.names.peers[endpoint])


def _render_code(text: str) -> str:
    bare = escape_text(text).replace("`", "'")
    return f"`{bare}`"
