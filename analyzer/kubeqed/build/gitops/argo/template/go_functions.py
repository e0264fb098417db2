"""The functions of Go templates, of sprig and of Argo CD that ApplicationSets use; each on plain values."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any

from kubeqed.build.gitops.argo.names import sanitize_name
from kubeqed.build.gotemplate.printing import print_value, spell_value
from kubeqed.parse import Unknown

Function = Callable[..., Any]
_FORMAT = re.compile(r"%(?P<width>-?0?\d{0,3})(?P<verb>[svdqt%])")
_LONGEST = 1_000_000  # of a text that a template makes
_WIDEST = 1_000  # of what texts are moved by
_MOST_VALUES = 10_000  # in one list or mapping that a template makes


class UnknownValueError(Exception):
    """A value is asked for that is not known here."""


class OpenParameters(dict[str, Any]):
    """Parameters of which there are more than are known."""


def value_at(mapping: dict[str, Any], key: Any) -> Any:
    """An entry of a mapping, None where there is none; an UnknownValueError where it is not known."""
    if key not in mapping and isinstance(mapping, OpenParameters):
        raise UnknownValueError
    return known(mapping.get(key))


def known(value: Any) -> Any:
    """A value; an UnknownValueError for one that is not known."""
    if isinstance(value, Unknown):
        raise UnknownValueError
    return value


def is_true(value: Any) -> bool:
    """Whether `if` takes a value for true: anything but false, 0, null and what is empty."""
    return bool(value)


def _index(value: Any, *keys: Any) -> Any:
    for key in keys:
        if isinstance(value, dict):
            value = value_at(value, key)
        elif value is None:
            raise ValueError("index of untyped nil")
        else:
            if not 0 <= int(key) < len(value):
                raise IndexError(f"index out of range: {key}")
            value = value[int(key)]
    return value


def _equals(first: Any, *others: Any) -> bool:
    """`eq`: whether the first is one of the others; a number and a text cannot be compared."""
    for other in others:
        kinds = {_kind(first), _kind(other)}
        if len(kinds) > 1 and None not in (first, other):
            raise TypeError("incompatible types for comparison")
    return any(first == other for other in others)


def _kind(value: Any) -> str:
    return type(value).__name__


def _compares(test: Callable[[Any, Any], bool]) -> Function:
    def compare(one: Any, other: Any) -> bool:
        if _kind(one) != _kind(other):
            raise TypeError("incompatible types for comparison")
        return test(one, other)

    return compare


def quoted(text: str) -> str:
    """A text as %q writes it."""
    return json.dumps(text, ensure_ascii=False)


def _format(pattern: str, *values: Any) -> str:
    """`printf`; a verb without its value is an error here."""
    rest = list(values)

    def write(match: re.Match[str]) -> str:
        verb = match["verb"]
        if verb == "%":
            return "%"
        value = rest.pop(0)
        if (verb == "d") != (isinstance(value, int) and not isinstance(value, bool)) and verb not in "vs":
            raise TypeError(f"bad value for %{verb}")
        text = quoted(value) if verb == "q" else spell_value(value)
        width = match["width"]
        if width.startswith("-"):
            return text.ljust(int(width[1:] or 0))
        return text.zfill(int(width)) if width.startswith("0") and verb == "d" else text.rjust(int(width or 0))

    made = _FORMAT.sub(write, pattern)
    if rest or "%" in _FORMAT.sub("", pattern):
        raise ValueError("a format that is not done here")
    return made


def _first_true(*values: Any) -> Any:
    return next((one for one in values if is_true(one)), values[-1] if values else None)


def _all_true(*values: Any) -> Any:
    return next((one for one in values if not is_true(one)), values[-1])


def _split(separator: str, text: str) -> dict[str, str]:
    return {f"_{number}": part for number, part in enumerate(text.split(separator))}


def _dig(*arguments: Any) -> Any:
    *keys, default, mapping = arguments
    for key in keys:
        if not isinstance(mapping, dict):
            raise TypeError("dig into what is no mapping")
        value = value_at(mapping, key)
        if key not in mapping:
            return default
        mapping = value
    return mapping


def _has_key(mapping: dict[str, Any], key: str) -> bool:
    if key not in mapping:
        value_at(mapping, key)
    return key in mapping


def _get(mapping: dict[str, Any], key: str) -> Any:
    value = value_at(mapping, key)
    return "" if value is None else value


def _dictionary(*values: Any) -> dict[str, Any]:
    return {print_value(key): value for key, value in zip(values[::2], values[1::2], strict=True)}


def _whole(value: Any) -> int:
    return int(float(value or 0))


def _replace(old: str, new: str, text: str) -> str:
    if text.count(old) * len(new) > _LONGEST:
        raise ValueError("a text that is too long")
    return text.replace(old, new)


def bounded(value: Any) -> Any:
    """What a function gave; a ValueError where it is so large that printing it could take all memory."""
    if isinstance(value, str) and len(value) > _LONGEST:
        raise ValueError("a text that is too long")
    waiting, count = [value], 0
    while waiting:
        one = waiting.pop()
        inside = list(one.values()) if isinstance(one, dict) else one if isinstance(one, list) else []
        count += len(inside)
        if count > _MOST_VALUES:
            raise ValueError("too many values")
        waiting += [item for item in inside if isinstance(item, dict | list)]
    return value


def _truncate(count: int, text: str) -> str:
    return text[:count] if count >= 0 else text[count:]


def _indent(count: int, text: str) -> str:
    if count > _WIDEST or count * text.count("\n") > _LONGEST:
        raise ValueError("an indentation that is too wide")
    return " " * count + text.replace("\n", "\n" + " " * count)


def _json(value: Any) -> str:
    """A value as JSON, which is YAML too, wherever a template puts it."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain(value: Any) -> Any:
    """A value whose whole numbers are written without a point."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else known(value)


FUNCTIONS: dict[str, Function] = {
    "eq": _equals,
    "ne": lambda one, other: not _equals(one, other),
    "lt": _compares(lambda one, other: one < other),
    "le": _compares(lambda one, other: one <= other),
    "gt": _compares(lambda one, other: one > other),
    "ge": _compares(lambda one, other: one >= other),
    "and": _all_true,
    "or": _first_true,
    "not": lambda value: not is_true(value),
    "index": _index,
    "len": len,
    "print": lambda *values: "".join(map(spell_value, values)),
    "printf": _format,
    "default": lambda other, value=None: value if is_true(value) else other,
    "coalesce": _first_true,
    "empty": lambda value: not is_true(value),
    "ternary": lambda yes, no, test: yes if test else no,
    "lower": lambda text: text.lower(),
    "upper": lambda text: text.upper(),
    "trim": lambda text: text.strip(),
    "trimAll": lambda cut, text: text.strip(cut),
    "trimPrefix": lambda cut, text: text.removeprefix(cut),
    "trimSuffix": lambda cut, text: text.removesuffix(cut),
    "replace": _replace,
    "contains": lambda part, text: part in text,
    "hasPrefix": lambda part, text: text.startswith(part),
    "hasSuffix": lambda part, text: text.endswith(part),
    "quote": lambda *values: " ".join(quoted(print_value(one)) for one in values if one is not None),
    "squote": lambda *values: " ".join(f"'{print_value(one)}'" for one in values if one is not None),
    "cat": lambda *values: " ".join(print_value(one) for one in values if one is not None),
    "trunc": _truncate,
    "nospace": lambda text: re.sub(r"\s", "", text),
    "indent": _indent,
    "nindent": lambda count, text: "\n" + _indent(count, text),
    "split": _split,
    "splitList": lambda separator, text: text.split(separator),
    "join": lambda separator, values: separator.join(print_value(one) for one in values if one is not None),
    "list": lambda *values: list(values),
    "dict": _dictionary,
    "first": lambda values: values[0] if values else None,
    "last": lambda values: values[-1] if values else None,
    "rest": lambda values: values[1:],
    "initial": lambda values: values[:-1],
    "has": lambda value, values: value in values,
    "keys": sorted,
    "hasKey": _has_key,
    "get": _get,
    "dig": _dig,
    "toString": spell_value,
    "int": _whole,
    "int64": _whole,
    "atoi": _whole,
    "add": lambda *values: sum(map(_whole, values)),
    "sub": lambda one, other: _whole(one) - _whole(other),
    "kindIs": lambda kind, value: {"dict": "map", "list": "slice", "str": "string"}.get(_kind(value)) == kind,
    "b64enc": lambda text: base64.b64encode(text.encode()).decode(),
    "normalize": sanitize_name,
    **dict.fromkeys(("toJson", "toRawJson", "toYaml"), _json),
}
