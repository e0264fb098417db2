"""What calls cost: a short template can ask for hours of work, so that its steps alone bound nothing.

The unit is about a microsecond. Most functions take time with their texts; some go over lists, some over all that a value
holds, where a value may hold itself. What a pattern costs, its function says.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kubeqed.build.gotemplate.values import TooLargeError

MOST_WORK = 4_000_000
_OF_VALUE = 4  # a value that is written in a text or copied
_OF_TEXT = 32  # characters that are read and written in a microsecond
_OF_TEMPLATE = 2  # characters that are parsed
_FLAT = frozenset(
    "append chunk compact concat initial keys omit pick prepend push rest reverse slice sortAlpha values".split()
)
_DEEP = frozenset(
    "cat deepCopy deepEqual fail has html join js merge mergeOverwrite print printf println quote squote toJson toPrettyJson "
    "toRawJson toString toStrings toToml toYaml toYamlPretty without uniq urlquery".split()
)
_SQUARED = frozenset(("uniq", "without", "omit"))


class WorkBudget:
    """The work that may still be done; a TooLargeError where there is none left."""

    def __init__(self, units: int = MOST_WORK) -> None:
        self._left = self._most = units

    @property
    def spent(self) -> int:
        """The work that was spent, at most all of it."""
        return min(self._most - self._left, self._most)

    def spend(self, units: int) -> None:
        """Counts work, in microseconds or so; a TooLargeError where none is left."""
        self._left -= units
        if self._left < 0:
            raise TooLargeError("it takes too many steps")

    def call(self, name: str, function: Callable[..., Any], arguments: list[Any]) -> None:
        """Counts a call without its result."""
        stated = getattr(function, "work", None)
        plain = name.removeprefix("must")
        plain = plain if plain == name else plain[:1].lower() + plain[1:]
        if stated is not None:
            self.spend(int(stated(*arguments)))
        elif plain in _DEEP:
            for _ in range(_find_longest(arguments) if plain in _SQUARED else 1):
                self.go_over(arguments)
        else:
            self.spend(sum(map(len, filter(_is_text, arguments))) // (_OF_TEMPLATE if name == "tpl" else _OF_TEXT))
            self.spend(_find_longest(arguments) * len(arguments) if plain in _FLAT else 0)

    def text(self, made: Any) -> None:
        """Counts what it costs to make a text."""
        if _is_text(made):
            self.spend(len(made) // _OF_TEXT)

    def go_over(self, value: Any) -> None:
        """Counts all that a value holds, as often as it would be written."""
        waiting = [value]
        while waiting:
            one = waiting.pop()
            self.spend(_OF_VALUE)
            if isinstance(one, dict):
                waiting += one.values()
            elif isinstance(one, list):
                waiting += one
            else:
                self.text(one)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _find_longest(arguments: list[Any]) -> int:
    """The length of the longest list or map, or of the arguments themselves."""
    return max((len(one) for one in (*arguments, arguments) if isinstance(one, list | dict)), default=1)
