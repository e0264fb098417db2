"""YAML as kustomize reads it, where that is not how the API server would read the same text.

Kustomize's reader knows YAML 1.2: `on` and `y` are texts, dates are times, a key may be a number, which no JSON can hold.
What it reads, it writes once more before the server sees it, and that is not always the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from kubeqed.build.node import OriginNode
from kubeqed.build.refusal import RefusalError
from kubeqed.diagnostic import Span
from kubeqed.parse import Unknown

_FLAGS = frozenset("y Y yes Yes YES on On ON n N no No NO off Off OFF".split())
_BOOLEANS = ("true", "false")
_DATE = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?[ \t]*(Z|[-+]\d\d?(?::?\d\d)?)?)?\Z"
)
_NUMBER = re.compile(r"[-+]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?\Z|0[xo][\da-fA-F_]+\Z|\.(?:inf|nan)\Z")
_SPECIAL = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INDENT = (" ", "\t")
_QUOTES = ("'", '"')

Lines = Callable[[], Sequence[str]]


def adapt(document: OriginNode, lines: Lines) -> None:
    """Changes a tree that the server's reader made to what kustomize's makes; `lines` gives those of the tree's file.

    A RefusalError for what it cannot write. A list is a JSON patch, which kustomize reads as the server would.
    """
    if isinstance(document.value, list):
        return
    annotations = document.entries_at("metadata", "annotations").values()
    as_read = [(node, node.value) for node in annotations if "\n" in node.text]
    _adapt_values(document, lines)
    for node, value in as_read:
        node.value = value  # annotations the tool does not write as they were written


def _adapt_values(root: OriginNode, lines: Lines) -> None:
    if isinstance(root.value, dict):
        _adapt_keys(root, root.value, lines)
        for item in root.value.values():
            if not isinstance(item.value, str) or _may_differ(item.value):
                _adapt_values(item, lines)
    elif isinstance(root.value, list):
        for item in root.value:
            _adapt_values(item, lines)
    elif isinstance(root.value, bool):
        if (reading := root.reading) in _FLAGS:
            root.value = reading
    elif isinstance(root.value, str | Unknown):
        _adapt_text(root, lines)


def _may_differ(text: str) -> bool:
    """Whether a text may be a date or a folded one: most are neither."""
    return text[:1].isdigit() or "\n" in text


def _adapt_keys(node: OriginNode, entries: dict[str, OriginNode], lines: Lines) -> None:
    """Gives back their spelling to keys that the server would read as a boolean, and refuses numbers."""
    for key in [
        one
        for one in entries
        if one in _BOOLEANS or one == "null" or (one[:1] in "-+.0123456789" and _NUMBER.match(one))
    ]:
        written = _read_source(entries[key].key_place.span, lines)
        if written[:1] in _QUOTES:
            continue
        word = re.match(r"\w+", written)
        if key in _BOOLEANS and word is not None and word[0] in _FLAGS:
            node.value = {word[0] if name == key else name: item for name, item in entries.items()}
            return
        if not written.startswith("?"):
            reason = "json: unsupported type: map[interface {}]interface {}"
            raise RefusalError(reason, entries[key].key_place)


def _adapt_text(node: OriginNode, lines: Lines) -> None:
    """Makes times of dates, and writes folded texts anew."""
    text = node.text
    if "\n" in text:
        if "\n " in text and _read_source(node.place.span, lines)[:1] == ">":
            folded = _folded_again(text)
            node.value = Unknown(node.value.term, folded) if isinstance(node.value, Unknown) else folded
    elif (
        isinstance(node.value, str)
        and text[:1].isdigit()
        and (match := _DATE.match(text))
        and _read_source(node.place.span, lines)[:1] not in _QUOTES
    ):
        node.value = _spell_time(match) or text


def _read_source(span: Span, lines: Lines) -> str:
    """What stands in the file from a place on, to the end of its line."""
    listed = lines()
    return listed[span.line - 1][span.column - 1 :] if span.line <= len(listed) else ""


def _folded_again(text: str) -> str:
    """A folded text as the tool writes it anew: before an indented line stands one line break more.

    What it cannot write in a block, as a line that ends in a blank, it quotes, and nothing changes.
    """
    if text.lstrip("\n")[:1].isspace() or " \n" in text or text.endswith(" ") or _SPECIAL.search(text):
        return text
    lines = text.split("\n")
    parts, is_indented = [lines[0]], False
    for line in lines[1:]:
        parts.append(f"\n{line}" if line.startswith(_INDENT) and not is_indented else line)
        is_indented = line.startswith(_INDENT) if line else is_indented
    return "\n".join(parts)


def _spell_time(match: re.Match[str]) -> str | None:
    """A date as the tool writes it (RFC 3339); None where it is none after all."""
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return None
    if hour is None:
        return f"{year}-{int(month):02}-{int(day):02}T00:00:00Z" if len(month) == len(day) == 2 else None
    if zone and zone != "Z":
        hours, _, minutes = zone[1:].partition(":")
        zone = f"{zone[0]}{int(hours):02}:{minutes or '00'}"
    rest = (fraction or "").rstrip("0")
    return f"{year}-{int(month):02}-{int(day):02}T{int(hour):02}:{minute}:{second}{f'.{rest}' if rest else ''}{zone or 'Z'}"
