"""Names and label values as texts, so that classes and terms are plain tuples: an unknown takes part as a token.

A token equals nothing but the token of the same unknown. That it is a text with a mark in front, which no name, namespace or
label value can hold, only this module knows: all others ask `is_unknown` and show `display`.
"""

from __future__ import annotations

from kubeqed.parse import Concat, Unknown, Variable

_MARK = "\0"

OTHER = f"{_MARK}{_MARK}"  # stands for all values that no selector names; no token starts so


def encode(value: str | Unknown) -> str:
    """The value itself, or the token of an unknown."""
    return value if isinstance(value, str) else f"{_MARK}{_identify_unknown(value)}{_MARK}{value.text}"


def make_token(text: str) -> str:
    """The token of something that no manifest names; it reads as the text."""
    return f"{_MARK}{text}"


def is_unknown(text: str) -> bool:
    """Whether a text is a token."""
    return text.startswith(_MARK)


def display(text: str) -> str:
    """How a text, or a token, reads."""
    if not is_unknown(text):
        return text
    shown = text.lstrip(_MARK)
    return shown.partition(_MARK)[2] or shown


def _identify_unknown(value: Unknown) -> str:
    """What two unknowns have in common that are the same one."""
    if isinstance(value.term, Variable):
        return f"{value.term.name} {value.term.file}".rstrip()
    return repr(value.term.parts) if isinstance(value.term, Concat) else str(id(value.term))
