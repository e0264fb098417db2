"""Text of strangers on its way out: it stays on its line, moves no cursor, turns no direction, and commands no CI.

Manifests, paths and arguments may hold anything. `plain` of `words` is for a piece of text within a line; `escape` is for
all that a command writes, whatever its format.
"""

from __future__ import annotations

import re

from kubeqed.report.words import escape_character

_JSON = frozenset(("json", "sarif", "gitlab"))
_COMMANDS = "github"  # a format that consists of commands for a CI

_COLOR = "\x1b\\[[0-9;]*m"
UNSAFE = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
# Actions reads `::name …::` at the start of a line, and `##[name]` anywhere; an IPv6 address such as ::1 is none of these.
_AT_START = re.compile(r"^(?P<space>[^\S\n]*):(?=:(?=[a-z-]*[g-z-])[a-z-]+[ :])", re.MULTILINE | re.IGNORECASE)


def escape(text: str, output_format: str = "text", *, color: bool = False) -> str:
    """All that a command writes in one format; `color` says that the colours in it are ours."""
    return _in_json(text) if output_format in _JSON else _in_lines(text, output_format, color=color)


def _in_lines(text: str, output_format: str, *, color: bool) -> str:
    """Lines without a control character but the line break and, with `color`, our colours; and without commands."""
    if re.search(UNSAFE, text):
        kept = _COLOR if color else "(?!)"
        text = re.sub(f"(?P<keep>{kept})|{UNSAFE}", lambda match: match["keep"] or escape_character(match[0]), text)
    if output_format != _COMMANDS:
        text = _AT_START.sub(lambda match: match["space"] + "\\x3a", text)
    return text.replace("##[", "\\x23#[")


def _in_json(text: str) -> str:
    """A JSON document with the same values: such characters stand in its strings alone, which have escapes for them."""
    if re.search(UNSAFE, text):
        text = re.sub(UNSAFE, lambda match: _escape_units(match[0]), text)
    return text.replace("##[", "\\u0023#[")


def _escape_units(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
