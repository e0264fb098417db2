"""The entries of the configuration's `ignore:`: findings by rule, by path, by object."""

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cache
from itertools import takewhile
from typing import NamedTuple

from kubeqed.diagnostic import Diagnostic, ObjectKey, Suppression
from kubeqed.parse import Place
from kubeqed.rule.finding import Finding
from kubeqed.rule.suppress.suppression import EXTERNAL, UNUSED, RunFacts
from kubeqed.sources import Paths, is_below, is_stream, real_path
from kubeqed.sources.patterns.pattern import Pattern, parse_patterns


class IgnoreRule(NamedTuple):
    """Findings that match all the lists that are not empty; `paths` are patterns as in a .gitignore."""

    place: Place
    reason: str
    rules: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()


class IgnoreSource:
    """All entries. `seen_from` is the directory of the configuration; `covered` says that all of it was read."""

    def __init__(self, entries: Iterable[IgnoreRule], seen_from: Callable[[str], str], *, covered: bool) -> None:
        self._entries = [_Entry(entry) for entry in entries]
        self._covered = covered
        self._relative = seen_from

    def find_suppression(self, finding: Diagnostic) -> Suppression | None:
        """What excuses a finding: the first entry that matches it."""
        path = self._relative(finding.span.file)
        excuses = [entry.suppression for entry in self._entries if entry.covers(finding, path)]
        return excuses[0] if excuses else None

    def complaints(self, facts: RunFacts) -> Iterator[tuple[str, Finding]]:
        """Entries that are not needed; what was not read, or not judged, may need them."""
        unread = [self._relative(path) for path in facts.unread]
        for entry in self._entries if self._covered else ():
            if not (entry.used or entry.may_speak_of(facts.silent) or entry.may_concern(unread)):
                yield UNUSED, Finding(entry.place, "the entry of ignore: suppresses no finding")


class _Entry:
    def __init__(self, entry: IgnoreRule) -> None:
        self.place = entry.place
        self.suppression = Suppression(EXTERNAL, entry.reason)
        self.used = False
        self._rules = entry.rules
        self._paths = [list(parse_patterns(path.removeprefix("./"))) for path in entry.paths]
        self._starts = [_find_start(path) for path in entry.paths]
        self._objects = [_object_parts(glob) for glob in entry.objects]

    def covers(self, finding: Diagnostic, path: str) -> bool:
        matches = (
            (not self._rules or self.may_speak_of((finding.rule,)))
            and (not self._paths or any(_holds_path(lines, path) for lines in self._paths))
            and (not self._objects or any(_is_object(finding.object, parts) for parts in self._objects))
        )
        self.used = self.used or matches
        return matches

    def may_speak_of(self, rules: Iterable[str]) -> bool:
        return any(fnmatchcase(rule, glob) for rule in rules for glob in self._rules)

    def may_concern(self, unread: Iterable[str]) -> bool:
        """Whether a file that was not read, or one below a directory that was not, may be one of its paths."""
        starts = self._starts or [""]
        return any(_is_above(path, start) or _is_above(start, path) for path in unread for start in starts)


def relative_to_configuration(directory: str, paths: Paths) -> Callable[[str], str]:
    """A function from files, as they print, to where they really are from a directory on, with slashes."""
    start = real_path(directory)

    @cache
    def relative(file: str) -> str:
        return file if is_stream(file) else os.path.relpath(paths.real(file), start).replace(os.sep, "/")

    return relative


def _holds_path(lines: list[Pattern], path: str) -> bool:
    """Whether a pattern matches the file or a directory above it."""
    steps = path.split("/")
    above = ["/".join(steps[:length]) for length in range(1, len(steps) + 1)]
    return any(
        not line.negated and line.matches(whole, name, is_directory=whole != path)
        for line in lines
        for whole, name in zip(above, steps, strict=True)
    )


def _find_start(glob: str) -> str:
    """The directory below which all that a pattern matches lies, "" for the top."""
    steps = glob.removeprefix("./").removeprefix("/").rstrip("/").split("/")
    if len(steps) == 1 and not glob.startswith("/"):
        return ""  # matches at any depth
    return "/".join(takewhile(lambda step: not set(step) & set("*?[!\\"), steps))


def _is_above(upper: str, lower: str) -> bool:
    return not upper or is_below(lower, upper)


def _object_parts(glob: str) -> tuple[str, str | None, str]:
    kind, _, rest = glob.partition(" ")
    namespace, slash, name = rest.rpartition("/")
    return kind, namespace if slash else None, name


def _is_object(key: ObjectKey | None, parts: tuple[str, str | None, str]) -> bool:
    kind, namespace, name = parts
    if key is None or not fnmatchcase(key.kind, kind) or not fnmatchcase(key.name or "", name):
        return False
    if namespace is None or key.namespace is None:
        return namespace is key.namespace
    return fnmatchcase(key.namespace, namespace)
