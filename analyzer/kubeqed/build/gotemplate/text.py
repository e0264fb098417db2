"""Text that knows where each stretch of it was written."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from kubeqed.build.gotemplate.origin import Origin


class TextPiece(NamedTuple):
    """A stretch of a text, up to the next: where it comes from, None if that is not known.

    A verbatim one is text of a template, so that its n-th character stands n characters behind its origin.
    """

    start: int
    origin: Origin | None
    is_verbatim: bool = False


class TracedText(str):
    """A text with the origins of its stretches."""

    __slots__ = ("pieces",)
    pieces: tuple[TextPiece, ...]

    @classmethod
    def of(cls, text: str, pieces: Iterable[TextPiece]) -> TracedText:
        """A text with its pieces, of which the first starts at 0."""
        made = cls(text)
        made.pieces = tuple(pieces)
        return made

    @classmethod
    def at(cls, text: str, origin: Origin) -> TracedText:
        """A text that comes from one origin as a whole."""
        return cls.of(text, (TextPiece(0, origin),))

    def origin_at(self, offset: int) -> Origin | None:
        """The origin of a character, or of the end of the text."""
        number = bisect_right(self.pieces, offset, key=lambda piece: piece.start) - 1
        if number < 0:
            return None
        piece = self.pieces[number]
        if not piece.is_verbatim or piece.origin is None:
            return piece.origin
        return piece.origin.moved(offset - piece.start)

    def origins_between(self, start: int, end: int) -> list[Origin]:
        """The origins of the pieces that begin in a stretch of the text."""
        first, last = (bisect_left(self.pieces, at, key=lambda piece: piece.start) for at in (start, end))
        return [piece.origin for piece in self.pieces[first:last] if piece.origin is not None]

    def template_at(self, start: int, end: int) -> Origin | None:
        """The origin of a stretch that is written so in a template which nothing includes; None for any other."""
        number = bisect_right(self.pieces, start, key=lambda piece: piece.start) - 1
        if number < 0:
            return None
        piece, *following = self.pieces[number : number + 2]
        is_whole = not following or following[0].start >= end
        if not is_whole or not piece.is_verbatim or piece.origin is None or piece.origin.within is not None:
            return None
        return piece.origin.moved(start - piece.start)

    def is_verbatim_at(self, offset: int) -> bool:
        """Whether a character is text of a template."""
        number = bisect_right(self.pieces, offset, key=lambda piece: piece.start) - 1
        return number >= 0 and self.pieces[number].is_verbatim


class TextBuilder:
    """Gathers text with its origins."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._pieces: list[TextPiece] = []
        self.length = 0

    def add(self, text: str, origin: Origin | None = None, *, is_verbatim: bool = False) -> None:
        """Adds a text; one that knows its origins keeps them, as what the action `origin` prints if that is given."""
        if not text:
            return
        if isinstance(text, TracedText):
            copies: dict[int, Origin] = {}
            for start, own, verbatim in text.pieces:
                printed = own if own is None or origin is None else own.printed_by(origin, copies)
                self._pieces.append(TextPiece(self.length + start, printed or origin, verbatim))
        else:
            self._pieces.append(TextPiece(self.length, origin, is_verbatim))
        self._parts.append(text)
        self.length += len(text)

    def text(self) -> TracedText:
        """What was gathered."""
        return TracedText.of("".join(self._parts), self._pieces)


def concat(*parts: str) -> str:
    """Texts one after the other."""
    if not any(isinstance(part, TracedText) for part in parts):
        return "".join(parts)
    builder = TextBuilder()
    for part in parts:
        builder.add(part)
    return builder.text()


def join_texts(separator: str, texts: list[str]) -> str:
    """Texts with another one between them."""
    return concat(*[part for text in texts for part in (separator, text)][1:])


def cut(text: str, start: int, end: int) -> str:
    """A stretch of a text, with its origins."""
    if start <= 0 and end >= len(text):
        return text
    if not isinstance(text, TracedText):
        return text[start:end]
    pieces: list[TextPiece] = []
    first = max(bisect_right(text.pieces, max(start, 0), key=lambda piece: piece.start) - 1, 0)
    for number in range(first, len(text.pieces)):
        piece = text.pieces[number]
        if piece.start >= end:
            break
        before = max(0, start - piece.start)
        origin = (
            piece.origin.moved(before) if before and piece.is_verbatim and piece.origin is not None else piece.origin
        )
        pieces.append(TextPiece(max(0, piece.start - start), origin, piece.is_verbatim))
    return TracedText.of(text[start:end], pieces)


def keep_origin(made: str, of: str) -> str:
    """A text that was made of another one, as a whole from where that begins."""
    if (
        isinstance(of, TracedText)
        and not isinstance(made, TracedText)
        and of.pieces
        and of.pieces[0].origin is not None
    ):
        return TracedText.at(made, of.pieces[0].origin)
    return made


def trim(text: str, characters: str | None = None, *, left: bool = True, right: bool = True) -> str:
    """A text without some characters at its ends; blanks if none are named."""
    start = len(text) - len(text.lstrip(characters)) if left else 0
    end = len(text.rstrip(characters)) if right else len(text)
    return cut(text, start, max(start, end))


def indent(text: str, count: int) -> str:
    """A text with blanks before each of its lines."""
    pad = " " * count
    if not isinstance(text, TracedText):
        return pad + text.replace("\n", "\n" + pad)
    builder = TextBuilder()
    start = 0
    while True:
        end = text.find("\n", start)
        line = cut(text, start, len(text) if end < 0 else end + 1)
        builder.add(pad, text.origin_at(start))
        builder.add(line)
        if end < 0:
            return builder.text()
        start = end + 1
