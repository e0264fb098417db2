"""One line of a `.gitignore`, asked of one directory entry at a time, as git does.

Own code and no library: the usual one costs twice the start of Python, and asks of whole paths, where git lets the
last pattern that matches an entry decide (`!*` and then `a` ignores the directory `a`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

_SPECIAL = re.compile(r"[*?\[\\]")
_TOKEN = re.compile(
    r"(?P<stars>(?<![^/])\*\*+(?=/|$)/?)"
    r"|(?P<star>\*+)"
    r"|(?P<any>\?)"
    r"|\[(?P<negated>[!^]?)(?P<members>(?:\[:\w*:\]|\\.|[^\\])(?:\[:\w*:\]|\\.|[^\\\]])*)\]"
    r"|\\(?P<escaped>.)"
    r"|(?P<plain>[^\[\\])",
    re.DOTALL,
)
_MEMBER = re.compile(r"\[:(?P<named>\w*):\]|(?P<first>\\.|.)(?:-(?P<last>\\.|.))?", re.DOTALL)
_NAMED = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": r"\ \t",
    "digit": "0-9",
    "lower": "a-z",
    "space": r"\s",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}


class Pattern(NamedTuple):
    """`whole`: it speaks of the path from its file's directory, not of the name alone."""

    negated: bool
    directories_only: bool
    whole: bool
    test: Callable[[str], object]

    def matches(self, path: str, name: str, *, is_directory: bool) -> bool:
        """Whether it matches the entry `name` at `path`."""
        return (is_directory or not self.directories_only) and bool(self.test(path if self.whole else name))


def patterns(text: str) -> Iterator[Pattern]:
    """The patterns of an ignore file, in its order; what git cannot read never matches, so it is left out."""
    for line in text.split("\n"):
        glob = _trimmed(line.removesuffix("\r"))
        if line.startswith("#"):
            continue
        negated = glob.startswith("!")
        glob = glob.removeprefix("!")
        directories_only = glob.endswith("/")
        glob = glob.removesuffix("/")
        whole = "/" in glob
        test = _test(glob.removeprefix("/"), whole=whole)
        if test:
            yield Pattern(negated, directories_only, whole, test)


def _trimmed(line: str) -> str:
    end = len(line.rstrip(" "))
    backslashes = end - len(line[:end].rstrip("\\"))
    return line[: end + 1] if backslashes % 2 else line[:end]


def _test(glob: str, *, whole: bool) -> Callable[[str], object] | None:
    if not glob:
        return None
    if not _SPECIAL.search(glob):
        return glob.__eq__
    tail = glob[1:]
    if glob[0] == "*" and not whole and not _SPECIAL.search(tail):
        return lambda name: name.endswith(tail)
    expression = _expression(glob)
    return None if expression is None else re.compile(expression, re.DOTALL).fullmatch


def _expression(glob: str) -> str | None:
    literal, glob = _split(glob)  # git does so too, therefore `a**/b` matches `ab`
    expression = re.escape(literal)
    position = 0
    while position < len(glob):
        token = _TOKEN.match(glob, position)
        piece = token and _piece(token)
        if not token or piece is None:
            return None
        expression += piece
        position = token.end()
    return expression


def _split(glob: str) -> tuple[str, str]:
    special = _SPECIAL.search(glob)
    start = special.start() if special else len(glob)
    return glob[:start], glob[start:]


def _piece(token: re.Match[str]) -> str | None:
    if token["stars"]:
        return "(?:.*/)?" if token["stars"].endswith("/") else ".*"
    if token["star"]:
        return "[^/]*"
    if token["any"]:
        return "[^/]"
    if token["members"]:
        members = _members(token["members"])
        return None if members is None else f"(?!/)[{'^' if token['negated'] else ''}{members}]"
    return re.escape(token["escaped"] or token["plain"])


def _members(members: str) -> str | None:
    expression = ""
    for member in _MEMBER.finditer(members):
        if member["named"] is not None:
            if member["named"] not in _NAMED:
                return None
            expression += _NAMED[member["named"]]
            continue
        first, last = member["first"][-1], (member["last"] or member["first"])[-1]
        expression += re.escape(first)
        if first < last:
            expression += f"-{re.escape(last)}"
    return expression
