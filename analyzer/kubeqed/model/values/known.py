"""Questions to a value that may be unknown. None of them is answered with yes for an unknown one.

An `Unknown` refuses to be compared and to be a condition. Each question here says what an unknown value means for it, and
the type checker knows after it that the value is there.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from kubeqed.parse import Fresh, Unknown

if TYPE_CHECKING:
    from typing import TypeGuard

    from typing_extensions import TypeIs

T = TypeVar("T")

UNKNOWN = Unknown(Fresh("unknown"), "unknown")  # what no placeholder stands for: a field below one, what cannot be read


def is_known(value: T | Unknown) -> TypeIs[T]:
    """Whether the manifests say what the value is."""
    return not isinstance(value, Unknown)


def is_set(value: T | Unknown) -> TypeGuard[T]:
    """Whether the value is surely not empty, 0, false or absent."""
    return not isinstance(value, Unknown) and bool(value)


def equals(value: T | Unknown, other: T) -> TypeGuard[T]:
    """Whether the value is surely the other one."""
    return not isinstance(value, Unknown) and value == other


def is_one_of(value: T | Unknown, others: Container[T]) -> TypeGuard[T]:
    """Whether the value is surely one of the others."""
    return not isinstance(value, Unknown) and value in others


def known_or(value: T | Unknown, otherwise: T) -> T:
    """The value, or what to take where it is unknown."""
    return otherwise if isinstance(value, Unknown) else value


def known_only(values: Iterable[T | Unknown]) -> Iterator[T]:
    """Those of the values that are known."""
    return (value for value in values if not isinstance(value, Unknown))


def all_known(values: Iterable[T | Unknown]) -> list[T] | Unknown:
    """All the values, or an unknown where one of them is."""
    found: list[T] = []
    for value in values:
        if isinstance(value, Unknown):
            return value
        found.append(value)
    return found
