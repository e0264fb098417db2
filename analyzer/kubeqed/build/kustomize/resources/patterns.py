"""Regular expressions and label selectors as kustomize reads them, which may be anybody's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from kubeqed.build.refusal import RefusalError, UnbuiltError

_NESTED = re.compile(r"[*+?}]\)?[*+{]|\([^()]*[*+{][^()]*\)[*+?{]|\\[1-9pP]")
_MOST_REPEATS = 4
_TERM = re.compile(
    r"\s*(?:!\s*(?P<absent>[\w./-]+)|(?P<key>[\w./-]+)\s*(?:(?P<sign>==|=|!=)\s*(?P<value>[\w.-]*)"
    r"|(?P<set>in|notin)\s*\((?P<values>[^()]*)\))?)\s*(?:,|\Z)"
)


def matches(pattern: str, text: str) -> bool:
    """Whether an anchored pattern matches a whole text; an empty one matches any."""
    return pattern == "" or compiled(f"(?:{pattern})").fullmatch(text) is not None


@lru_cache(maxsize=256)
def compiled(pattern: str, more: str = "") -> re.Pattern[str]:
    """A pattern, followed by one of kubeqed's own; a RefusalError when it is none, an UnbuiltError when trying it could take too long.

    The tool's engine takes time in proportion to the text, Python's does not where repetitions are nested.
    """
    if len(re.findall(r"[*+{]", pattern)) > _MOST_REPEATS or _NESTED.search(pattern.replace("(?:", "(")):
        raise UnbuiltError(f"the pattern {pattern!r}, which may take too long to try")
    try:
        return re.compile(pattern + more)
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
