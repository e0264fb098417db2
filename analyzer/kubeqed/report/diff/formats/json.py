"""The difference as JSON: groups as in the answer of `reach`, and a list of changes with their causes."""

from __future__ import annotations

from collections.abc import Iterable
from json import dumps
from typing import Any

from kubeqed.model.units.producer import Producer
from kubeqed.reach.algebra import display, split_names
from kubeqed.reach.differences import Cause, DiffEntry, Difference, UncomparedObject
from kubeqed.report.diff.caveats import note_lines
from kubeqed.report.entries import changed_json, object_json, place_json
from kubeqed.report.reach.groups import VERSION, PeerGroups, lines_of, ports_json, unless_json
from kubeqed.report.reach.parts import SetPartition
from kubeqed.report.report import Options
from kubeqed.report.words import make_encodable


def render(difference: Difference, _options: Options) -> str:
    """One JSON object; nothing when nothing changed."""
    if difference.is_as_before:
        return ""
    groups = [group for entry in difference.entries for group in (entry.sources, entry.destinations)]
    groups += [group for doubt in difference.doubts for group in (doubt.ingress, doubt.egress)]
    sets = PeerGroups(SetPartition(group.workloads for group in groups))
    changes = [dumps(_change_json(entry, sets), ensure_ascii=False) for entry in difference.entries]
    undecided = [dumps(_undecided_json(one), ensure_ascii=False) for one in difference.undecided]
    unless = [dumps(unless_json(doubt, sets), ensure_ascii=False) for doubt in difference.doubts]
    open_ends = [*map(_missing_json, difference.missing), *map(_note_json, note_lines(difference))]
    joins = [{"kind": "guessed-join", **place_json(None), "text": text} for text in difference.joins]
    notices = [dumps(one, ensure_ascii=False) for one in (*open_ends, *joins)]
    lines = [
        f'"version": {VERSION}',
        f'"groups": {sets.render()}',
        f'"changes": {lines_of(changes, "[]")}',
        f'"undecided": {lines_of(undecided, "[]")}',
        f'"unless": {lines_of(unless, "[]")}',
        f'"notices": {lines_of(notices, "[]")}',
    ]
    return make_encodable("{\n  " + ",\n  ".join(lines) + "\n}\n")


def _change_json(entry: DiffEntry, sets: PeerGroups) -> dict[str, Any]:
    """A change; ports that only have a name stand apart, where there are some."""
    old, old_names = split_names(entry.change.old, entry.named)
    new, new_names = split_names(entry.change.new, entry.named)
    names = {"names": {"old": _names_json(old_names), "new": _names_json(new_names)}} if old_names or new_names else {}
    return {
        "type": entry.change.kind.value,
        "source": sets.of(entry.sources),
        "destination": sets.of(entry.destinations),
        "old": ports_json(old),
        "new": ports_json(new),
        **names,
        "causes": [_cause_json(cause) for cause in entry.causes],
    }


def _names_json(several: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"protocol": protocol, "name": display(name)} for protocol, name in several]


def _undecided_json(one: UncomparedObject) -> dict[str, Any]:
    version = "new" if one.is_new else "old"
    span = one.object.at(one.path).span
    return {"version": version, **place_json(span), "text": one.text, "object": object_json(one.object.key)}


def _missing_json(producer: Producer) -> dict[str, Any]:
    text = f"{producer.text} may hold or create what is not compared"
    return {"kind": "open", **place_json(producer.place.span), "text": text}


def _note_json(text: str) -> dict[str, Any]:
    return {"kind": "open", **place_json(None), "text": text}


def _cause_json(cause: Cause) -> dict[str, Any]:
    span = cause.object.at(cause.path).span
    version = "new" if cause.is_new else "old"
    changed = changed_json(cause.object.changed_at(cause.path))
    return {
        "version": version,
        **place_json(span),
        **changed,
        "text": cause.text,
        "object": object_json(cause.object.key),
    }
