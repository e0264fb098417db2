"""A block for each unit; the files only where some were asked for."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.report.reach.caveats import missing_text
from kubeqed.report.report import Options
from kubeqed.report.unit_names import join_text
from kubeqed.report.units.listing import UnitEntry, UnitListing
from kubeqed.report.words import count_text, escape_text


def render(listing: UnitListing, _options: Options) -> str:
    """A block for each unit; the files only where some were asked for."""
    blocks = ["".join(f"{escape_text(line)}\n" for line in _render_lines(entry, listing)) for entry in listing.units]
    rest = listing.rest if listing.narrowed else ()
    left = "".join(f"{escape_text(file.name)}: in no unit: {escape_text(file.why)}\n" for file in rest)
    return "\n".join([*blocks, *([left] if left else [])])


def _render_lines(entry: UnitEntry, listing: UnitListing) -> Iterator[str]:
    unit = entry.unit
    world = "closed" if unit.closed else "open"
    yield f"{unit.root}: {world}, {count_text(len(unit.objects), 'object')} in {count_text(len(unit.files), 'file')}"
    yield f"  {entry.why}"
    yield from (f"  {join_text(unit, join)}" for join in unit.joins)
    if unit.producers:
        more = "it counts as open: " if unit.closed else ""
        yield f"  {more}what it lacks may come from {missing_text(list(unit.producers))}"
    if listing.narrowed:
        yield from (f"  {file.name}: {file.why}" for file in entry.files)
