"""Where the values of a built object were set, in the words of a comment."""

from __future__ import annotations

from itertools import zip_longest

from kubeqed.build.node import CONFIDENTIAL_COPY, COPIED, INCLUDED, MADE, SET_BELOW, WRITTEN
from kubeqed.parse import Place, PlacedDocument, Through
from kubeqed.report.words import escape_text

_REPLACES = "replaces"
_WORDS = {COPIED: "copied from", CONFIDENTIAL_COPY: "copied from", MADE: "made in", INCLUDED: "included from"}


class Origins:
    """The comments of one built object."""

    def __init__(self, placed: PlacedDocument) -> None:
        self._placed = placed
        self._layers = placed.placed(placed.document.top).through

    @property
    def heading(self) -> str:
        """Where the object stands, and the entries of kustomizations that took it in, the innermost first."""
        start = f"# from {_spell_place(self._placed.placed(self._placed.document.top))}"
        return (
            f"{start} through {', '.join(_spell_place(one.place) for one in self._layers)}" if self._layers else start
        )

    def of(self, mark: int) -> str:
        """Where the value with a mark was set, and what it stands for, was copied from or replaced, the latest first."""
        place = self._placed.placed(mark)
        own = place.through[: len(place.through) - _common_end(place.through, self._layers)]
        told = {_spell_place(place): ""}
        if (anchor := place.anchor_span) is not None:
            told.setdefault(f"{escape_text(place.file)}:{anchor.line}", "alias of")
        for one in own:
            if one.text in (SET_BELOW, WRITTEN):
                continue
            told.setdefault(_spell_place(one.place), _WORDS.get(one.text, _REPLACES))
        words = ["", "alias of", *dict.fromkeys(_WORDS.values()), _REPLACES]
        parts = [", ".join(text for text, by in told.items() if by == word) for word in words]
        return "# " + ", ".join(f"{word} {part}".lstrip() for word, part in zip(words, parts, strict=True) if part)


def _common_end(one: tuple[Through, ...], other: tuple[Through, ...]) -> int:
    """How many of the last items two tuples share."""
    pairs = zip_longest(reversed(one), reversed(other))
    return next((count for count, (left, right) in enumerate(pairs) if left != right), len(one))


def _spell_place(place: Place) -> str:
    return f"{escape_text(place.file)}:{place.span.line}"
