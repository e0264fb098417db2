"""Lines of which no tree says what is confidential, as a report may show them: judged by their keys and indentation."""

from __future__ import annotations

import re

from kubeqed.late_pattern import compile_late
from kubeqed.model.confidential.values import redact

_NAMED = compile_late(r"\s*(- )?[\"']?(apiVersion|kind|name|namespace|type)[\"']?\s*:\s+[\"']?[-./\w]*[\"']?\s*\Z")
_ENTRY = compile_late(r"(?P<head>\s*(?:- )*[\"']?(?P<key>[^\s\"':,{}\[\]]+)[\"']?\s*:)(?=\s|\Z)(?P<rest>.*)\Z")
_SENSITIVE = compile_late(
    r"\b(value|arg\w*|cmd|commands?|env\w*|data|stringData|literals?|\w*headers|passw(?:or)?d|token|client-key-data|last-applied-configuration)[\"']?\s*:",
    re.IGNORECASE,
)
_NAMES_SECRET = compile_late(
    r"([\w.-]*(?:passw|pwd|secret|token|credential|private|apikey|accesskey|connectionstring|auth)[\w.-]*)[\"']?\s*:",
    re.IGNORECASE,
)
_OF_VARIABLE = frozenset(("name", "value", "valueFrom", "secretKeyRef", "configMapKeyRef", "fieldRef", "key"))
_TO_THE_END = -1  # a column that every line is right of


def redact_unparsed_lines(lines: list[str], *, secret: bool, holds_object: bool = True) -> list[str]:
    """The lines, redacted: below a key that may hold secrets only names are left; in a `secret` no value is.

    Where a file `holds_object` of no kind, such as the values of a chart, a key such as `password` tells what a Secret gets.
    """
    plain_data = not secret and any("ConfigMap" in line for line in lines)
    found: list[str] = []
    above: int | None = None  # the column of a key below which everything may be a secret
    for line in lines:
        if above is not None and _ends_above(line, above):
            above = None
        if above is not None:
            found.append(_redact_below(line, secret=secret))
            continue
        sensitive = _SENSITIVE.search(line) or (None if holds_object else _NAMES_SECRET.search(line))
        found.append(_without_value(line, hidden=secret or sensitive is not None))
        if sensitive and not (plain_data and sensitive[1].lower() == "data"):
            above = _TO_THE_END if _is_open(line) else len(line) - len(line.lstrip(" -"))
    return found


def _ends_above(line: str, above: int) -> bool:
    """Whether a line stands no longer below the key at column `above`."""
    text = line.lstrip(" ")
    column = len(line) - len(text)
    return bool(text.strip()) and (column < above or (column == above and not text.startswith("-")))


def _is_open(line: str) -> bool:
    """Whether a bracket or a quote may go on in the next lines."""
    return line.count("{") + line.count("[") != line.count("}") + line.count("]") or any(
        line.count(quote) % 2 for quote in "\"'"
    )


def _redact_below(line: str, *, secret: bool) -> str:
    if _NAMED.match(line) and not secret:
        return line
    entry = _ENTRY.match(line)
    known = entry is not None and entry["key"] in _OF_VARIABLE
    return entry["head"] + redact(entry["rest"]) if entry and known else redact(line)


def _without_value(line: str, *, hidden: bool) -> str:
    """A line whose context is lost: its key is left, and its value if that is not `hidden`."""
    if not line.strip() or line.startswith(("---", "...")) or (_NAMED.match(line) and not _SENSITIVE.search(line)):
        return line
    entry = _ENTRY.match(line)
    if entry is None:
        return redact(line)
    return entry["head"] + redact(entry["rest"]) if hidden else line
