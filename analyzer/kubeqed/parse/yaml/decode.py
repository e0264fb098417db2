"""Bytes into text: UTF-8, or UTF-16 with a byte order mark, as YAML allows.

Files with such marks that were put behind one another hold one below each `---`. kubectl splits there before it reads,
so that each begins a text (checked with k8s.io/apimachinery 0.36); below a `---` that begins the file it stays a letter.
"""

from __future__ import annotations

import codecs

from kubeqed.late_pattern import compile_late
from kubeqed.parse.document import Problem, ProblemKind
from kubeqed.parse.tree.lines import find_position
from kubeqed.parse.tree.mark import START, pack

# https://github.com/AGWA/git-crypt/blob/master/commands.cpp, as a checkout holds a file that is not unlocked
_GIT_CRYPT = b"\0GITCRYPT\0"
ENCRYPTED = "encrypted by git-crypt"
_MARK = "\ufeff"
_BELOW_SEPARATOR = compile_late(rf"(\n---[ \t]*\r?\n){_MARK}")


def decode(content: bytes) -> tuple[str, Problem | None]:
    """The text without its byte order marks, and what is wrong with it, at the first bad byte.

    A text with something wrong holds U+FFFD in its place.
    """
    if content.startswith(_GIT_CRYPT):
        return content.decode("utf-8", "replace"), Problem(ProblemKind.NOT_READABLE, ENCRYPTED, START)
    encoding, name = "utf-8", "UTF-8"
    content = content.removeprefix(codecs.BOM_UTF8)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding, name = "utf-16", "UTF-16"
    try:
        text = content.decode(encoding)
        return _BELOW_SEPARATOR.sub(r"\1", text) if _MARK in text else text, None
    except UnicodeDecodeError as error:
        text = content.decode(encoding, "replace")
        line, column = find_position(text, len(content[: error.start].decode(encoding, "replace")))
        bad = content[error.start]
        message = f"not {name}: byte 0x{bad:02x} cannot be decoded"
        return text, Problem(ProblemKind.NOT_READABLE, message, pack(line, column, column + 1))
