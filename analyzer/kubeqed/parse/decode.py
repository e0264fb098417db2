"""Bytes into text: UTF-8, or UTF-16 with a byte order mark, as YAML allows."""

from __future__ import annotations

import codecs

from kubeqed.parse.document import Problem
from kubeqed.parse.lines import position
from kubeqed.parse.mark import pack


def decode(content: bytes) -> tuple[str, Problem | None]:
    """The text without its byte order mark, and what is wrong with it, at the first bad byte.

    A text with something wrong holds U+FFFD in its place.
    """
    encoding, name = "utf-8", "UTF-8"
    content = content.removeprefix(codecs.BOM_UTF8)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding, name = "utf-16", "UTF-16"
    try:
        return content.decode(encoding), None
    except UnicodeDecodeError as error:
        text = content.decode(encoding, "replace")
        line, column = position(text, len(content[: error.start].decode(encoding, "replace")))
        bad = content[error.start]
        message = f"not {name}: byte 0x{bad:02x} cannot be decoded"
        return text, Problem("parse-error", message, pack(line, column, column + 1))
