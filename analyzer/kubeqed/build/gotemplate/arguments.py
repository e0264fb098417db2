"""What Go makes of an argument whose type a function does not take (text/template's evalArg and validateType)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kubeqed.build.gotemplate.nodes import ChainNode, ConstantNode, FieldNode, IdentifierNode, Operand, VariableNode
from kubeqed.build.gotemplate.values import ArgumentError, TemplateError, type_of

_FOUND = {"string": "string", "int": "integer", "int64": "integer", "bool": "bool", "float64": "float"}
_NIL = {"map[string]interface {}": dict, "[]interface {}": list}  # the types that nil may be of


def fit_argument(error: ArgumentError, value: Any, node: Operand | None, shown: str) -> Any:
    """What a function gets instead of an argument that it refused; a TemplateError where Go refuses that too.

    `node` is what the template says, None for what comes down a pipeline; `shown` is its text.
    """
    if isinstance(node, ConstantNode) and value is not None:
        return _fit_constant(error.wanted, value, shown)
    if value is None:
        return _fit_nil(error.wanted, node)
    raise TemplateError(f"wrong type for value; expected {error.wanted}; got {type_of(value)}")


def _fit_constant(wanted: str, value: Any, shown: str) -> Any:
    """A constant as another type: a number alone may be of several."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and wanted == "float64":
        return float(value)
    if is_number and _FOUND.get(wanted) == "integer" and float(value).is_integer():
        return int(value)
    if wanted in _FOUND:
        raise TemplateError(f"expected {_FOUND[wanted]}; found {shown}")
    raise TemplateError(f"can't handle {shown} for arg of type {wanted}")


def _fit_nil(wanted: str, node: Operand | None) -> Any:
    """Nil as an empty map or list; a field that holds nil has a type of its own, and is none."""
    if isinstance(node, FieldNode | ChainNode | IdentifierNode) or (isinstance(node, VariableNode) and node.names):
        raise TemplateError(f"wrong type for value; expected {wanted}; got interface {{}}")
    if wanted in _NIL:
        return _NIL[wanted]()
    if isinstance(node, ConstantNode):
        raise TemplateError(f"cannot assign nil to {wanted}")
    raise TemplateError(f"invalid value; expected {wanted}")


def count_error(name: str, function: Callable[..., Any], given: int) -> str | None:
    """What Go says of a call with too few or too many arguments; None if they are as many as the function takes."""
    least, has_more = getattr(function, "takes", None) or _count_parameters(function)
    if given == least or (has_more and given > least):
        return None
    return f"wrong number of args for {name}: want {'at least ' if has_more else ''}{least} got {given}"


def _count_parameters(function: Callable[..., Any]) -> tuple[int, bool]:
    """How many arguments a function takes at least, and whether it takes more."""
    import inspect

    kinds = [one.kind for one in inspect.signature(function).parameters.values()]
    fixed = sum(kind is not inspect.Parameter.VAR_POSITIONAL for kind in kinds)
    return fixed, fixed < len(kinds)
