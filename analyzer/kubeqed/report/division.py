"""The units of an input, with what found each of them: as text, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from json import dumps
from typing import Any, NamedTuple

from kubeqed.diagnostic import Notice, Span
from kubeqed.model.units.unit import Unit
from kubeqed.report.entries import place_json
from kubeqed.report.reach.caveats import missing_text
from kubeqed.report.units import join_text
from kubeqed.report.words import count_text, escape_text, make_encodable

VERSION = 1


class ListedFile(NamedTuple):
    """A file, and why it is where it is."""

    name: str
    why: str


class UnitEntry(NamedTuple):
    """A unit, what found it, where that is stated, and those of its files that were asked for."""

    unit: Unit
    why: str
    place: Span | None
    files: tuple[ListedFile, ...]


class UnitListing(NamedTuple):
    """All units, and the files that are in none; `narrowed` says that some files were asked for."""

    units: tuple[UnitEntry, ...]
    rest: tuple[ListedFile, ...]
    narrowed: bool


def render_text(division: UnitListing) -> str:
    """A block for each unit; the files only where some were asked for."""
    blocks = ["".join(f"{escape_text(line)}\n" for line in _lines(entry, division)) for entry in division.units]
    rest = division.rest if division.narrowed else ()
    left = "".join(f"{escape_text(file.name)}: in no unit: {escape_text(file.why)}\n" for file in rest)
    return "\n".join([*blocks, *([left] if left else [])])


def render_json(division: UnitListing, notices: Iterable[Notice]) -> str:
    """One JSON object; every file is listed."""
    value = {
        "version": VERSION,
        "units": [_unit(entry) for entry in division.units],
        "without_unit": [_file(file) for file in division.rest],
        "notices": [{"kind": notice.kind.value, **place_json(notice.span), "text": notice.text} for notice in notices],
    }
    return make_encodable(dumps(value, indent=2, ensure_ascii=False) + "\n")


def _lines(entry: UnitEntry, division: UnitListing) -> Iterator[str]:
    unit = entry.unit
    world = "closed" if unit.closed else "open"
    yield f"{unit.root}: {world}, {count_text(len(unit.objects), 'object')} in {count_text(len(unit.files), 'file')}"
    yield f"  {entry.why}"
    yield from (f"  {join_text(unit, join)}" for join in unit.joins)
    if unit.producers:
        more = "so that it counts as open: " if unit.closed else ""
        yield f"  {more}{missing_text(list(unit.producers))} may create what it lacks"
    if division.narrowed:
        yield from (f"  {file.name}: {file.why}" for file in entry.files)


def _unit(entry: UnitEntry) -> dict[str, Any]:
    unit = entry.unit
    return {
        "root": unit.root,
        "found": unit.found.value,
        "why": entry.why,
        "stated": unit.stated,
        "stated_at": entry.place._asdict() if entry.place else None,
        "world": "closed" if unit.closed else "open",
        "complete": unit.holds_all,
        "objects": len(unit.objects),
        "joins": [{"root": join.root, "files": sorted(join.files)} for join in unit.joins],
        "producers": [{**place_json(one.place.span), "text": one.text} for one in unit.producers],
        "files": [_file(file) for file in entry.files],
    }


def _file(file: ListedFile) -> dict[str, str]:
    return {"file": file.name, "why": file.why}
