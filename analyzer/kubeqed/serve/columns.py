"""Places as clients count them: from 0, and columns in the code units of the encoding that both sides agreed on.

Ours are code points; `utf-16`, which every client knows, counts two for an emoji.
"""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from kubeqed.diagnostic import Span

_BYTES = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2)}


class Columns:
    """Conversions for one encoding, `utf-8`, `utf-16` or `utf-32`."""

    def __init__(self, encoding: str = "utf-16") -> None:
        self._codec = _BYTES.get(encoding)

    def of_client(self, line: str, column: int) -> int:
        """The client's column for a column of ours, both from 0; one behind the line's end is its end."""
        head = line[:column]
        if self._codec is None or head.isascii():
            return len(head)
        codec, width = self._codec
        return len(head.encode(codec, "surrogatepass")) // width

    def of_ours(self, line: str, column: int) -> int:
        """The column of ours, from 0, for one of the client."""
        if self._codec is None or line.isascii():
            return min(column, len(line))
        codec, width = self._codec
        return len(line.encode(codec, "surrogatepass")[: column * width].decode(codec, "ignore"))

    def range(self, span: Span, lines: Sequence[str]) -> types.Range:
        """A span as a range; `lines` are those of its file."""
        return types.Range(
            self._make_position(span.line - 1, span.column - 1, lines),
            self._make_position(span.end_line - 1, span.end_column - 1, lines),
        )

    def _make_position(self, line: int, column: int, lines: Sequence[str]) -> types.Position:
        return types.Position(line, self.of_client(lines[line], column) if line < len(lines) else column)
