"""The paths of one host and class, and which of them take the requests of which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain

from kubeqed.prove.clauses.ingress_path import PathOfIngress
from kubeqed.prove.requests.coverage import SearchAllowance, find_cover
from kubeqed.prove.requests.languages import prefix_of
from kubeqed.prove.requests.locations import Location, has_patterns, list_locations
from kubeqed.prove.requests.patterns import is_plain


class HostPaths:
    """The paths of a host and class, in source order."""

    def __init__(self, paths: Sequence[PathOfIngress]) -> None:
        self.paths = paths
        self._allowance = SearchAllowance()

    @cached_property
    def has_patterns(self) -> bool:
        """Whether ingress-nginx takes them for patterns."""
        return has_patterns(self.paths)

    def find_slashed(self, path: PathOfIngress) -> list[PathOfIngress]:
        """The path that is another one with a slash at its end, if there is one."""
        return [other for other in self.paths if _is_slashed(other, path)][:1]

    def find_before(self, path: PathOfIngress) -> list[PathOfIngress]:
        """The paths whose locations take all requests of those of a path; none where some request is left to it."""
        takers: dict[int, PathOfIngress] = {}
        for location in self._locations.get(id(path), ()):
            cover = self._find_cover(location)
            if not cover:
                return []
            takers.update((id(one.path), one.path) for one in cover)
        return list(takers.values())

    def _find_cover(self, location: Location) -> list[Location]:
        if location.language is None:
            return []
        start = prefix_of(location.language)
        rivals = (
            one for one in self._find_rivals(location) if one.path is not location.path and location.is_after(one)
        )
        read = [(one, language) for one in rivals if (language := one.language) is not None]
        known = [(one, language) for one, language in read if _may_begin_alike(start, prefix_of(language))]
        cover = find_cover(location.language, [language for _, language in known], self._allowance) if known else None
        return [] if cover is None else [known[at][0] for at in cover]

    def _find_rivals(self, location: Location) -> Iterable[Location]:
        """The locations that may take its requests: of two plain ones the longer takes those of its equal alone."""
        if not is_plain(location.pattern):
            return chain(self._patterns, *self._plain.values())
        return chain(self._patterns, self._plain.get(location.pattern.lower(), ()))

    @cached_property
    def _locations(self) -> dict[int, list[Location]]:
        """The locations of each path, by the identity of the path."""
        found: dict[int, list[Location]] = defaultdict(list)
        for location in list_locations(self.paths):
            found[id(location.path)].append(location)
        return found

    @cached_property
    def _patterns(self) -> list[Location]:
        return [one for several in self._locations.values() for one in several if not is_plain(one.pattern)]

    @cached_property
    def _plain(self) -> dict[str, list[Location]]:
        found: dict[str, list[Location]] = defaultdict(list)
        for location in (one for several in self._locations.values() for one in several if is_plain(one.pattern)):
            found[location.pattern.lower()].append(location)
        return found


def _may_begin_alike(one: str, other: str) -> bool:
    """Whether a text may begin with both; a host has many paths, and few that do."""
    return one.startswith(other) or other.startswith(one)


def _is_slashed(one: PathOfIngress, other: PathOfIngress) -> bool:
    """Whether a Prefix is another one with more slashes at its end: it is longer, and takes the same requests."""
    texts = one.text, other.text
    if texts[0] is None or texts[1] is None or not all(_is_prefix(path) for path in (one, other)):
        return False
    return len(texts[0]) > len(texts[1]) and texts[0].rstrip("/") == texts[1].rstrip("/")


def _is_prefix(path: PathOfIngress) -> bool:
    return isinstance(path.entry.type, str) and path.entry.type == "Prefix"
