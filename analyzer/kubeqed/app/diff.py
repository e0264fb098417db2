"""What a change opens and closes: two versions loaded, their units paired, each pair compared."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from itertools import chain, count
from typing import BinaryIO, NamedTuple

from kubeqed.app.joined_alike import describe_joins, join_alike
from kubeqed.app.load import Loaded, divide_collected, find_unit_places
from kubeqed.app.path_or_revision import PathOrRevisionError, resolve_path, resolve_revision
from kubeqed.app.question import Basis, QuestionError
from kubeqed.app.settings import list_exclusions, load_settings
from kubeqed.app.stated import add_stated_units
from kubeqed.model.units.unit import DefinedAs, Unit, UnitOrigin
from kubeqed.parse import split_lines
from kubeqed.reach import Assumptions, Group, Peer, ReachResult, find_peers
from kubeqed.reach.algebra import difference
from kubeqed.reach.differences import (
    ChangeKind,
    ConnectionChange,
    Difference,
    RegroupedUnit,
    find_difference,
    merge_differences,
)
from kubeqed.report import Options, render_answer
from kubeqed.sources import repository_of
from kubeqed.sources.revision import Revision, around_in_revision, collect_beyond_in, collect_revision, open_revision

Place = tuple[tuple[str, ...], str, int]

NEW_ACCESS = "new-access"  # decided for every pod there may be, by `app.prove.equivalent`
FAILING = ("added", "removed", "changed", "any", NEW_ACCESS, "never")


class VersionComparison(NamedTuple):
    """What differs, and the answers of the new version."""

    difference: Difference
    answers: list[ReachResult]

    def fails(self, fail_on: str) -> bool:
        """Whether there is a change of a kind of `FAILING`.

        A changed connection that opens more ports counts as added too, one that closes some as removed; so does one of the
        ingress controller that does not depend any more on where it runs, and one that does now.
        """
        shifted = {"added" if one.opens else "removed" for one in self.difference.shifts}
        if shifted:
            shifted |= {"changed", "any"}
        return fail_on in shifted or any(_is_failure(entry.change, fail_on) for entry in self.difference.entries)

    def is_decided(self, fail_on: str) -> bool:
        """Whether nothing that is not compared could be a change of that kind.

        That may be a policy that kubeqed does not model, or pods that no manifest shows, where there are too many kinds.
        """
        left_out = self.difference.partial and fail_on != NEW_ACCESS
        foreign = any(one.is_policy for one in self.difference.undecided)
        return fail_on == "never" or not (left_out or foreign)

    @property
    def concerns_absent_alone(self) -> bool:
        """Whether there are changes, and each has pods that no manifest shows at an end."""
        entries = self.difference.entries
        return bool(entries) and all(_is_absent(one.sources) or _is_absent(one.destinations) for one in entries)


def _is_absent(group: Group) -> bool:
    """Whether a group is of pods that no manifest shows alone."""
    return len(group.absent) == group.size


def _is_failure(change: ConnectionChange, fail_on: str) -> bool:
    if fail_on == "changed":
        return change.kind is ChangeKind.CHANGED
    if fail_on == "added":
        return bool(difference(change.new, change.old))
    if fail_on == "removed":
        return bool(difference(change.old, change.new))
    return fail_on == "any"


def load_working_tree(old: str) -> str:
    """What to compare a revision with when nothing else is named: the same place in the working tree.

    Raises a QuestionError for a path, which names no earlier version.
    """
    try:
        revision = resolve_revision(old)
    except PathOrRevisionError as error:
        raise QuestionError(str(error), "OLD") from None
    if revision is None:
        raise QuestionError(f"{old!r} is a path: name NEW too, or compare with a revision such as HEAD", "OLD")
    place = os.path.relpath(os.path.join(revision.root, revision.inside)) if revision.stated else os.curdir
    return place if place == os.curdir else os.path.join(os.curdir, place)


class DiffVersion(NamedTuple):
    """OLD or NEW, loaded; `revision` is None for a path."""

    loaded: Loaded
    revision: Revision | None = None


def load_version(text: str, other: str, basis: Basis, stdin: BinaryIO | None) -> DiffVersion:
    """What one side holds: a path, or a revision, read below the `other` side's path where it names none itself.

    Raises a QuestionError for what is both or neither, a RevisionError when git cannot read it, and what `load` raises.
    """
    beside = resolve_path(other)
    try:
        revision = resolve_revision(text, beside)
    except PathOrRevisionError as error:
        raise QuestionError(str(error)) from None
    if revision is None:
        return DiffVersion(basis.load((text,), stdin))
    settings = load_settings((beside,) if beside else (), basis.statement)
    excluded = list_exclusions(settings, basis.statement)
    collected = collect_revision(revision, excluded)
    beyond = find_unit_places(settings, collected.paths)
    whole = collect_beyond_in(revision, collected, beyond, excluded) if beyond else collected
    with around_in_revision(revision, whole, excluded) as around:
        whole = add_stated_units(around, settings, upwards=not basis.closed) if around else whole
    named = frozenset(file.path for file in collected.files)
    with open_revision(revision) as tree:
        loaded = divide_collected(whole, settings, named, lambda _: tree, closed=basis.closed, for_good=True)
    return DiffVersion(loaded, revision)


def compare(before: DiffVersion, after: DiffVersion, assumptions: Assumptions) -> VersionComparison:
    """The difference of all units together."""
    units = pair_units(before.loaded, after.loaded)
    pairs = [(ReachResult(one, assumptions), ReachResult(other, assumptions)) for one, other in units]
    beyond = before.loaded.input.beyond, after.loaded.input.beyond
    found = merge_differences([find_difference(*pair, about=_find_named_peers(pair, beyond)) for pair in pairs])
    joins = dict.fromkeys(
        chain.from_iterable(describe_joins(before.loaded, one, after.loaded, other) for one, other in units)
    )
    return VersionComparison(
        found._replace(regrouped=tuple(_find_regrouped(pairs)), joins=tuple(joins)), [other for _, other in pairs]
    )


def _find_named_peers(
    pair: tuple[ReachResult, ReachResult], beyond: tuple[Collection[str], Collection[str]]
) -> frozenset[Peer] | None:
    """The peers that the PATHs of either version name; None where nothing is left out."""
    named = [find_peers(answer, files) for answer, files in zip(pair, beyond, strict=True)]
    if named == [None, None]:
        return None
    every = [answer.names.endpoints if one is None else one for one, answer in zip(named, pair, strict=True)]
    return frozenset(peer._replace(stopped=stopped) for one in every for peer in one for stopped in (False, True))


def render(found: Difference, sides: Sequence[DiffVersion], output_format: str, *, expand: bool) -> str:
    """The difference of two versions in one of the formats of `report/diff/formats`."""
    return render_answer("diff", output_format, found, _make_options(sides)._replace(expand=expand))


def pair_units(before: Loaded, after: Loaded) -> list[tuple[Unit, Unit]]:
    """Units of the same place in both versions, then those that define most of the same; one left alone meets an empty one."""
    was, now = join_alike(before, after)
    if len(was) <= 1 and len(now) <= 1:
        return [(was[0] if was else _make_empty_unit(), now[0] if now else _make_empty_unit())]
    old, new = _place_units(before, was), _place_units(after, now)
    pairs = {place: place for place in old if place in new}
    shared = [(len(_find_shared(old[one], new[other])), one, other) for one in old for other in new if one not in pairs]
    for most, one, other in sorted(shared, key=lambda found: (-found[0], found[1:])):
        if most and one not in pairs and other not in pairs.values():
            pairs[one] = other
    alone = [place for place in new if place not in pairs.values()]
    found = [(place, old[place], new[pairs[place]] if place in pairs else _make_empty_unit()) for place in old]
    found += [(place, _make_empty_unit(), new[place]) for place in alone]
    return [(one, other) for _, one, other in sorted(found, key=lambda pair: pair[0])]


def _find_regrouped(pairs: list[tuple[ReachResult, ReachResult]]) -> Iterator[RegroupedUnit]:
    """The units without a counterpart although the other version holds their objects: all of their connections count."""
    old, new = ([pair[at].unit for pair in pairs] for at in (0, 1))
    for at, (one, other) in enumerate(zip(old, new, strict=True)):
        mine, others = (other, old) if not one.objects else (one, new)
        if not (one.objects and other.objects) and any(
            _find_shared(mine, unit) for unit in others[:at] + others[at + 1 :]
        ):
            yield RegroupedUnit(mine.root, is_added=mine is other)


def _find_shared(one: Unit, other: Unit) -> set[DefinedAs]:
    return one.definitions.keys() & other.definitions.keys()


def _place_units(side: Loaded, units: list[Unit]) -> dict[Place, Unit]:
    """Units by their place below the PATH, or below that which a revision is read from; several of one place by how found."""
    start = side.input.paths.common
    found: dict[Place, Unit] = {}
    for unit in units:
        places = tuple(os.path.relpath(place, start) for place in unit.places)
        number = next(at for at in count() if (places, unit.found.value, at) not in found)
        found[places, unit.found.value, number] = unit
    return found


def _make_empty_unit() -> Unit:
    return Unit(("",), UnitOrigin.GUESSED, closed=False, files=(), objects=(), producers=())


def _make_options(sides: Sequence[DiffVersion]) -> Options:
    """SARIF speaks of files of the working tree, so that a revision's are named as they would lie there."""
    roots = (side.revision.root for side in sides if side.revision)
    root = next(roots, repository_of(sides[-1].loaded.collected.paths))
    places = {
        file.path: side.loaded.collected.paths.real(file.path) if side.revision else file.path
        for side in sides
        for file in side.loaded.collected.files
    }
    contents = {places[file.path]: file.content for side in sides for file in side.loaded.collected.files}

    @cache
    def lines(file: str) -> list[str]:
        return split_lines(contents.get(file, b"").decode("utf-8-sig", "replace"))

    return Options(lines=lines, repository_root=root, path_of=lambda file: places.get(file, file))
