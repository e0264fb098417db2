"""Scalars as YAML that every reader takes for the same value: those of YAML 1.1, of YAML 1.2 and of Kubernetes.

The styles are those of `kustomize build` (go-yaml's emitter), so that both outputs can be compared as text: plain where
nobody could read another type, double quotes where somebody could, single quotes where only the syntax forbids plain text.
"""

from __future__ import annotations

import json
import re

from kubeqed.parse import Unknown
from kubeqed.report.escape import UNSAFE, escape

Scalar = None | bool | int | float | str | Unknown

LONGEST_KEY = 1000  # characters: readers look no further than 1024 for the colon

_WORDS = frozenset("y yes n no on off true false null ~ = <<".split())  # in lower case
_NUMBER = re.compile(
    r"[-+]?[\d_]*\.?[\d_]*(?:[eE][-+]?[\d_]+)?|[-+]?0[xXoObB]\w*|[-+]?\.(?:inf|nan)"
    r"|[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?:[Tt\s].*)?")
_NOT_PLAIN = re.compile(r"[\s,\[\]{}#&*!|>'\"%@`?]|-(?:\s|\Z)|:(?:\s|\Z)|---|\.\.\.")  # at the start
_INDICATOR = re.compile(r":(?:\s|\Z)|\s#|\s\Z")
_SPECIAL = re.compile(rf"{UNSAFE}|[\ufffe\uffff]")
_IN_QUOTES = re.compile(rf"{_SPECIAL.pattern}|(?<=#)#(?=\[)")


def dump_scalar(value: Scalar) -> str:
    """A scalar on one line; an unknown as its source spells it."""
    if isinstance(value, Unknown):
        return dump_text(value.text)
    if isinstance(value, str):
        return dump_text(value)
    return _dump_float(value) if isinstance(value, float) else json.dumps(value)


def _dump_float(value: float) -> str:
    """A float with the point that YAML 1.1 asks for."""
    text = json.dumps(value)
    return text if "." in text else text.replace("e", ".0e")


def dump_text(text: str) -> str:
    """A text on one line: plain if no reader could take it for something else, else in quotes."""
    if not _is_printable(text) or "\n" in text or "\t" in text or _is_ambiguous(text):
        return _in_double_quotes(text)
    if _NOT_PLAIN.match(text) or _INDICATOR.search(text):
        return "'" + text.replace("'", "''") + "'"
    return text


def block_of(text: str) -> tuple[str, list[str]] | None:
    """The header and the lines of a literal block that reads as exactly this text; None where there is none."""
    body = text.rstrip("\n")
    if "\n" not in text or not body.strip() or not _is_printable(text) or body.lstrip("\n ").startswith("\t"):
        return None
    ends = len(text) - len(body)
    indent = "2" if text[0] in " \n" else ""
    chomping = ("-", "", "+")[min(ends, 2)]
    return f"|{indent}{chomping}", [*body.split("\n"), *[""] * (ends - 1)]


def _is_ambiguous(text: str) -> bool:
    """Whether a reader may take the plain text for another type."""
    return text.lower() in _WORDS or _NUMBER.fullmatch(text) is not None or _DATE.fullmatch(text) is not None


def _is_printable(text: str) -> bool:
    """Whether the text can be written as it is: no character is special to YAML or a terminal, no word to a CI."""
    as_key = f"{text}:"  # the colon may make a command of a key such as ::name
    return not _SPECIAL.search(text) and escape(as_key) == as_key


def _in_double_quotes(text: str) -> str:
    return _IN_QUOTES.sub(_escape_character, json.dumps(text, ensure_ascii=False))


def _escape_character(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\U{code:08x}" if code > 0xFFFF else f"\\u{code:04x}"
