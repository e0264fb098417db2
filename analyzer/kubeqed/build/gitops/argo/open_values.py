"""What is open: parameters of which more exist than are known, and texts with parts that are not known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple


class UnknownValueError(Exception):
    """A value is asked for that is not known here."""


class OpenParameters(dict[str, Any]):
    """Parameters of which there are more than are known."""


class OpenMap(dict[str, Any]):
    """Open parameters as templates see them: whether there is another entry is not known, nor how many there are."""

    def __contains__(self, key: object) -> bool:
        if not super().__contains__(key):
            raise UnknownValueError
        return True

    def get(self, key: str, default: Any = None) -> Any:
        """An entry; an UnknownValueError for one that is not known."""
        return super().get(key, default) if key in self else default

    def __missing__(self, key: str) -> Any:
        raise UnknownValueError

    def __bool__(self) -> bool:
        if not super().__len__():
            raise UnknownValueError
        return True

    def __len__(self) -> int:
        raise UnknownValueError

    def __iter__(self) -> Iterator[str]:
        raise UnknownValueError

    def keys(self) -> Any:
        """An UnknownValueError."""
        raise UnknownValueError

    def values(self) -> Any:
        """An UnknownValueError."""
        raise UnknownValueError

    def items(self) -> Any:
        """An UnknownValueError."""
        raise UnknownValueError


class Rendered(NamedTuple):
    """A rendered text; `is_unknown` says that parts of it are still as they are written."""

    text: str
    is_unknown: bool
