"""Whether some request reaches each path of an Ingress, or other paths of the host take them all before it.

By the specification the longest path goes first, and a Prefix compares elements, so that only a Prefix that differs by a slash at its
end takes all that another one does. ingress-nginx takes the paths of a host for patterns where an annotation asks for it.
https://kubernetes.io/docs/concepts/services-networking/ingress/#multiple-matches
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import chain
from typing import NamedTuple

from kubeqed.parse import Place, Unknown
from kubeqed.prove.clauses.ingress_path import PathOfIngress, lead_elsewhere
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision, Verdict
from kubeqed.prove.engine.facts import make_fact
from kubeqed.prove.questions.ingress_paths import PathIsLiteral, PathTakenOnce, list_paths
from kubeqed.prove.requests.coverage import CoverageGaveUp, SearchAllowance, find_cover
from kubeqed.prove.requests.languages import prefix_of
from kubeqed.prove.requests.locations import Location, has_patterns, list_locations
from kubeqed.prove.requests.patterns import is_plain
from kubeqed.resolve import Resolver
from kubeqed.resolve.ingress_classes import find_serving

_OF_NGINX = "ingress-nginx"
_GAVE_UP = Decision(Verdict.GAVE_UP)


class ReachedAnswer(Answer):
    """Whether a request reaches a path. `takers` are the paths that take them all, `as_pattern` says that they are patterns.

    `by_known_rules` says that the controller is known to match so.
    """

    def __init__(
        self,
        decision: Decision,
        takers: Sequence[PathOfIngress] = (),
        *,
        as_pattern: bool = False,
        by_known_rules: bool = True,
    ) -> None:
        super().__init__(decision)
        self.takers = tuple(takers)
        self.as_pattern = as_pattern
        self.by_known_rules = by_known_rules

    @property
    def related(self) -> tuple[tuple[Place, str], ...]:
        """Where the paths stand that take the requests."""
        return tuple((path.place, f"{path.shown} takes them") for path in self.takers)


class PathReached(NamedTuple):
    """Some request of its host reaches a path; the same path twice is another question."""

    path: PathOfIngress

    def answer(self, graph: Resolver) -> ReachedAnswer:
        """Fails where paths before it take all requests, and one of them leads elsewhere."""
        host = _group_by_host(graph).get(_identify_host(self.path), _HostPaths())
        serving = find_serving(graph, self.path.ingress)
        of_nginx = any(one.id == _OF_NGINX for one in serving or ())
        as_pattern = (serving is None or of_nginx) and host.has_patterns
        try:
            takers = host.find_before(self.path) if as_pattern else host.find_slashed(self.path)
        except CoverageGaveUp:
            return ReachedAnswer(_GAVE_UP)
        if not takers or not self._is_worth_saying(graph, takers):
            return ReachedAnswer(HOLDS)
        involved = (self.path, *takers)
        facts = tuple(make_fact(one.ingress, f"{one.entry.path}.path", one.entry.value) for one in involved)
        return ReachedAnswer(Decision(Verdict.FAILS, facts), takers, as_pattern=as_pattern, by_known_rules=of_nginx)

    def _is_worth_saying(self, graph: Resolver, takers: list[PathOfIngress]) -> bool:
        """Whether a request goes elsewhere than is written, and no other mistake of the same paths says so already."""
        if not any(lead_elsewhere(self.path, other) for other in takers):
            return False
        involved = (self.path, *takers)
        return PathTakenOnce(self.path).answer(graph).holds and all(
            PathIsLiteral(one).answer(graph).holds for one in involved
        )


class _HostPaths:
    """The paths of a host and class, in source order."""

    def __init__(self) -> None:
        self.paths: list[PathOfIngress] = []
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


@lru_cache(maxsize=2)
def _group_by_host(graph: Resolver) -> dict[tuple[str, str] | None, _HostPaths]:
    found: dict[tuple[str, str] | None, _HostPaths] = defaultdict(_HostPaths)
    for path in list_paths(graph):
        found[_identify_host(path)].paths.append(path)
    found.pop(None, None)
    return dict(found)


def _identify_host(path: PathOfIngress) -> tuple[str, str] | None:
    """Class and host; None where one is not known, or where several Ingresses divide the requests of a path on purpose."""
    ingress, named, host = path.ingress, path.ingress.named_class, path.rule.host
    if ingress.is_merged or ingress.annotations.more is not None or isinstance(host, Unknown):
        return None
    if named is None:
        return "", (host or "").lower()
    return None if isinstance(named.name, Unknown) else (named.name, (host or "").lower())


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
