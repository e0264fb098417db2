"""Whether some request reaches each match of an HTTPRoute, or matches that are asked before it take them all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kubeqed.diagnostic import list_text
from kubeqed.model.kinds.gatewayroute import HTTPRoute, ParentReference
from kubeqed.model.kinds.httpmatch import HttpMatch, HttpRule, read_http_rules
from kubeqed.parse import Place, Unknown
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision, Verdict
from kubeqed.prove.engine.formula import Fact
from kubeqed.prove.requests.coverage import CoverageGaveUp
from kubeqed.prove.requests.matches import Requests, read_requests
from kubeqed.resolve import Resolver


class MatchOfRoute(NamedTuple):
    """A match of a rule of an HTTPRoute; `requests` is None where something of it is not known, `number` its place in the source."""

    route: HTTPRoute
    rule: HttpRule
    match: HttpMatch
    requests: Requests | None
    number: int

    @property
    def place(self) -> Place:
        """Where it stands; the rule where none is written."""
        return self.route.at(self.match.path)

    @property
    def shown(self) -> str:
        """What it asks for, as people write it: `GET /v1 with header x-version`."""
        asked = self.requests
        if asked is None:
            return self.match.path
        names = [f"header {name}" for name, _ in asked.headers] + [f"parameter {name}" for name, _ in asked.queries]
        conditions = f" with {list_text(names)}" if names else ""
        return f"{asked.method or 'any request of'} {self.match.value}{conditions}"


class MatchAnswer(Answer):
    """Whether a request reaches a match; `taker` is the one that takes them all."""

    def __init__(self, decision: Decision, path: MatchOfRoute, taker: MatchOfRoute | None = None) -> None:
        super().__init__(decision)
        self._path = path
        self._taker = taker

    @property
    def taker(self) -> MatchOfRoute:
        """The match that takes the requests; LookupError when the property holds."""
        if self._taker is None:
            raise LookupError("some request reaches the match")
        return self._taker

    @property
    def is_by_specification(self) -> bool:
        """Whether the specification alone says so: no regular expression, and no prefix that differs by a slash."""
        both = [one.requests for one in (self._path, self.taker)]
        return all(one is not None and not one.has_patterns for one in both) and not self.differs_by_slash

    @property
    def differs_by_slash(self) -> bool:
        """Whether the two are prefixes of different length."""
        mine, others = self._path.requests, self.taker.requests
        return mine is not None and others is not None and mine.length != others.length


class MatchReached(NamedTuple):
    """Some request reaches a match of a rule that does otherwise than those before it."""

    match: MatchOfRoute

    def answer(self, graph: Resolver) -> MatchAnswer:
        """Fails where a match that is asked before takes all its requests."""
        mine = self.match.requests
        if mine is None or self.match.rule.does is None:
            return MatchAnswer(HOLDS, self.match)
        try:
            taker = next(self._find_takers(graph, mine), None)
        except CoverageGaveUp:
            return MatchAnswer(Decision(Verdict.GAVE_UP), self.match)
        if taker is None:
            return MatchAnswer(HOLDS, self.match)
        facts = tuple(Fact(True, f"{one.route} {one.match.path} is a match", one.place) for one in (self.match, taker))
        return MatchAnswer(Decision(Verdict.FAILS, facts), self.match, taker)

    def _find_takers(self, graph: Resolver, mine: Requests) -> Iterator[MatchOfRoute]:
        """The matches before it that take its requests and lead elsewhere, those of its own route first.

        Of two routes the older one goes first, which nobody can see: one of two equal matches is in vain, and the later is told.
        """
        several = _by_audience(graph).get(_find_audience(self.match.route), ())
        for other in sorted(several, key=lambda other: other.route is not self.match.route):
            theirs, leads_elsewhere = other.requests, other.rule.does not in (None, self.match.rule.does)
            is_asked_before = theirs is not None and mine.goes_after(theirs, is_later=other.number < self.match.number)
            if theirs is not None and leads_elsewhere and is_asked_before and mine.is_taken_by(theirs):
                yield other


def list_matches(graph: Resolver) -> tuple[MatchOfRoute, ...]:
    """The matches of all HTTPRoutes of a unit, in source order."""
    return _list_matches(graph)


@lru_cache(maxsize=2)  # identity tells the matches apart
def _list_matches(graph: Resolver) -> tuple[MatchOfRoute, ...]:
    found = (
        (route, rule, match)
        for route in graph.unit.of(HTTPRoute)
        for rule in read_http_rules(route)
        for match in rule.matches
    )
    return tuple(
        MatchOfRoute(route, rule, match, read_requests(match), number)
        for number, (route, rule, match) in enumerate(found)
    )


@lru_cache(maxsize=2)
def _by_audience(graph: Resolver) -> dict[object, list[MatchOfRoute]]:
    found: dict[object, list[MatchOfRoute]] = defaultdict(list)
    for match in _list_matches(graph):
        found[_find_audience(match.route)].append(match)
    return found


def _find_audience(route: HTTPRoute) -> object:
    """What routes share that get the same requests: parents and hostnames; the route itself where they are not all seen.

    An unknown value, such as a namespace that is not set, equals itself.
    """
    if route.parents.more is not None or route.hostnames.more is not None or not route.parents.items:
        return id(route)
    hosts = frozenset(_identify_value(host) for host in route.hostnames)
    return hosts, frozenset(_describe_parent(route, parent) for parent in route.parents)


def _describe_parent(route: HTTPRoute, parent: ParentReference) -> tuple[object, ...]:
    namespace = route.namespace if parent.namespace is None else parent.namespace
    parts = (parent.group, parent.kind, namespace, parent.name, parent.section, parent.port)
    return tuple(map(_identify_value, parts))


def _identify_value(value: object) -> object:
    return value.term if isinstance(value, Unknown) else value.lower() if isinstance(value, str) else value
