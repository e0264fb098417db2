"""Values that the manifests leave open.

A placeholder (`${PORT}`, `{{ .Values.port }}`, `<NAME>`), a namespace that is not written, an auto-allocated nodePort: each
is an `Unknown`. What makes two of them the same unknown is their term, never their text or place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, NoReturn

from kubeqed.parse.tree.mark import Mark


class Variable(NamedTuple):
    """A name with one value throughout a unit, `NAME` of `${NAME}`, `.Values.x`, or throughout one `file`, `.Name`."""

    name: str
    file: str = ""


class Fresh:
    """A placeholder that nothing else shares; equal only to itself."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Concat(NamedTuple):
    """Text joined with terms, such as `web-${ENV}`."""

    parts: tuple[str | Variable | Fresh, ...]


Term = Variable | Fresh | Concat


class Unknown:
    """A value that the manifests leave open: its `term` says which, `text` how the source spells it.

    It refuses `==`, `<` and `bool` with a TypeError, so that code which forgot it fails at once; `same_as` compares.
    `str` gives its text, for messages. `mark` is its place in its document, None where no text stands for it. `written` is
    the mapping that stands there, where all its keys are still to be filled in.
    """

    __slots__ = ("mark", "term", "text", "written")

    def __init__(
        self, term: Term, text: str, mark: Mark | None = None, written: Mapping[str, object] | None = None
    ) -> None:
        self.term = term
        self.text = text
        self.mark = mark
        self.written = written

    def same_as(self, other: object) -> bool:
        """Whether `other` is this very unknown, so that both have one value in every completion."""
        return isinstance(other, Unknown) and self.term == other.term

    def _refuse_comparison(self, *_: object) -> NoReturn:
        raise TypeError(f"{self!r} is unknown: ask a question instead of comparing it")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse_comparison
    __bool__ = _refuse_comparison
    __hash__ = None  # type: ignore[assignment]  # what refuses `==` has no hash

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Unknown({self.text!r})"
