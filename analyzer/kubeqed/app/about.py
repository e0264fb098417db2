"""Which findings concern the files that somebody asks about, as a commit hook does of the files of a commit."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache

from kubeqed.diagnostic import Diagnostic


def concerning(paths: Sequence[str], found: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings at or below one of the paths, or that point to a place there; without paths, all of them."""
    inside = located_in(paths)
    return tuple(
        finding
        for finding in found
        if inside(finding.span.file) or any(inside(related.span.file) for related in finding.related)
    )


def located_in(paths: Sequence[str]) -> Callable[[str], bool]:
    """Whether a file, as it prints, is at or below one of the paths; without paths, every one is."""
    asked = {os.path.realpath(path) for path in paths}

    @cache
    def inside(file: str) -> bool:
        path, above = os.path.realpath(file), ""
        while path not in asked and path != above:
            path, above = os.path.dirname(path), path
        return not asked or path in asked

    return inside
