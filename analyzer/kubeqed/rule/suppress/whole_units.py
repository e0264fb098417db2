"""Which files were judged with all that may bear on them, so that a comment in them may be said to suppress nothing.

A finding about a file may need any object of its units. What was only read in part, because a PATH is a subdirectory or a
file of a repository, says nothing of what the whole would show: `check a/` would call a comment unused that `check .` needs.
"""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.model.units.input import Input
from kubeqed.model.units.unit import Unit, UnitOrigin
from kubeqed.parse.yaml.comments import SIGN
from kubeqed.rule.suppress.run_facts import JudgedRun
from kubeqed.sources import is_below, real_path, repository_root


def find_judged_files(judged: JudgedRun) -> frozenset[str]:
    """The files of which every unit was read and built as a whole."""
    read, in_part = set[str](), set[str]()
    covers = _covers_repositories(judged.whole)
    for unit, files in _list_files(judged):
        (read if _is_whole(unit, judged, covers=covers) else in_part).update(files)
    return frozenset({file.file for file in judged.parsed} & read - in_part)


def _list_files(judged: JudgedRun) -> Iterator[tuple[Unit, set[str]]]:
    """The files that each unit holds, and the patches and kustomizations that its objects came through."""
    units = judged.whole.judged
    held = {path for unit in units for path in unit.files}
    waiting = any(SIGN in file.text and file.file not in held for file in judged.parsed)
    for unit in units:
        files = set(unit.files)
        if waiting:
            built = (placed for build in unit.builds for placed in build.documents)
            places = (place for placed in built for place in placed.document.places or ())
            files.update(file for place in places for file in (place.file, *(one.place.file for one in place.through)))
        yield unit, files


def _is_whole(unit: Unit, judged: JudgedRun, *, covers: bool) -> bool:
    """Whether all that the unit may hold was read and built: of a guessed one all of the repository, where that is stated."""
    unread = [real_path(judged.whole.paths.real(path)) for path in judged.unread]
    if unit.found is UnitOrigin.GUESSED:
        return covers and not unread
    if unit.found is UnitOrigin.CLUSTER and unread:
        return False  # its parts lie anywhere
    missed = any(is_below(path, place) or is_below(place, path) for path in unread for place in unit.places)
    return not (missed or any(build.unbuilt or build.refusals for build in unit.builds))


def _covers_repositories(whole: Input) -> bool:
    """Whether the PATHs are directories that hold all of their repositories; outside of one, they are all there is."""
    reals = [whole.paths.real(root.path) for root in whole.paths.roots if root.is_directory]
    if len(reals) < len(whole.paths.roots):
        return False
    return all(any(is_below(root, real) for real in reals) for root in filter(None, map(repository_root, reals)))
