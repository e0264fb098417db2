"""Lists. Each function makes a new one, whose items keep their places."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kubeqed.build.gotemplate.functions.conversions import is_empty, is_same, to_text, to_texts, to_whole
from kubeqed.build.gotemplate.functions.signature import Function, takes
from kubeqed.build.gotemplate.values import TemplateError, TooLargeError, item_of, kind_of

_LONGEST = 100_000


def _read_list(what: str, value: Any) -> list[Any]:
    """The items of a list with their places; an error in sprig's words for what is none."""
    if isinstance(value, list):
        return [item_of(value, number) for number in range(len(value))]
    if value is None:
        raise TemplateError("runtime error: invalid memory address or nil pointer dereference")
    raise TemplateError(f"{what} type {kind_of(value)}")


def _make_list_function(what: str, change: Callable[[list[Any]], Any]) -> Function:
    """A function on the items of a list; `what` begins its error."""
    return takes(".", lambda value: change(_read_list(what, value)))


def _unique(items: list[Any]) -> list[Any]:
    """`uniq`: the first of those that are the same."""
    found: list[Any] = []
    for one in items:
        if not any(is_same(one, other) for other in found):
            found.append(one)
    return found


def _without(value: Any, *left_out: Any) -> list[Any]:
    """`without`."""
    return [
        one for one in _read_list("Cannot find without on", value) if not any(is_same(one, other) for other in left_out)
    ]


def _has(wanted: Any, value: Any) -> bool:
    """`has`."""
    return value is not None and any(is_same(wanted, one) for one in _read_list("Cannot find has on", value))


def _slice(value: Any, *bounds: Any) -> Any:
    """Sprig's `slice`, which stands in place of Go's."""
    items = _read_list("list should be type of slice or array but", value)
    if not items:
        return None
    start = to_whole(bounds[0]) if bounds else 0
    end = to_whole(bounds[1]) if len(bounds) > 1 else len(items)
    if not 0 <= start <= end <= len(items):
        raise TemplateError("reflect.Value.Slice: slice index out of bounds")
    return items[start:end]


def _chunk(size: int, value: Any) -> list[Any]:
    """`chunk`: lists of a length."""
    items = _read_list("Cannot chunk", value)
    if size <= 0:
        raise TemplateError("runtime error: integer divide by zero")
    return [items[start : start + size] for start in range(0, len(items), size)]


def _concat(*values: Any) -> list[Any]:
    """`concat`."""
    found: list[Any] = []
    for value in values:
        if value is not None and not isinstance(value, list):
            raise TemplateError(f"Cannot concat type {kind_of(value)} as list")
        found += _read_list("Cannot concat", value)
        _check_length(len(found))
    return found


def _check_length(count: int) -> None:
    """Gives up lists that nobody could use."""
    if count > _LONGEST:
        raise TooLargeError("a list that is too long")


def _sort_alpha(value: Any) -> list[str]:
    """`sortAlpha`."""
    return sorted(to_texts(value), key=str.encode) if isinstance(value, list) else [to_text(value)]


def count_up(start: int, stop: int, step: int) -> list[int]:
    """`untilStep`: numbers from one to before another."""
    if (stop < start) != (step < 0) or step == 0:
        return []
    _check_length(abs(stop - start) // abs(step))
    return list(range(start, stop, step))


def _count_sequence(*bounds: int) -> str:
    """`seq`: the numbers of the program of that name."""
    if len(bounds) not in (1, 2, 3):
        return ""
    start = bounds[0] if len(bounds) > 1 else 1
    end = bounds[-1]
    direction = -1 if end < start else 1
    step = bounds[1] if len(bounds) == 3 else direction
    if len(bounds) == 3 and direction < 0 < step:
        return ""
    return " ".join(map(str, count_up(start, end + direction, step)))


_SIMPLE: dict[str, Function] = {
    "first": _make_list_function("Cannot find first on", lambda items: items[0] if items else None),
    "last": _make_list_function("Cannot find last on", lambda items: items[-1] if items else None),
    "rest": _make_list_function("Cannot find rest on", lambda items: items[1:]),
    "initial": _make_list_function("Cannot find initial on", lambda items: items[:-1]),
    "reverse": _make_list_function("Cannot find reverse on", lambda items: items[::-1]),
    "compact": _make_list_function("Cannot compact on", lambda items: [one for one in items if not is_empty(one)]),
    "uniq": _make_list_function("Cannot find uniq on", _unique),
    "append": takes("..", lambda value, one: [*_read_list("Cannot push on", value), one]),
    "push": takes("..", lambda value, one: [*_read_list("Cannot push on", value), one]),
    "prepend": takes("..", lambda value, one: [one, *_read_list("Cannot prepend on", value)]),
    "without": takes("..*", _without),
    "has": takes("..", _has),
    "slice": takes("..*", _slice),
    "chunk": takes("i.", _chunk),
}

FUNCTIONS = {
    **_SIMPLE,
    **{f"must{name[0].upper()}{name[1:]}": function for name, function in _SIMPLE.items()},
    "list": lambda *values: list(values),
    "tuple": lambda *values: list(values),
    "concat": _concat,
    "sortAlpha": takes(".", _sort_alpha),
    "until": takes("i", lambda count: count_up(0, count, -1 if count < 0 else 1)),
    "untilStep": takes("iii", count_up),
    "seq": takes("i*", _count_sequence),
}
