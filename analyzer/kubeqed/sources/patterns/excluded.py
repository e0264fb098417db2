"""What the user does not want to be read: `exclude:` of the configuration, and `--exclude`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kubeqed.sources.patterns.pattern import Pattern


class Excluded(NamedTuple):
    """Globs as in a .gitignore that stands in `directory`, a real path."""

    directory: str
    globs: tuple[str, ...]


class Exclusion:
    """All that is excluded, ready to be asked."""

    def __init__(self, excluded: Iterable[Excluded] = ()) -> None:
        self._patterns = [
            (os.path.join(item.directory, ""), _parse_globs(item.globs)) for item in excluded if item.globs
        ]

    def __call__(self, real: str, *, is_directory: bool) -> bool:
        """Whether the file or directory at a real path is excluded, its directory not being so."""
        return any(
            _is_decided(patterns, real[len(start) :], is_directory=is_directory)
            for start, patterns in self._patterns
            if real.startswith(start)
        )

    def covers(self, real: str) -> bool:
        """Whether the directory at a real path or one above it is excluded."""
        steps = real.split(os.sep) if self._patterns else []
        return any(self(os.sep.join(steps[:count]), is_directory=True) for count in range(2, len(steps) + 1))


def _is_decided(patterns: tuple[Pattern, ...], path: str, *, is_directory: bool) -> bool:
    name = os.path.basename(path)
    found = (pattern for pattern in patterns if pattern.matches(path, name, is_directory=is_directory))
    return any(not pattern.negated for pattern in islice(found, 1))


def _parse_globs(globs: tuple[str, ...]) -> tuple[Pattern, ...]:
    """The patterns, last first: the last one that matches decides."""
    from kubeqed.sources.patterns.pattern import parse_patterns  # its expressions cost more than the rest of this room

    return tuple(parse_patterns("\n".join(globs)))[::-1]
