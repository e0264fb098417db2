"""The signs of templates and placeholders, told from plain text so quickly that every document can be asked.

What reads templates is imported only when something bears such a sign.
"""

from __future__ import annotations

import re

_MARKS = (
    "${",
    "<",
    "$(",
    "ref+",
    "?{",
    "__",
    "((",
    "REPLACE",
    "CHANGE",
    "YOUR",
    "HERE",
    "PLACEHOLDER",
    "INSERT",
    "FILL",
)
_NAMES = tuple(
    re.compile(rf"{sign}[A-Z]") for sign in ("@", "%", r"\[")
)  # one by one: a third of the time of all at once

YTT = "#@"  # what ytt is told stands in comments


def may_hold(text: str) -> bool:
    """Whether the text may hold a placeholder."""
    return any(mark in text for mark in _MARKS) or holds_action(text) or any(name.search(text) for name in _NAMES)


def holds_action(text: str) -> bool:
    """Whether the text may hold an action of a template, `{{ … }}` or `{% … %}`."""
    return "{{" in text or "{%" in text
