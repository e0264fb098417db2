"""The functions of Go's text/template itself; `and` and `or` stand in `execution`, which asks for one argument at a time."""

from __future__ import annotations

import html
import urllib.parse
from collections.abc import Callable
from typing import Any

from kubeqed.build.gotemplate.printf.pattern import format_values
from kubeqed.build.gotemplate.printing import NO_VALUE, print_all, print_line, spell_value
from kubeqed.build.gotemplate.text import cut
from kubeqed.build.gotemplate.values import TemplateError, TemplateObject, entry_of, is_true, item_of, kind_of, type_of

_BAD_COMPARISON = "incompatible types for comparison: {} and {}"
_BAD_TYPE = "invalid type for comparison"


def _basic_kind(value: Any) -> str:
    """Go's kind as comparisons see it; empty for what cannot be compared."""
    kind = kind_of(value)
    return {"int64": "int", "map": "", "slice": "", "invalid": "", "struct": ""}.get(kind, kind)


def equals(first: Any, *others: Any) -> bool:
    """`eq`: whether the first is one of the others; a TemplateError for a number and a text. nil compares with all."""
    if not others:
        raise TemplateError("missing argument for comparison")
    kind = _basic_kind(first)
    for other in others:
        if kind != _basic_kind(other):
            if first is not None and other is not None:
                raise TemplateError(_BAD_COMPARISON.format(type_of(first), type_of(other)))
        elif kind:
            if first == other:
                return True
        elif _are_same(first, other):
            return True
    return False


def _are_same(first: Any, other: Any) -> bool:
    """Of what has no basic kind: nil is nil alone, and maps and lists cannot be compared."""
    if first is None or other is None:
        return first is other
    if kind_of(first) != kind_of(other):
        shown = f"{format_values('%s', first)}: {type_of(first)}, {type_of(other)}: {spell_value(other)}"
        raise TemplateError(f"non-comparable types {shown}")
    raise TemplateError(f"non-comparable type {format_values('%s', other)}: {type_of(other)}")


def _compare_values(one: Any, other: Any) -> int:
    """-1, 0 or 1, as the first is less than, equal to or greater than the other."""
    kind, other_kind = _basic_kind(one), _basic_kind(other)
    if not kind or not other_kind:
        raise TemplateError(_BAD_TYPE)
    if kind != other_kind:
        raise TemplateError(_BAD_COMPARISON.format(type_of(one), type_of(other)))
    if kind == "bool":
        raise TemplateError(_BAD_TYPE)
    return int(one > other) - int(one < other)


def index(value: Any, *keys: Any) -> Any:
    """`index`: what stands under keys, one inside of the other."""
    if value is None:
        raise TemplateError("index of untyped nil")
    for key in keys:
        if isinstance(value, dict):
            if key is None:
                raise TemplateError("value is nil; should be of type string")
            if not isinstance(key, str):
                raise TemplateError(f"value has type {type_of(key)}; should be string")
            value = entry_of(value, key)
        elif isinstance(value, list | str):
            value = item_of(value, _check_index(key, len(value)))
        elif value is None:
            raise TemplateError("index of nil pointer")
        else:
            raise TemplateError(f"can't index item of type {type_of(value)}")
    return value


def _check_index(key: Any, length: int, *, may_be_end: bool = False) -> int:
    """An index into a list or a text; an error in Go's words where it is none."""
    if key is None:
        raise TemplateError("cannot index slice/array with nil")
    if isinstance(key, bool) or not isinstance(key, int):
        raise TemplateError(f"cannot index slice/array with type {type_of(key)}")
    if not 0 <= key < length + may_be_end:
        raise TemplateError(f"index out of range: {key}")
    return key


def take_slice(value: Any, *bounds: Any) -> Any:
    """`slice`: a part of a list or a text; a TemplateError for any other value, and for bounds that Go refuses."""
    if value is None:
        raise TemplateError("slice of untyped nil")
    if not isinstance(value, list | str):
        raise TemplateError(f"can't slice item of type {type_of(value)}")
    if len(bounds) > 3:
        raise TemplateError(f"too many slice indexes: {len(bounds)}")
    if len(bounds) > 2 and isinstance(value, str):
        raise TemplateError("cannot 3-index slice a string")
    if isinstance(value, str) and not value.isascii():
        start, end = _check_bounds(bounds, len(value.encode()))
        return value.encode()[start:end].decode("utf-8", "replace")
    start, end = _check_bounds(bounds, len(value))
    return cut(value, start, end) if isinstance(value, str) else value[start:end]


def _check_bounds(bounds: tuple[Any, ...], length: int) -> tuple[int, int]:
    """Where a slice begins and ends; an error in Go's words where it cannot."""
    positions = [_check_index(bound, length, may_be_end=True) for bound in bounds]
    start, end, limit = (*positions, *(0, length, length)[len(positions) :])
    for low, high in ((start, end), (end, limit)):
        if low > high:
            raise TemplateError(f"invalid slice index: {low} > {high}")
    return start, end


def length(value: Any) -> int:
    """`len`: the bytes of a text, the items of a list, the entries of a map; a TemplateError for any other value."""
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, list | dict):
        return len(value)
    if isinstance(value, TemplateObject) and (items := value.items()) is not None:
        return len(items)
    raise TemplateError("len of nil pointer" if value is None else f"len of type {type_of(value)}")


def _call_value(function: Any, *arguments: Any) -> Any:
    """`call`: calls a value that is a function."""
    if function is None:
        raise TemplateError("call of nil")
    if not callable(function):
        raise TemplateError(f"non-function of type {type_of(function)}")
    return function(*arguments)


def _escaped_text(values: tuple[Any, ...]) -> str:
    """What is to be escaped; nil is printed as an action prints it."""
    return print_all(*(NO_VALUE if value is None else value for value in values))


def _escape_html(*values: Any) -> str:
    """`html`."""
    text = _escaped_text(values)
    return html.escape(text, quote=False).replace('"', "&#34;").replace("'", "&#39;").replace("\0", "\ufffd")


def _escape_script(*values: Any) -> str:
    """`js`."""
    text = _escaped_text(values)
    signs = {"\\": "\\\\", "'": "\\'", '"': '\\"', "<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "=": "\\u003D"}
    return "".join(signs.get(one, one if one.isprintable() or one == "\x7f" else f"\\u{ord(one):04X}") for one in text)


def _escape_query(*values: Any) -> str:
    """`urlquery`."""
    return urllib.parse.quote_plus(_escaped_text(values))


BUILTINS: dict[str, Callable[..., Any]] = {
    "eq": equals,
    "ne": lambda one, other: not equals(one, other),
    "lt": lambda one, other: _compare_values(one, other) < 0,
    "le": lambda one, other: _compare_values(one, other) <= 0,
    "gt": lambda one, other: _compare_values(one, other) > 0,
    "ge": lambda one, other: _compare_values(one, other) >= 0,
    "not": lambda value: not is_true(value),
    "index": index,
    "slice": take_slice,
    "len": length,
    "call": _call_value,
    "print": print_all,
    "println": print_line,
    "printf": format_values,
    "html": _escape_html,
    "js": _escape_script,
    "urlquery": _escape_query,
}
