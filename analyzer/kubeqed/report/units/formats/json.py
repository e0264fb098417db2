"""The units as one JSON object."""

from __future__ import annotations

from json import dumps
from typing import Any

from kubeqed.report.entries import place_json
from kubeqed.report.report import Options
from kubeqed.report.units.listing import ListedFile, UnitEntry, UnitListing
from kubeqed.report.words import make_encodable

VERSION = 1


def render(listing: UnitListing, _options: Options) -> str:
    """One JSON object; every file is listed."""
    value = {
        "version": VERSION,
        "units": [_unit_json(entry) for entry in listing.units],
        "without_unit": [_file_json(file) for file in listing.rest],
        "notices": [
            {"kind": notice.kind.value, **place_json(notice.span), "text": notice.text} for notice in listing.notices
        ],
    }
    return make_encodable(dumps(value, indent=2, ensure_ascii=False) + "\n")


def _unit_json(entry: UnitEntry) -> dict[str, Any]:
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
        "files": [_file_json(file) for file in entry.files],
    }


def _file_json(file: ListedFile) -> dict[str, str]:
    return {"file": file.name, "why": file.why}
