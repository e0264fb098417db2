"""One line of a `.gitignore`, asked of one directory entry at a time, as git does.

Own code and no library: the usual one asks of whole paths, where git lets the last pattern that matches an entry decide
(`!*` and then `a` ignores the directory `a`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from kubeqed.sources.patterns.wildmatch import compile_glob

_SPECIAL = re.compile(r"[*?\[\\]")


class Pattern(NamedTuple):
    """`whole`: it speaks of the path from its file's directory, not of the name alone."""

    negated: bool
    directories_only: bool
    whole: bool
    test: Callable[[str], object]

    def matches(self, path: str, name: str, *, is_directory: bool) -> bool:
        """Whether it matches the entry `name` at `path`."""
        return (is_directory or not self.directories_only) and bool(self.test(_as_bytes(path if self.whole else name)))


def parse_patterns(text: str) -> Iterator[Pattern]:
    """The patterns of an ignore file, in its order; what git cannot read never matches, so it is left out."""
    for line in text.split("\n"):
        glob = _trim_line(line.removesuffix("\r"))
        if line.startswith("#"):
            continue
        negated = glob.startswith("!")
        glob = glob.removeprefix("!")
        directories_only = glob.endswith("/")
        glob = glob.removesuffix("/")
        whole = "/" in glob
        test = _compile_test(_as_bytes(glob.removeprefix("/")), whole=whole)
        if test:
            yield Pattern(negated, directories_only, whole, test)


def _as_bytes(text: str) -> str:
    """One character for each byte that git sees."""
    return text if text.isascii() else os.fsencode(text).decode("latin-1")


def _trim_line(line: str) -> str:
    end = len(line.rstrip(" "))
    backslashes = end - len(line[:end].rstrip("\\"))
    return line[: end + 1] if backslashes % 2 else line[:end]


def _compile_test(glob: str, *, whole: bool) -> Callable[[str], object] | None:
    if not glob:
        return None
    special = _SPECIAL.search(glob)
    if not special:
        return glob.__eq__
    tail = glob[1:]
    if glob[0] == "*" and not whole and not _SPECIAL.search(tail):
        return lambda name: name.endswith(tail)
    literal, glob = glob[: special.start()], glob[special.start() :]  # git does so too, therefore `a**/b` matches `ab`
    wild = compile_glob(glob)
    return None if wild is None else re.compile(re.escape(literal) + wild, re.DOTALL).fullmatch
