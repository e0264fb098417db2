"""The published JSON: every distinct set of peers once, connections between sets."""

from __future__ import annotations

from collections.abc import Iterator
from json import dumps
from typing import Any

from kubeqed.model.units.unit import Unit
from kubeqed.reach import ConnectionListing, Group, UnitConnections
from kubeqed.report.reach.caveats import guess_notices
from kubeqed.report.reach.exposure import exposure_json
from kubeqed.report.reach.groups import VERSION, PeerGroups, lines_of, notice_lines, ports_json, unless_json
from kubeqed.report.reach.parts import SetPartition
from kubeqed.report.reach.words import condition_text
from kubeqed.report.report import Options
from kubeqed.report.words import make_encodable


def render(listing: ConnectionListing, _options: Options) -> str:
    """The whole answer as one JSON object, a line for each group and connection."""
    units = listing.units
    sets = PeerGroups(SetPartition(group.workloads for one in units for group in _list_groups(one)))
    shown = [line for one in units for line in _render_connections(one, sets, one.unit if len(units) > 1 else None)]
    unless = [dumps(unless_json(doubt, sets), ensure_ascii=False) for one in units for doubt in one.doubts]
    notices = (*listing.notices, *(notice for one in units for notice in guess_notices(one.guesses)))
    caveats = [caveat for one in units for caveat in one.caveats]
    lines = [
        f'"version": {VERSION}',
        f'"groups": {sets.render()}',
        f'"connections": {lines_of(shown, "[]")}',
        f'"unless": {lines_of(unless, "[]")}',
        f'"units": {lines_of([dumps(_unit_json(one.unit), ensure_ascii=False) for one in units], "[]")}',
        f'"notices": {lines_of(notice_lines(notices, caveats), "[]")}',
    ]
    if listing.with_exposure:
        exposed = [dumps(value, ensure_ascii=False) for one in units for value in exposure_json(one.exposure)]
        lines.append(f'"exposure": {lines_of(exposed, "[]")}')
    return make_encodable("{\n  " + ",\n  ".join(lines) + "\n}\n")


def _list_groups(one: UnitConnections) -> Iterator[Group]:
    for connection in (*one.connections, *(connection for connection, _ in one.depending)):
        yield from (connection.sources, connection.destinations)
    for doubt in one.doubts:
        yield from (doubt.ingress, doubt.egress)


def _render_connections(one: UnitConnections, sets: PeerGroups, unit: Unit | None) -> Iterator[str]:
    """The connections, each with its unit where there are several, and with whether it may be otherwise."""
    ingress = frozenset(shown for doubt in one.doubts for shown in doubt.ingress.workloads)
    egress = frozenset(shown for doubt in one.doubts for shown in doubt.egress.workloads)
    conditions = [*((connection, None) for connection in one.connections), *one.depending]
    for (sources, destinations, ports), condition in conditions:
        value: dict[str, Any] = {
            "source": sets.of(sources),
            "destination": sets.of(destinations),
            "allow": ports_json(ports),
        }
        if not (egress.isdisjoint(sources.workloads) and ingress.isdisjoint(destinations.workloads)):
            value["depends"] = True
        if condition is not None:
            value.update({"depends": True, "condition": condition_text(condition)})
        yield dumps({**value, "unit": unit.root} if unit is not None else value)


def _unit_json(unit: Unit) -> dict[str, Any]:
    world = "closed" if unit.closed else "open"
    return {"root": unit.root, "world": world, "stated": unit.stated, "objects": len(unit.objects)}
