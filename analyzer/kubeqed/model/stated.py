"""A value that the user states, and where."""

from __future__ import annotations

from typing import Generic, NamedTuple, TypeVar

from kubeqed.parse import Place

T = TypeVar("T")


class Stated(NamedTuple, Generic[T]):
    """A value and where it was stated; `place` is None for one given on the command line."""

    value: T
    place: Place | None = None
