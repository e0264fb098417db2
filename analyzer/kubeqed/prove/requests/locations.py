"""The locations that ingress-nginx writes for the paths of a host that has patterns, in the order in which nginx asks them.

Where one Ingress of a host has `use-regex`, or a `rewrite-target` other than its path, every path of the host is a pattern, Exact
and Prefix too, whichever Ingress it stands in. The longest path comes first, and the first that matches takes the request:
https://kubernetes.github.io/ingress-nginx/user-guide/ingress-path-matching/#path-priority
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kubeqed.model.kinds.ingress import Ingress
from kubeqed.parse import Unknown
from kubeqed.prove.clauses.ingress_path import PathOfIngress
from kubeqed.prove.requests.languages import Language
from kubeqed.prove.requests.patterns import read_location

_PREFIX = "nginx.ingress.kubernetes.io/"
_TRUE = ("1", "t", "T", "true", "TRUE", "True")  # as Go reads a boolean


class Location(NamedTuple):
    """One of the locations of a path; `number` is its place in the source."""

    path: PathOfIngress
    pattern: str
    number: int

    @property
    def language(self) -> Language | None:
        """The requests that it takes if none before it does; None where its pattern is not understood."""
        return read_location(self.pattern)

    def is_after(self, other: Location) -> bool:
        """Whether nginx surely asks the other one before it; of two equal ones that is known within one Ingress alone."""
        if self.pattern == other.pattern:
            return self.path.ingress is other.path.ingress and other.number < self.number
        mine, others = (len(one.pattern.encode()) for one in (self, other))
        return others > mine or (others == mine and other.pattern.encode() > self.pattern.encode())


def has_patterns(paths: Sequence[PathOfIngress]) -> bool:
    """Whether the controller takes the paths of a host for patterns."""
    return any(_is_pattern(path) for path in paths)


def list_locations(paths: Sequence[PathOfIngress]) -> Iterator[Location]:
    """The locations of all paths of a host, in source order."""
    exact = {path.text for path in paths if isinstance(path.entry.type, str) and path.entry.type == "Exact"}
    for number, path in enumerate(paths):
        text, kind = path.text, path.entry.type
        if text is None or isinstance(kind, Unknown):
            continue
        if text == "/" or kind != "Prefix" or _is_pattern(path):
            yield Location(path, text, number)
            continue
        yield Location(path, text if text.endswith("/") else f"{text}/", number)
        if text not in exact:
            yield Location(path, text, number)


def _is_pattern(path: PathOfIngress) -> bool:
    """Whether the Ingress of a path makes patterns of the paths of its host."""
    target = _read_annotation(path.ingress, "rewrite-target")
    return _read_annotation(path.ingress, "use-regex") in _TRUE or target not in ("", path.text)


def _read_annotation(ingress: Ingress, name: str) -> str:
    """The value of one of the controller's annotations; empty where it is not there or not known."""
    value = ingress.annotations.entries.get(f"{_PREFIX}{name}")
    return value.strip() if isinstance(value, str) else ""
