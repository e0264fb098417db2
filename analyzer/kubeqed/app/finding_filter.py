"""Which findings concern the files that were asked about, as a commit hook does of the files of a commit."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache

from kubeqed.diagnostic import Diagnostic
from kubeqed.model.units.input import Input
from kubeqed.rule.broken_build import BROKEN_BUILD
from kubeqed.rule.reasons import UNREADABLE
from kubeqed.sources import real_path


def select_concerned(paths: Sequence[str], found: Sequence[Diagnostic], whole: Input) -> tuple[Diagnostic, ...]:
    """The findings at or below one of the paths, or that point to a place there; without paths, all of them.

    A build that is refused concerns all files that it read: what the change of a base breaks is said of the overlay.
    """
    if not paths:
        return tuple(found)
    inside = make_location_test(paths)
    broken = {unit.root for unit in whole.units if any(map(inside, unit.built_from))}
    return tuple(
        one
        for one in found
        if _has_place(one, inside) or (one.rule in (BROKEN_BUILD, UNREADABLE) and not broken.isdisjoint(one.units))
    )


def select_placed(found: Sequence[Diagnostic], inside: Callable[[str], bool]) -> tuple[Diagnostic, ...]:
    """The findings that stand in a file that is `inside`, or point to a place there."""
    return tuple(finding for finding in found if _has_place(finding, inside))


def _has_place(finding: Diagnostic, inside: Callable[[str], bool]) -> bool:
    return inside(finding.span.file) or any(inside(related.span.file) for related in finding.related)


def make_location_test(paths: Sequence[str]) -> Callable[[str], bool]:
    """A test whether a file, as it prints, is at or below one of the paths; without paths, every one is."""
    asked = {real_path(path) for path in paths}

    @cache
    def inside(file: str) -> bool:
        path, above = real_path(file), ""
        while path not in asked and path != above:
            path, above = os.path.dirname(path), path
        return path in asked

    return inside if paths else lambda _: True
