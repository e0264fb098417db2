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
    "op://",
    "?{",
    "__",
    "#{",
    "((",
    "REPLACE",
    "CHANGE",
    "YOUR",
    "HERE",
    "PLACEHOLDER",
    "INSERT",
    "FILL",
    "XX",
)
_NAMES = tuple(
    re.compile(sign) for sign in (r"@[A-Za-z][\w.-]*@", "%[A-Z]", r"\[[A-Z]")
)  # one by one: a third of the time of all at once

YTT = "#@"  # what ytt is told stands in comments
_COMMENTED = (": #", ":  #", "- #", " # placeholder", " # Placeholder")


def may_hold(text: str) -> bool:
    """Whether the text may hold a placeholder."""
    return any(mark in text for mark in _MARKS) or holds_action(text) or any(name.search(text) for name in _NAMES)


def may_be_commented(text: str) -> bool:
    """Whether a comment in the text may say that a value is to be filled in."""
    return any(mark in text for mark in _COMMENTED)


def holds_action(text: str) -> bool:
    """Whether the text may hold an action of a template: `{{ … }}`, `{% … %}` or `{# … #}`."""
    return "{{" in text or "{%" in text or "{#" in text
