"""The units of an input, with what found each of them, as plain values."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.diagnostic import Notice, Span
from kubeqed.model.units.unit import Unit


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
    """All units, the files that are in none, and what was not read; `narrowed` says that some files were asked for."""

    units: tuple[UnitEntry, ...]
    rest: tuple[ListedFile, ...]
    narrowed: bool
    notices: tuple[Notice, ...] = ()
