"""`.helmignore`: which files of a directory are no part of the chart (pkg/ignore)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from kubeqed.build.glob import DIRECTORIES, compile_glob
from kubeqed.build.refusal import RefusalError

_DEFAULT = "templates/.?*"


class _Rule(NamedTuple):
    """A line of the file."""

    match: Callable[[str], bool]
    negates: bool
    of_directories: bool


class IgnoreRules:
    """The rules of a `.helmignore`; a RefusalError for one that Helm refuses."""

    def __init__(self, text: str) -> None:
        lines = [line.strip() for line in text.removeprefix("\ufeff").splitlines()]
        self._rules = [_parse_rule(line) for line in (*lines, _DEFAULT) if line and not line.startswith("#")]

    def ignores(self, path: str, *, is_directory: bool) -> bool:
        """Whether a path, relative to the chart, is left out."""
        for rule in self._rules:
            if rule.negates:
                if (rule.of_directories and not is_directory) or not rule.match(path):
                    return True
            elif not (rule.of_directories and not is_directory) and rule.match(path):
                return True
        return False


def _parse_rule(line: str) -> _Rule:
    """One line of the file."""
    if "**" in line:
        raise RefusalError("double-star (**) syntax is not supported")
    negates = line.startswith("!")
    line = line.removeprefix("!")
    of_directories = line.endswith("/")
    line = line.removesuffix("/")
    try:
        matches = compile_glob(line.removeprefix("/"), DIRECTORIES)
    except ValueError:
        raise RefusalError("syntax error in pattern") from None
    if "/" in line:
        return _Rule(matches, negates, of_directories)
    return _Rule(lambda path: matches(path.rpartition("/")[2]), negates, of_directories)
