"""Regular expressions and label selectors as kustomize reads them, which may be anybody's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from kubeqed.build.linear_pattern import CostlyPatternError, LinearPattern
from kubeqed.build.refusal import RefusalError, UnbuiltError

_NOT_OURS = re.compile(r"\\[1-9pP]")
_TOO_LONG = "a pattern that takes too long to try"
_TERM = re.compile(
    r"\s*(?:!\s*(?P<absent>[\w./-]+)|(?P<key>[\w./-]+)\s*(?:(?P<sign>==|=|!=)\s*(?P<value>[\w.-]*)"
    r"|(?P<set>in|notin)\s*\((?P<values>[^()]*)\))?)\s*(?:,|\Z)"
)


def matches(pattern: str, text: str) -> bool:
    """Whether an anchored pattern matches a whole text; an empty one matches any."""
    return pattern == "" or matches_whole(compiled(f"(?:{pattern})"), text)


def matches_whole(pattern: LinearPattern, text: str) -> bool:
    """Whether a pattern matches a whole text; an UnbuiltError if trying it takes too long."""
    try:
        return pattern.fullmatch(text) is not None
    except CostlyPatternError:
        raise UnbuiltError(_TOO_LONG) from None


def finds(pattern: LinearPattern, text: str) -> bool:
    """Whether a pattern matches somewhere in a text; an UnbuiltError if trying it takes too long."""
    try:
        return pattern.search(text) is not None
    except CostlyPatternError:
        raise UnbuiltError(_TOO_LONG) from None


@lru_cache(maxsize=256)
def compiled(pattern: str, more: str = "") -> LinearPattern:
    """A pattern, followed by one of kubeqed's own; a RefusalError when it is none, an UnbuiltError for what Python reads otherwise."""
    if _NOT_OURS.search(pattern):
        raise UnbuiltError(f"the pattern {pattern!r}, of which a part is not done here")
    try:
        return LinearPattern(pattern + more)
    except (re.error, RecursionError, OverflowError) as error:
        raise RefusalError(f"error parsing regexp: {error}: `{pattern}`") from None


def selects(selector: str, labels: Mapping[str, str]) -> bool:
    """Whether a label selector (`app=web,tier in (a,b),!old`) selects labels; an empty one selects all.

    A RefusalError when it is none.
    """
    position = 0
    while position < len(selector):
        term = _TERM.match(selector, position)
        if term is None or term.end() == position:
            raise RefusalError(f"unable to parse requirement: found '{selector[position:]}'")
        position = term.end()
        if not _meets_term(term, labels):
            return False
    return True


def _meets_term(term: re.Match[str], labels: Mapping[str, str]) -> bool:
    if term["absent"]:
        return term["absent"] not in labels
    key = term["key"]
    if term["sign"]:
        return (labels.get(key) == term["value"]) != (term["sign"] == "!=")
    if term["set"]:
        values = {value.strip() for value in term["values"].split(",")}
        return (labels.get(key) in values) if term["set"] == "in" else (labels.get(key) not in values)
    return key in labels
