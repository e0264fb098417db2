"""Colons inside plain scalars of flow collections, as in `{image: nginx:1.25}`.

go-yaml reads them as text. The C extension carries libyaml 0.1.7, which refuses them (later ones do not). So a text
that failed for a colon is read once more with every colon that stands inside a word covered by a character of the same
width, which the events put back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_COLON = re.compile(r"^%.*|(?<![^\s\[{,])!\S*|(?<=[^\s\[\]{},\"']):(?=\S)", re.MULTILINE)


def fails_for_colon(error: Exception) -> bool:
    """Whether libyaml refused a text for a colon."""
    return getattr(error, "problem", None) == "found unexpected ':'"


def cover_colons(text: str) -> tuple[str, str]:
    """The text with those colons covered, and the character that covers them."""
    sign = next(chr(code) for code in range(0xE000, 0x110000) if chr(code) not in text)
    return _COLON.sub(lambda match: sign if match[0] == ":" else match[0], text), sign


def uncovered(take: Callable[[], Any], sign: str) -> Callable[[], Any]:
    """The event function `take` with the colons put back."""

    def take_uncovered() -> Any:
        event = take()
        if sign in (getattr(event, "value", None) or ""):
            event.value = event.value.replace(sign, ":")
        return event

    return take_uncovered
