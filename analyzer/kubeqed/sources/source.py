"""A file or stream as it was read."""

from __future__ import annotations

from typing import NamedTuple


class SourceFile(NamedTuple):
    """`path` is printed as it was reached (the PATH as given, then / and the rest; `-` for standard input)."""

    path: str
    content: bytes
