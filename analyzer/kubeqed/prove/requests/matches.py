"""Which match of an HTTPRoute takes a request of which others: what each asks for, and the order in which they are asked.

A match goes first by an Exact path, a longer prefix, a method, more headers, more query parameters; then the first of its route.
Where a regular expression of a path goes is up to the implementation. A prefix compares elements:
https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kubeqed.model.kinds.httpmatch import EXACT, PATH_PREFIX, REGULAR_EXPRESSION, HttpMatch, ValueMatch
from kubeqed.model.values.fields import Listing
from kubeqed.parse import Unknown
from kubeqed.prove.requests.coverage import find_cover
from kubeqed.prove.requests.languages import contains, text_of
from kubeqed.prove.requests.patterns import read_whole

Conditions = tuple[tuple[str, tuple[str, str]], ...]


class Requests(NamedTuple):
    """The requests that a match asks for, all of it known. A path loses the slashes at its end where it is a prefix.

    `length` is that of a prefix as it is written, which is what the order compares.
    """

    type: str
    value: str
    length: int
    method: str | None
    headers: Conditions
    queries: Conditions

    @property
    def rank(self) -> tuple[int, ...]:
        """What goes first has the greater rank."""
        kind = (REGULAR_EXPRESSION, PATH_PREFIX, EXACT).index(self.type)
        return kind, self.length, int(self.method is not None), len(self.headers), len(self.queries)

    def goes_after(self, other: Requests, *, is_later: bool) -> bool:
        """Whether another match is surely asked before this one; `is_later` says that this one comes later in the route."""
        if (self.type == REGULAR_EXPRESSION) is not (other.type == REGULAR_EXPRESSION):
            return False
        return other.rank > self.rank or (other.rank == self.rank and is_later)

    def is_taken_by(self, other: Requests) -> bool:
        """Whether another match, if it is asked, takes every request of this one.

        One that goes before has the same path, or a prefix that differs by a slash: a shorter prefix is asked later, an Exact path
        takes one path of many.
        """
        if (self.type, self.value) != (other.type, other.value) or other.method not in (None, self.method):
            return False
        return _imply_all(self.headers, other.headers) and _imply_all(self.queries, other.queries)

    @property
    def has_patterns(self) -> bool:
        """Whether it holds a regular expression, whose language is up to the implementation."""
        kinds = [kind for _, (kind, _) in (*self.headers, *self.queries)]
        return REGULAR_EXPRESSION in (self.type, *kinds)


def read_requests(match: HttpMatch) -> Requests | None:
    """What a match asks for; None where something of it is not known."""
    headers, queries = _read_conditions(match.headers, folds=True), _read_conditions(match.queries, folds=False)
    if isinstance(match.type, Unknown) or isinstance(match.value, Unknown) or isinstance(match.method, Unknown):
        return None
    if match.type not in (EXACT, PATH_PREFIX, REGULAR_EXPRESSION) or headers is None or queries is None:
        return None
    is_prefix = match.type == PATH_PREFIX
    value = match.value.rstrip("/") if is_prefix else match.value
    return Requests(match.type, value, len(match.value) if is_prefix else 0, match.method, headers, queries)


def _read_conditions(several: Listing[ValueMatch], *, folds: bool) -> Conditions | None:
    """Conditions by name, of one name the first: the others are ignored; names of headers have no case."""
    found: dict[str, tuple[str, str]] = {}
    if several.more is not None:
        return None
    for one in several:
        if not (isinstance(one.name, str) and isinstance(one.type, str) and isinstance(one.value, str)):
            return None
        found.setdefault(one.name.lower() if folds else one.name, (one.type, one.value))
    return tuple(sorted(found.items()))


def _imply_all(these: Conditions, those: Iterable[tuple[str, tuple[str, str]]]) -> bool:
    """Whether whatever meets these conditions meets those."""
    known = dict(these)
    return all(name in known and _implies_condition(known[name], asked) for name, asked in those)


def _implies_condition(this: tuple[str, str], that: tuple[str, str]) -> bool:
    """Whether a value that is as one condition asks is as the other asks too."""
    if this == that:
        return True
    if that[0] != REGULAR_EXPRESSION:
        return False
    mine = text_of(this[1]) if this[0] == EXACT else read_whole(this[1])
    wider = read_whole(that[1])
    if mine is None or wider is None:
        return False
    return contains(wider, this[1]) if this[0] == EXACT else find_cover(mine, [wider]) is not None
