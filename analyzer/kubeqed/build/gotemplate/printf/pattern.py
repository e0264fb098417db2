"""`printf` (package fmt): finds the verbs of a pattern and the values that belong to them."""

from __future__ import annotations

import re
from typing import Any

from kubeqed.build.gotemplate.printf.verbs import Directive, write_value
from kubeqed.build.gotemplate.printing import spell_value
from kubeqed.build.gotemplate.text import concat
from kubeqed.build.gotemplate.values import ArgumentError, text_from, type_of

_WIDEST = 1_000_000  # as fmt has it
_FLAGS = re.compile(r"[-+# 0]*")
_NUMBER = re.compile(r"[0-9]+")
_INDEX = re.compile(r"\[([^\]]*)\]")


def format_values(pattern: Any, *values: Any) -> str:
    """`printf`: a pattern with values in the place of its verbs; an ArgumentError for a pattern that is no text."""
    if not isinstance(pattern, str):
        raise ArgumentError(f"wrong type for value; expected string; got {type_of(pattern)}", 0, "string")
    first = pattern.find("%")
    if first < 0 and not values:
        return pattern
    return _Formatting(pattern, values).run(first)


class _Formatting:
    """One pattern with its values while it is written."""

    def __init__(self, pattern: str, values: tuple[Any, ...]) -> None:
        self._pattern = pattern
        self._values = values
        self._number = 0  # of the value that is next
        self._position = 0
        self._has_indices = False
        self._is_good = True  # whether the indices of a verb are

    def run(self, first: int) -> str:
        """The whole text; `first` is where the first verb stands."""
        parts, percent = [], first
        while percent >= 0:
            parts.append(self._pattern[self._position : percent])
            self._position = percent + 1
            parts.append(self._write_verb())
            percent = self._pattern.find("%", self._position)
        parts.append(self._pattern[self._position :])
        rest = self._values[self._number :]
        if rest and not self._has_indices:
            parts.append(f"%!(EXTRA {', '.join(map(_show_typed, rest))})")
        return concat(*parts)

    def _write_verb(self) -> str:
        """What stands in place of one verb."""
        self._is_good = True
        directive, problems = self._take_directive()
        verb = self._pattern[self._position : self._position + 1]
        if not verb:
            return f"{problems}%!(NOVERB)"
        self._position += 1
        if verb == "%":
            return f"{problems}%"
        if not self._is_good:
            return f"{problems}%!{verb}(BADINDEX)"
        if self._number >= len(self._values):
            return f"{problems}%!{verb}(MISSING)"
        value = self._values[self._number]
        self._number += 1
        return concat(problems, text_from(write_value(value, verb, directive), value))

    def _take_directive(self) -> tuple[Directive, str]:
        """Flags, width and precision, and what is printed of those that are none."""
        directive = Directive(self._take_match(_FLAGS))
        problems, has_index = "", self._take_index()
        if self._skip_sign("*"):
            width = self._take_value()
            problems += "%!(BADWIDTH)" if width is None else ""
            if width is not None and width < 0:
                width, directive.flags = -width, directive.flags.replace("0", "") + "-"
            directive.width, has_index = width, False
        elif number := self._take_match(_NUMBER):
            directive.width = _read_number(number)
            self._is_good = self._is_good and not has_index
        if self._skip_sign("."):
            self._is_good = self._is_good and not has_index
            has_index = self._take_index()
            if self._skip_sign("*"):
                directive.precision, has_index = self._take_value(), False
                problems += "%!(BADPREC)" if directive.precision is None or directive.precision < 0 else ""
                directive.precision = None if (directive.precision or 0) < 0 else directive.precision
            else:
                directive.precision = _read_number(self._take_match(_NUMBER) or "0")
        if not has_index:
            self._take_index()
        return directive, problems

    def _skip_sign(self, sign: str) -> bool:
        found = self._pattern.startswith(sign, self._position)
        self._position += found
        return found

    def _take_match(self, what: re.Pattern[str]) -> str:
        match = what.match(self._pattern, self._position)
        self._position = match.end() if match is not None else self._position
        return match[0] if match is not None else ""

    def _take_index(self) -> bool:
        """Whether a number in brackets names the value that is next."""
        if not self._pattern.startswith("[", self._position):
            return False
        self._has_indices = True
        match = _INDEX.match(self._pattern, self._position)
        if match is None:
            self._is_good = False
            self._position += 1
            return False
        self._position = match.end()
        number = int(match[1]) if match[1].isdecimal() else 0
        if not 1 <= number <= len(self._values):
            self._is_good = False
            return match[1].isdecimal()
        self._number = number - 1
        return True

    def _take_value(self) -> int | None:
        """A width or a precision that is one of the values; None where that is no such number."""
        if self._number >= len(self._values):
            return None
        value = self._values[self._number]
        self._number += 1
        is_number = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _WIDEST
        return int(value) if is_number else None


def _read_number(number: str) -> int | None:
    """A number of a pattern; None where fmt takes it for too large."""
    return int(number) if len(number) < len(str(_WIDEST)) or int(number) <= _WIDEST else None


def _show_typed(value: Any) -> str:
    """A value with its type, as Go shows one that belongs to no verb."""
    return "<nil>" if value is None else f"{type_of(value)}={spell_value(value)}"
