"""What a change opens and closes: two versions loaded, their units paired, each pair compared."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import BinaryIO, NamedTuple

from kubeqed.app.load import Loaded, load_collected
from kubeqed.app.named import NamedError, as_path, revision_named
from kubeqed.app.question import Basis, QuestionError
from kubeqed.app.settings import excluded_by, settings_for
from kubeqed.graph.reach.answer import Answer
from kubeqed.graph.reach.assumptions import Assumptions
from kubeqed.graph.reach.diff import Kind
from kubeqed.graph.reach.ports import difference as ports_without
from kubeqed.model.unit import DefinedAs, Found, Unit
from kubeqed.report import Options, split_lines
from kubeqed.report.reach.diff.difference import Difference, difference
from kubeqed.sources import repository_root
from kubeqed.sources.revision import Revision, collect_revision

FORMATS = ("text", "markdown", "json", "sarif")
FAILING = ("added", "removed", "changed", "any", "never")


class Compared(NamedTuple):
    """What differs, and the answers of the new version."""

    difference: Difference
    answers: list[Answer]


class Version(NamedTuple):
    """OLD or NEW, loaded; `revision` is None for a path."""

    loaded: Loaded
    revision: Revision | None = None


def load_version(text: str, other: str, basis: Basis, stdin: BinaryIO | None) -> Version:
    """What one side holds: a path, or a revision, read below the `other` side's path where it names none itself.

    Raises a QuestionError for what is both or neither, a RevisionError when git cannot read it, and what `load` raises.
    """
    beside = as_path(other)
    try:
        revision = revision_named(text, beside)
    except NamedError as error:
        raise QuestionError(str(error)) from None
    if revision is None:
        return Version(basis.load((text,), stdin))
    settings = settings_for((beside,) if beside else (), basis.statement)
    collected = collect_revision(revision, excluded_by(settings, basis.statement))
    return Version(load_collected(collected, settings, closed=basis.closed, for_good=True), revision)


def compare(before: Version, after: Version, assumptions: Assumptions) -> Compared:
    """The difference of all units together."""
    units = _paired(before.loaded, after.loaded)
    pairs = [(Answer(one, assumptions), Answer(other, assumptions)) for one, other in units]
    found = _together([difference(one, other) for one, other in pairs])
    return Compared(found, [other for _, other in pairs])


def render(found: Difference, sides: Sequence[Version], output_format: str, *, expand: bool) -> str:
    """The difference of two versions in one of `FORMATS`."""
    if output_format == "sarif":
        return _sarif(found, sides)
    name = "pairs" if expand and output_format == "text" else output_format
    return str(import_module(f"kubeqed.report.reach.diff.{name}").render(found))


def fails(found: Difference, fail_on: str) -> bool:
    """Whether there is a change of a kind of `FAILING`.

    A changed connection that opens more ports counts as added too, one that closes some as removed.
    """
    for entry in found.entries:
        change = entry.change
        if fail_on == "any" or (fail_on == "changed" and change.kind is Kind.CHANGED):
            return True
        if fail_on == "added" and ports_without(change.new, change.old):
            return True
        if fail_on == "removed" and ports_without(change.old, change.new):
            return True
    return False


def _paired(before: Loaded, after: Loaded) -> list[tuple[Unit, Unit]]:
    """Units of the same place in both versions, then those that define the same; one left alone meets an empty one."""
    was, now = ([unit for unit in side.input.units if unit.objects] for side in (before, after))
    if len(was) <= 1 and len(now) <= 1:
        return [(was[0] if was else _empty(), now[0] if now else _empty())]
    old, new = _placed(before, was), _placed(after, now)
    for place in [place for place in old if place not in new]:
        moved = [other for other in new if other not in old and _shared(new[other], old[place])]
        if moved:
            old[max(moved, key=lambda other: len(_shared(new[other], old[place])))] = old.pop(place)
    return [(old.get(place, _empty()), new.get(place, _empty())) for place in sorted({*old, *new})]


def _shared(one: Unit, other: Unit) -> set[DefinedAs]:
    return one.definitions.keys() & other.definitions.keys()


def _placed(side: Loaded, units: list[Unit]) -> dict[tuple[str, ...], Unit]:
    """Units by their place below the PATH, or below that which a revision is read from."""
    start = side.input.paths.common
    return {tuple(os.path.relpath(place, start) for place in unit.places): unit for unit in units}


def _empty() -> Unit:
    return Unit(("",), Found.GUESSED, closed=False, files=(), objects=(), producers=())


def _together(found: list[Difference]) -> Difference:
    entries = tuple(entry for one in found for entry in one.entries)
    added = frozenset().union(*(one.added for one in found)) if found else frozenset()
    removed = frozenset().union(*(one.removed for one in found)) if found else frozenset()
    return Difference(entries, added, removed)


def _sarif(found: Difference, sides: Sequence[Version]) -> str:
    """SARIF speaks of files of the working tree, so that a revision's are named as they would lie there."""
    root = next((side.revision.root for side in sides if side.revision), repository_root(os.curdir))
    places = {
        file.path: side.loaded.collected.paths.real(file.path) if side.revision else file.path
        for side in sides
        for file in side.loaded.collected.files
    }
    contents = {places[file.path]: file.content for side in sides for file in side.loaded.collected.files}

    @cache
    def lines(file: str) -> list[str]:
        return split_lines(contents.get(file, b"").decode("utf-8-sig", "replace"))

    from kubeqed.report.reach.diff.sarif import render as render_sarif

    return render_sarif(found, Options(lines=lines, repository_root=root), lambda file: places.get(file, file))
