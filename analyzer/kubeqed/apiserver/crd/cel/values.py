"""Values of CEL: reading fields and items, comparing, functions and methods."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import Any

from kubeqed.apiserver.crd.structure import compile_pattern
from kubeqed.apiserver.formats.names import dns_label, dns_subdomain
from kubeqed.parse import Unknown

FORMAT = object()  # the variable `format`

_DURATION = re.compile(r"([0-9.]+)(h|ms|us|µs|ns|m|s)")  # the longer unit first
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}


class UndecidedError(Exception):
    """The value of an expression cannot be told."""


class FailedError(UndecidedError):
    """CEL itself fails, whatever the unknowns are, and the server refuses the object."""


def require_known(value: Any) -> Any:
    """The value itself; an UndecidedError where it is unknown."""
    if isinstance(value, Unknown):
        raise UndecidedError
    return value


def select_field(value: Any, name: str) -> Any:
    """A field of a mapping; a FailedError where it is not there, an UndecidedError where it may be."""
    if isinstance(value, dict) and value.get(name) is not None:
        return require_known(value[name])
    raise _make_absence_error(value, name)


def has_field(value: Any, name: str) -> bool:
    """Whether a mapping has the field; an UndecidedError where that is not known."""
    if not isinstance(value, dict):
        raise UndecidedError
    if value.get(name) is not None:
        require_known(value[name])
        return True
    if getattr(value, "open", False):
        raise UndecidedError
    return False


def index_item(value: Any, index: Any) -> Any:
    """An item of a list, or an entry of a map; a FailedError where it is not there, an UndecidedError where it may be."""
    try:
        return require_known(value[index])
    except LookupError:
        raise _make_absence_error(value, index) from None
    except TypeError:
        raise UndecidedError from None


def _make_absence_error(value: Any, key: Any) -> UndecidedError:
    """The error for a key or an index that is not there, or not seen."""
    is_whole = isinstance(value, dict | list) and not getattr(value, "open", False)
    return FailedError() if is_whole and not (isinstance(value, dict) and key in value) else UndecidedError()


def measure_size(value: Any) -> int:
    """How many characters a text has, or a list or a map entries; an UndecidedError where that is not known."""
    if getattr(value, "open", False) or not isinstance(value, str | list | dict):
        raise UndecidedError
    return len(value)


def compare(operator: str, left: Any, right: Any) -> bool:
    """What `==`, `!=`, `in`, `<`, `<=`, `>` or `>=` gives of two values; an UndecidedError where they cannot be compared."""
    if operator == "==":
        return _are_equal(left, right)
    if operator == "!=":
        return not _are_equal(left, right)
    if operator == "in":
        return _contains_value(right, left)
    try:
        return bool({"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator])
    except TypeError:
        raise UndecidedError from None


def _are_equal(left: Any, right: Any) -> bool:
    if isinstance(left, dict | list) and isinstance(right, dict | list):
        try:
            return bool(left == right)
        except TypeError:  # an unknown somewhere inside
            raise UndecidedError from None
    return type(left) is type(right) and bool(left == right)


def _contains_value(container: Any, value: Any) -> bool:
    if isinstance(container, dict):
        return value in container
    if not isinstance(container, list):
        raise UndecidedError
    unknown = getattr(container, "open", False)
    for entry in container:
        if isinstance(entry, Unknown):
            unknown = True
        elif _are_equal(entry, value):
            return True
    if unknown:
        raise UndecidedError
    return False


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return "/" in text


def _parse_duration(text: str) -> float:
    if not re.fullmatch(r"[-+]?((\d+(\.\d*)?|\.\d+)(h|m|s|ms|us|µs|ns))+|0", text):
        raise UndecidedError
    total = sum(float(number) * _SECONDS[unit] for number, unit in _DURATION.findall(text))
    return -total if text.startswith("-") else total


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "size": measure_size,
    "isIP": _is_address,
    "isCIDR": _is_network,
    "duration": _parse_duration,
    "int": int,
    "string": str,
}
METHODS: dict[str, Callable[..., Any]] = {
    "size": measure_size,
    "contains": lambda text, part: part in text,
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "matches": lambda text, expression: compile_pattern(expression).search(text) is not None,
    "split": str.split,
    "substring": lambda text, start, end=None: text[start:end],
    "lowerAscii": str.lower,
    "dns1123Subdomain": lambda _: dns_subdomain,
    "dns1123Label": lambda _: dns_label,
    "validate": lambda check, text: check(text),
    "hasValue": bool,
}
