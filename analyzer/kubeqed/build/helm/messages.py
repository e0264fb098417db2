"""What Helm says of a template, without the values that it quotes: a value may be a password."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_SHORTEST = 4  # characters of a value that is looked for: shorter ones stand in any word
_QUOTED = 40  # characters of a text that `tpl` quotes
_PREFIX = re.compile(r".*?executing \"[^\"]*\" at <.*?>: ", re.DOTALL)
_OF_TEXT = re.compile(r"(cannot parse template) .*?(: template: gotpl:\d+): .*", re.DOTALL)
HIDDEN = "***"


class HiddenValues:
    """The texts of a chart's values, to be taken out of messages."""

    def __init__(self, values: dict[str, Any]) -> None:
        texts = {text for one in _texts(values) for text in (one, one[:_QUOTED], one.strip()) if len(text) >= _SHORTEST}
        self._texts = sorted(texts, key=lambda text: (-len(text), text))

    def hide(self, reason: str) -> str:
        """A reason with *** for each value; where it stands, and the action that is refused, are the template's own."""
        start, found = 0, _PREFIX.match(reason)
        while found is not None:
            start, found = found.end(), _PREFIX.match(reason, found.end())
        rest = _OF_TEXT.sub(r"\1\2", reason[start:])
        for text in self._texts:
            if text in rest:
                rest = rest.replace(text, HIDDEN)
        return reason[:start] + rest


def _texts(values: Any) -> Iterator[str]:
    """The texts that values hold."""
    waiting, seen = [values], set[int]()
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield str(one)
        elif isinstance(one, dict | list) and id(one) not in seen:
            seen.add(id(one))
            waiting += one.values() if isinstance(one, dict) else one
