"""The signs of templates and placeholders, told from plain text so quickly that every document can be asked.

What reads templates is imported only when something bears such a sign.
"""

from __future__ import annotations

_MARKS = ("${", "<", "$(", "ref+", "?{")


def may_hold(text: str) -> bool:
    """Whether the text may hold a placeholder."""
    return any(mark in text for mark in _MARKS) or holds_action(text)


def holds_action(text: str) -> bool:
    """Whether the text may hold an action of a template, `{{ … }}` or `{% … %}`."""
    return "{{" in text or "{%" in text
