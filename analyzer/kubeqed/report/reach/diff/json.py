"""The difference as JSON: groups as in the answer of `reach`, and a list of changes with their causes."""

from __future__ import annotations

from collections.abc import Iterable
from json import dumps
from typing import Any

from kubeqed.graph.reach.causes import Cause
from kubeqed.graph.reach.ports import split_names
from kubeqed.graph.reach.terms import plain
from kubeqed.report.entries import object_json, place_json
from kubeqed.report.reach.diff.difference import Difference, Entry
from kubeqed.report.reach.json import VERSION, Sets, allow, lines_of
from kubeqed.report.reach.parts import Parts
from kubeqed.report.words import encodable


def render(difference: Difference) -> str:
    """One JSON object; nothing when nothing changed."""
    if not difference.entries:
        return ""
    groups = [group for entry in difference.entries for group in (entry.sources, entry.destinations)]
    sets = Sets(Parts(group.workloads for group in groups))
    changes = [dumps(_change(entry, sets), ensure_ascii=False) for entry in difference.entries]
    lines = [f'"version": {VERSION}', f'"groups": {sets.render()}', f'"changes": {lines_of(changes, "[]")}']
    return encodable("{\n  " + ",\n  ".join(lines) + "\n}\n")


def _change(entry: Entry, sets: Sets) -> dict[str, Any]:
    """A change; ports that only have a name stand apart, where there are some."""
    old, old_names = split_names(entry.change.old, entry.named)
    new, new_names = split_names(entry.change.new, entry.named)
    names = {"names": {"old": _names(old_names), "new": _names(new_names)}} if old_names or new_names else {}
    return {
        "type": entry.change.kind.value,
        "source": sets.of(entry.sources),
        "destination": sets.of(entry.destinations),
        "old": allow(old),
        "new": allow(new),
        **names,
        "causes": [_cause(cause) for cause in entry.causes],
    }


def _names(several: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"protocol": protocol, "name": plain(name)} for protocol, name in several]


def _cause(cause: Cause) -> dict[str, Any]:
    span = cause.object.at(cause.path).span
    version = "new" if cause.is_new else "old"
    return {"version": version, **place_json(span), "text": cause.text, "object": object_json(cause.object.key)}
