"""The matches of an HTTPRoute: which requests each of its rules takes.

https://gateway-api.sigs.k8s.io/reference/spec/#httproutematch
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

from kubeqed.model.kinds.gatewayroute import HTTPRoute
from kubeqed.model.values.fields import Listing, read_field, read_list, read_text, read_text_or
from kubeqed.parse import Mapping, Sequence, Unknown, Value

EXACT = "Exact"
PATH_PREFIX = "PathPrefix"
REGULAR_EXPRESSION = "RegularExpression"


class ValueMatch(NamedTuple):
    """What a header or a query parameter has to be."""

    name: str | Unknown | None
    type: str | Unknown
    value: str | Unknown | None


class HttpMatch(NamedTuple):
    """An entry of `matches`: all of it has to be so. `path` is where it stands; a path of `/` and its type are the defaults."""

    path: str
    type: str | Unknown
    value: str | Unknown
    method: str | Unknown | None
    headers: Listing[ValueMatch]
    queries: Listing[ValueMatch]


class HttpRule(NamedTuple):
    """An entry of `rules`; without `matches` it takes every request, as one match does that has no fields.

    `does` is what becomes of its requests, equal for rules that do the same; None where that is not known.
    """

    path: str
    matches: Listing[HttpMatch]
    does: Hashable | None


def read_http_rules(route: HTTPRoute) -> Listing[HttpRule]:
    """The rules of a route."""
    spec = read_field(route.identity.root, "spec")
    return read_list(spec, "rules", lambda item, index: _read_rule(item, f"spec.rules[{index}]"))


def _read_rule(node: Value, path: str) -> HttpRule:
    matches = read_list(node, "matches", lambda item, index: _read_match(item, f"{path}.matches[{index}]"))
    if not matches.items and matches.more is None:
        matches = Listing((_read_match(None, path),))
    return HttpRule(path, matches, _freeze_rule(node))


def _read_match(node: Value, path: str) -> HttpMatch:
    asked = read_field(node, "path")
    return HttpMatch(
        path,
        read_text_or(asked, "type", PATH_PREFIX),
        read_text_or(asked, "value", "/"),
        read_text(node, "method"),
        read_list(node, "headers", lambda item, _: _read_value(item)),
        read_list(node, "queryParams", lambda item, _: _read_value(item)),
    )


def _read_value(node: Value) -> ValueMatch:
    return ValueMatch(read_text(node, "name"), read_text_or(node, "type", EXACT), read_text(node, "value"))


def _freeze_rule(node: Value) -> Hashable | None:
    if not isinstance(node, Mapping) or node.open:
        return None
    return _freeze_value({key: value for key, value in node.items() if key not in ("matches", "name")})


def _freeze_value(node: object) -> Hashable | None:
    """A value as one that can be compared; None where something in it is not known."""
    if isinstance(node, Unknown) or getattr(node, "open", False):
        return None
    if isinstance(node, Mapping | dict):
        parts = [(key, _freeze_value(value)) for key, value in node.items()]
        return None if any(part is None for _, part in parts) else frozenset(parts)
    if isinstance(node, Sequence):
        several = [_freeze_value(value) for value in node]
        return None if None in several else tuple(several)
    return type(node).__name__, str(node)
