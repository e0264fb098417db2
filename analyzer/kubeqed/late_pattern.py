"""Regular expressions that are compiled when they are first asked: each costs up to a millisecond of every start."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class _LatePattern:
    """It has the attributes of the pattern that it becomes."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self._asked: tuple[Any, int] = pattern, flags

    def __getattr__(self, name: str) -> object:
        found: object = getattr(re.compile(*self._asked), name)
        setattr(self, name, found)  # the next call is as fast as that of a pattern
        return found


def compile_late(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, for patterns that most runs do not need; a wrong one is found only when it is asked."""
    return cast("re.Pattern[AnyStr]", _LatePattern(pattern, flags))
