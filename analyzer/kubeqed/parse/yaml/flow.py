"""What libyaml refuses although it is meant: `{image: nginx:1.25}`, `{port: ${PORT}}`, `name: @NAME@`, `web-[ENV]`, `{self.name}-web`, `%d`, `**REDACTED**`.

go-yaml reads a colon inside a word as text; the C extension carries libyaml 0.1.7, which refuses it in flow collections
(later ones do not). The marks of a placeholder are gone when the manifest is applied. So a text that failed for one of
these is read once more with those characters covered by others of the same width, which the events put back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from kubeqed.late_pattern import compile_late

_COLON = compile_late(r"^%.*|(?<![^\s\[{,])!\S*|(?<=[^\s\[\]{},\"']):(?=\S)", re.MULTILINE)
_NAME = r"[A-Z][A-Z0-9_]*"
_FIELD = r"[a-z_]\w*(?:\.\w+|\[[\w-]+\])+"  # of a format string: `{self.name}`, `{images[web]}`
_LOWER = r"\{[a-z_]\w*\}"
_LIKE_FLOW = rf"\[{_NAME}(?: {_NAME})*\]|\{{{_NAME}\}}|\{{{_FIELD}\}}"
_BESIDES = (
    r"[@%]\{[^{}\n\r]*\}|@\([\w.-]+\)|%\(\w+\)[sd]|(?<![\w%])%[sdvq](?!\w)|(?<=[:-] )([|!])[A-Z]\w*\1(?=[ \t]*\r?$)"
)
_PLACEHOLDER = compile_late(
    rf"\$\{{[ \t]*[A-Za-z_][^{{}}\n\r]*\}}|@{{1,3}}[A-Za-z][\w.-]*@{{1,3}}|%{_NAME}%|%%+[A-Za-z][\w.-]*%%+|{_BESIDES}|(?<=[\w./-])(?:{_LIKE_FLOW})|(?:{_LIKE_FLOW})(?=[\w./:-])"
    rf"|(?<=[\w./-]){_LOWER}|{_LOWER}(?=[\w./-]|:\S)|(?<=\}}:){_LOWER}"
    rf"|\{{[a-z_]\w*\[[\w-]+\]\}}|(?<=[:-] )\*{{2,}}(?:\*|[A-Za-z]\w*\*{{2,}})(?=[ \t]*\r?$)",
    re.MULTILINE,
)
_CHARACTERS = "{}[],:#\"'@%*|!"

Covers = dict[int, str]


def may_be_covered(text: str, error: Exception) -> bool:
    """Whether libyaml refused a text for a colon, or may have refused it for a placeholder."""
    colon = getattr(error, "problem", None) == "found unexpected ':'"
    return colon or _PLACEHOLDER.search(text) is not None


def mask_flow(text: str) -> tuple[str, Covers]:
    """The text with those characters covered, and what each covering character stands for."""
    free = (chr(code) for code in range(0xE000, 0x110000) if chr(code) not in text)
    signs = dict(zip(_CHARACTERS, free, strict=False))
    table = str.maketrans(signs)
    text = _PLACEHOLDER.sub(lambda match: match[0].translate(table), text)
    text = _COLON.sub(lambda match: signs[":"] if match[0] == ":" else match[0], text)
    return text, {ord(sign): character for character, sign in signs.items()}


def unmask_flow(take: Callable[[], Any], covers: Covers) -> Callable[[], Any]:
    """The event function `take` with what was covered put back."""

    def take_uncovered() -> Any:
        event = take()
        if value := getattr(event, "value", None):
            event.value = value.translate(covers)
        return event

    return take_uncovered
