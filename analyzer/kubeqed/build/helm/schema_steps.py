"""Bounds what a schema may ask for: references that double at each step, patterns, items compared with each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from kubeqed.build.linear_pattern import CostlyPatternError, LinearPattern

_MOST_STEPS = 200_000  # keywords that are looked at, each some microseconds
_OF_COMPARING = 100  # comparisons of items in the time of a keyword
_DIALECT = "$schema"
Keyword = Callable[[Any, Any, Any, Any], Iterable[Any] | None]


def bound_validator(kind: Any) -> Any:
    """A validator class that raises a CostlyPatternError where it takes too many steps."""
    from jsonschema import validators

    steps = _Steps()
    keywords: dict[str, Keyword] = dict(kind.VALIDATORS)
    keywords["pattern"] = _match_pattern
    counted = {name: steps.counted(name, one) for name, one in keywords.items()}
    types = kind.TYPE_CHECKER.redefine("integer", _is_whole)
    return validators.extend(kind, counted, type_checker=types)  # type: ignore[no-untyped-call]  # of the library


def _is_whole(_: Any, value: Any) -> bool:
    """Whether a value is an integer: all numbers of values are floats, and draft 4 of the library knows none of them."""
    return not isinstance(value, bool) and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))


class _Steps:
    """The steps that are left."""

    def __init__(self) -> None:
        self._left = _MOST_STEPS

    def counted(self, name: str, keyword: Keyword) -> Keyword:
        """A keyword whose calls are counted."""

        def call(validator: Any, value: Any, instance: Any, schema: Any) -> Iterable[Any] | None:
            self._left -= 1
            if name == "uniqueItems" and isinstance(instance, list):
                self._left -= len(instance) ** 2 // _OF_COMPARING
            if self._left < 0:
                raise CostlyPatternError
            if name in ("patternProperties", "additionalProperties", "unevaluatedProperties"):
                _check_patterns(schema, instance)
            return keyword(validator, value, instance, schema)

        return call


@lru_cache(maxsize=256)
def _compile_pattern(pattern: str) -> LinearPattern:
    return LinearPattern(pattern)


def _match_pattern(validator: Any, pattern: Any, instance: Any, _: Any) -> Iterable[Any]:
    """`pattern`, in time that grows with the text."""
    from jsonschema import ValidationError

    if validator.is_type(instance, "string") and _compile_pattern(pattern).search(instance) is None:
        yield ValidationError("does not match")


def _check_patterns(schema: Any, instance: Any) -> None:
    """Refuses patterns for keys that take Python's engine too long; the library asks it."""
    keys = instance if isinstance(instance, dict) else {}
    longest = max(keys, key=len, default="")
    for pattern in schema.get("patternProperties", {}) if keys else ():
        if not _compile_pattern(pattern).is_cheap(longest):
            raise CostlyPatternError


def drop_dialects(schema: Any) -> None:
    """Takes `$schema` out of the parts of a schema: what it names would be another validator, which counts nothing."""
    waiting = [*schema.values()] if isinstance(schema, dict) else []
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if isinstance(one.get(_DIALECT), str):
                del one[_DIALECT]
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
