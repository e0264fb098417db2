"""What Helm's functions give where an argument is a term: what is known of it, else a call as a term of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from kubeqed.build.gotemplate.functions.conversions import is_empty
from kubeqed.build.gotemplate.functions.maps import copy_deep
from kubeqed.build.gotemplate.values import kind_of, type_of
from kubeqed.build.helm.symbolic.conditions import FALSE, TRUE
from kubeqed.build.helm.symbolic.equality import equal_condition
from kubeqed.build.helm.symbolic.merging import copy_term, merge_maps
from kubeqed.build.helm.symbolic.ropes import Hole, Rope, indent_rope, trim_rope
from kubeqed.build.helm.symbolic.state import SymbolicFrame
from kubeqed.build.helm.symbolic.terms import UNTOLD, SymbolicTerm, holds_term

NO_TEMPLATES = "no value holds a template"
_CHANGING = frozenset(("set", "unset", "merge", "mergeOverwrite", "mustMerge", "mustMergeOverwrite"))
# Those that look at a map or a list, and not at what it holds.
_STRUCTURAL = frozenset(
    "append concat dict dig first get hasKey index initial keys last len list mustAppend mustFirst mustLast mustPrepend omit pick "
    "pluck prepend rest set slice tuple unset values".split()
)
_TAKES_TERMS = frozenset(("dict", "list", "tuple", "set", "append", "mustAppend", "prepend", "mustPrepend"))
_PLAIN_VERBS = re.compile(r"%[svd]")


def call_symbolically(execution: SymbolicFrame, name: str, function: Callable[..., Any], given: list[Any]) -> Any:
    """What a function gives; NotImplemented where its arguments are known, so that it is called as it is."""
    if name in _OF_ROPES and any(isinstance(one, Rope) for one in given):
        made = _OF_ROPES[name](execution, *given)
        if made is not None:
            return made
    changed = given[0] if name in _CHANGING and given else None
    plain = [one if one is changed else execution.plain_value(one) for one in given]
    given[:] = plain
    if name in ("merge", "mustMerge", "mergeOverwrite", "mustMergeOverwrite"):
        return merge_maps(execution.state, plain, overwrites="Overwrite" in name)
    if name in _CHANGING and plain:
        execution.state.note_change(*plain[:2])
        _change_conditionally(execution, name, given)
    if name == "lookup":
        return {}
    if name in ("eq", "ne"):
        return _compare_terms(execution, name, plain)
    if not any(map(holds_term, plain)):
        return NotImplemented
    if name in _STRUCTURAL and not any(isinstance(one, SymbolicTerm) for one in _list_looked_at(name, plain)):
        return NotImplemented
    handler = _HANDLERS.get(name)
    made = handler(execution, *plain) if handler is not None else NotImplemented
    return execution.state.terms.call(name, tuple(plain), function) if made is NotImplemented else made


def _list_looked_at(name: str, given: list[Any]) -> list[Any]:
    """The arguments that a structural function looks at."""
    if name == "dict":
        return given[::2]
    if name in ("list", "tuple"):
        return []
    return given[:2] if name == "set" else given[:1] if name in _TAKES_TERMS else given


def _change_conditionally(execution: SymbolicFrame, name: str, given: list[Any]) -> None:
    """What is set under a condition that is not that of the map is one of two values."""
    changed, condition = given[0], execution.state.condition
    if changed.condition == condition:
        return
    if name != "set" or given[1] not in changed:
        changed.is_spoiled = True
        return
    given[2] = execution.state.terms.choose(condition, given[2], changed[given[1]])


def _compare_terms(execution: SymbolicFrame, name: str, given: list[Any]) -> Any:
    """`eq` and `ne`."""
    if not any(map(holds_term, given)) or len(given) < 2:
        return NotImplemented
    table = execution.state.terms
    first, *others = given
    found = table.conditions.either(*(equal_condition(table, first, other) for other in others))
    return table.of_condition(found if name == "eq" else table.conditions.negate(found))


def _choose_default(execution: SymbolicFrame, default: Any, value: Any = None) -> Any:
    """`default`."""
    table = execution.state.terms
    condition = table.truth(value) if isinstance(value, SymbolicTerm) else FALSE if is_empty(value) else TRUE
    return table.choose(condition, value, default)


def _choose_first(execution: SymbolicFrame, *values: Any) -> Any:
    """`coalesce`."""
    found: Any = None
    for one in reversed(values):
        found = _choose_default(execution, found, one)
    return found


def _choose_side(execution: SymbolicFrame, first: Any, second: Any, condition: Any) -> Any:
    """`ternary`."""
    return execution.state.terms.choose(execution.state.terms.truth(condition), first, second)


def _negate_value(execution: SymbolicFrame, value: Any) -> Any:
    """`not`, and `empty`."""
    table = execution.state.terms
    return table.of_condition(table.conditions.negate(table.truth(value)))


def _require_term(execution: SymbolicFrame, _: Any, value: Any) -> Any:
    """`required`: that the value is there is what the chart asks for."""
    if isinstance(value, SymbolicTerm) and not isinstance(value.default, bool | int | float):
        execution.oblige(execution.state.terms.truth(value))
    return value


def _ask_kind(_: SymbolicFrame, kind: Any, value: Any) -> Any:
    """`kindIs` and `typeIs`, where the default says it."""
    found = _find_kind(value)
    if found is None or not isinstance(kind, str):
        return NotImplemented
    return kind in (found, type_of(value.default) if isinstance(value, SymbolicTerm) else found)


def _tell_kind(_: SymbolicFrame, value: Any) -> Any:
    """`kindOf`, where the default says it."""
    return _find_kind(value) or NotImplemented


def _find_kind(value: Any) -> str | None:
    """Go's kind of a value, None where it is not known."""
    if not isinstance(value, SymbolicTerm):
        return kind_of(value)
    if value.kind in ("text", "condition"):
        return "string" if value.kind == "text" else "bool"
    if (
        value.name in ("toYaml", "toJson", "quote", "trunc", "trimSuffix", "tpl", "replace", "lower")
        and value.kind == "call"
    ):
        return "string"
    return None if value.default is UNTOLD or value.default is None else kind_of(value.default)


def _contains_text(execution: SymbolicFrame, part: Any, text: Any) -> Any:
    """`contains`: no value holds a template."""
    told = text.shadow if isinstance(text, SymbolicTerm) else text
    if isinstance(part, str) and part in ("{{", "}}") and not (isinstance(told, str) and part in told):
        execution.state.granted.add(NO_TEMPLATES)
        return False
    return NotImplemented


def _execute_text(execution: SymbolicFrame, text: Any, _: Any = None) -> Any:
    """`tpl` of a value, which holds no template unless its default does."""
    if isinstance(text, SymbolicTerm) and not (isinstance(text.shadow, str) and "{{" in text.shadow):
        execution.state.granted.add(NO_TEMPLATES)
        return text
    return NotImplemented


def _format_text(execution: SymbolicFrame, form: Any, *values: Any) -> Any:
    """`printf` of values that are only spelled."""
    if not isinstance(form, str) or form.replace("%%", "").count("%") != len(values):
        return NotImplemented
    pieces = _PLAIN_VERBS.split(form)
    if len(pieces) != len(values) + 1 or "%" in "".join(pieces):
        return NotImplemented
    parts: list[Any] = [pieces[0]]
    for value, piece in zip(values, pieces[1:], strict=True):
        parts += (value, piece)
    return execution.state.terms.text(parts)


def _read_yaml(execution: SymbolicFrame, text: Any) -> Any:
    """`fromYaml` of what `toYaml` wrote."""
    state = execution.state
    if isinstance(text, SymbolicTerm) and text.kind == "choice":
        condition, *sides = text.parts
        made = [_read_yaml(execution, one) if isinstance(one, SymbolicTerm) else NotImplemented for one in sides]
        return NotImplemented if NotImplemented in made else state.terms.choose(condition, *made)
    if isinstance(text, SymbolicTerm) and text.kind == "text" and len(text.parts) == 1:
        text = text.parts[0]
    if isinstance(text, SymbolicTerm) and text.kind == "call" and text.name in ("toYaml", "toJson"):
        found = text.parts[0]
        return state.make_map(dict(found)) if isinstance(found, dict) else copy_term(state, found)
    return NotImplemented


def _get_entry(execution: SymbolicFrame, value: Any, *keys: Any) -> Any:
    """`get` and `index` of a map."""
    if not isinstance(value, SymbolicTerm) or not all(isinstance(key, str) for key in keys):
        return NotImplemented
    for key in keys:
        value = execution.state.terms.field(value, key)
    return value


def _copy_map(execution: SymbolicFrame, value: Any) -> Any:
    """`deepCopy`."""
    return execution.state.make_map(copy_deep(value)) if isinstance(value, dict) else copy_term(execution.state, value)


def _indent_lines(execution: SymbolicFrame, count: Any, text: Any, *, starts_line: bool = False) -> Any:
    """`indent` and `nindent`."""
    if not isinstance(count, int) or not isinstance(text, Rope | SymbolicTerm):
        return NotImplemented
    rope = text if isinstance(text, Rope) else Rope((Hole(text, execution.current),))
    made = indent_rope(rope, count, execution.state.terms)
    return Rope(("\n", *made.pieces)) if starts_line else made


def _start_and_indent(execution: SymbolicFrame, count: Any, text: Any) -> Any:
    """`nindent`."""
    return _indent_lines(execution, count, text, starts_line=True)


def _trim_ends(_: SymbolicFrame, rope: Any) -> Any:
    """`trim`, where the ends are known."""
    return trim_rope(rope) if isinstance(rope, Rope) else None


_OF_ROPES: dict[str, Callable[..., Any]] = {
    "indent": _indent_lines,
    "nindent": _start_and_indent,
    "trim": _trim_ends,
}
_HANDLERS: dict[str, Callable[..., Any]] = {
    "default": _choose_default,
    "coalesce": _choose_first,
    "ternary": _choose_side,
    "not": _negate_value,
    "empty": _negate_value,
    "required": _require_term,
    **dict.fromkeys(("kindIs", "typeIs"), _ask_kind),
    "kindOf": _tell_kind,
    "contains": _contains_text,
    "tpl": _execute_text,
    "printf": _format_text,
    "print": lambda execution, *values: execution.state.terms.text(list(values)),
    "toString": lambda execution, value: execution.state.terms.text([value]),
    **dict.fromkeys(("fromYaml", "fromJson"), _read_yaml),
    **dict.fromkeys(("get", "index"), _get_entry),
    **dict.fromkeys(("deepCopy", "mustDeepCopy"), _copy_map),
    "indent": _indent_lines,
    "nindent": _start_and_indent,
}
