"""Whether a scalar fits its field, and what to say when YAML read it as something else than its author.

https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Iterator

from kubeqed.apiserver.decode.placeholders import soften_violation
from kubeqed.apiserver.formats.quantity import QUANTITY
from kubeqed.apiserver.node import Node, is_confidential
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.violation import Violation, show_value
from kubeqed.model.confidential.values import redact_path
from kubeqed.model.values.stand_in import has_parts, is_bare_word
from kubeqed.parse import Unknown, Value

_TIME = r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[-+]\d\d:\d\d)"
_NAMES = {
    "s": "text",
    "i": "an integer of 32 bits",
    "l": "an integer",
    "b": "true or false",
    "n": "a number",
    "q": "a quantity",
    "p": "an integer or text",
    "t": "a time of RFC 3339",
    "y": "base64 text",
}
_WORDS = frozenset("silnqp")  # names, hosts, addresses, numbers and ports


def _is_text(value: Value) -> bool:
    return isinstance(value, str | Unknown)


def _is_integer(bits: int) -> Callable[[Value], bool]:
    limit = 1 << bits - 1

    def check(value: Value) -> bool:
        if isinstance(value, int):
            return not isinstance(value, bool) and -limit <= value < limit
        return isinstance(value, Unknown)

    return check


def _is_flag(value: Value) -> bool:
    return isinstance(value, bool | Unknown)


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float | Unknown) and not isinstance(value, bool)


def _is_quantity(value: Value) -> bool:
    return _is_number(value) or (isinstance(value, str) and re.fullmatch(QUANTITY, value.strip(" ")) is not None)


def _is_port(value: Value) -> bool:
    return isinstance(value, str) or _is_int32(value)


def _is_time(value: Value) -> bool:
    return isinstance(value, Unknown) or (isinstance(value, str) and re.fullmatch(_TIME, value) is not None)


def _is_base64(value: Value) -> bool:
    if not isinstance(value, str):
        return isinstance(value, Unknown) or _is_bytes(value)
    import base64  # only Secrets and their like need it

    try:
        base64.b64decode(value.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _is_bytes(value: Value) -> bool:
    """Whether it is a list of bytes, which will do as well as base64."""
    return isinstance(value, list) and all(
        item is None or isinstance(item, Unknown) or _is_byte(item) for item in value
    )


def _is_byte(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 255


def _is_anything(_: Value) -> bool:
    return True


_is_int32 = _is_integer(32)

SCALARS: dict[str, Callable[[Value], bool]] = {
    "s": _is_text,
    "i": _is_int32,
    "l": _is_integer(64),
    "b": _is_flag,
    "n": _is_number,
    "q": _is_quantity,
    "p": _is_port,
    "t": _is_time,
    "y": _is_base64,
    "a": _is_anything,
}


def find_misread_scalar(node: Node, code: str) -> Iterator[Violation]:
    """What to say of a value that does not fit the type `code`."""
    value, wanted, path = node.value, _NAMES[code], redact_path(node.path)
    misspelt = code in _WORDS or (code == "y" and has_parts(value))
    if isinstance(value, dict | list):
        found = "a mapping" if isinstance(value, dict) else "a list"  # `[NAME]` is one to YAML
        yield Violation(Reason.VALUE, node.path, f"holds {found} at {path}, which must be {wanted}", misspelt=True)
        return
    read = _read_as(value, code)
    reason = Reason.VALUE if read is None else Reason.SCALAR_MISREAD
    if is_confidential(node):
        said = read.removesuffix(" ").replace("the ", "a ", 1) if read else "a value"
        hinted = code == "y" and misspelt
        yield Violation(reason, node.path, f"sets {path} to {said}, which must be {wanted}", misspelt=hinted)
        return
    message = f"sets {path} to {read or ''}{show_value(node)}, which must be {wanted}"
    violation = Violation(reason, node.path, message, misspelt=misspelt)
    yield soften_violation(violation) if code == "q" and is_bare_word(value) else violation


def _read_as(value: Value, code: str) -> str | None:
    """How YAML read the scalar, where its author may have meant another type; None where it is simply wrong."""
    if isinstance(value, bool):
        return "the boolean "
    if isinstance(value, str):
        return "the text " if code in "ilbn" else None
    return "the number " if code in "sbty" else None
