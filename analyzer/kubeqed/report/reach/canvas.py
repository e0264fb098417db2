"""All that a drawing format draws: one drawing for each unit, and what the answers do not claim."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.reach import ConnectionListing
from kubeqed.report.reach.caveats import caveat_sentences
from kubeqed.report.reach.drawing import Drawing, make_drawing
from kubeqed.report.reach.words import few_caveats, unit_titles


class Canvas(NamedTuple):
    """Drawings with their titles, a lone one without; and lines of caveats."""

    drawings: tuple[tuple[str, Drawing], ...]
    caveats: tuple[str, ...] = ()


def make_canvas(listing: ConnectionListing) -> Canvas:
    """What to draw of a listing: of several units those that have connections."""
    units = listing.units
    said = [line for one in units for line in caveat_sentences(one)]
    said += few_caveats(caveat for one in units for caveat in one.caveats)
    drawings = tuple(
        (title, make_drawing(one.connections))
        for title, one in zip(unit_titles([one.unit for one in units]), units, strict=True)
        if one.connections or len(units) == 1
    )
    return Canvas(drawings, tuple(dict.fromkeys(said)))
