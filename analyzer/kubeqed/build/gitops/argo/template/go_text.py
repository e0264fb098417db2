"""How Go writes values as text: what `{{ .x }}` prints."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

_SMALLEST_PLAIN, _LARGEST_PLAIN = -4, 6  # powers of ten between which Go writes no exponent


def print_value(value: Any) -> str:
    """A value as Go prints it with %v; null and what is not there as templates print it."""
    if value is None:
        return "<no value>"
    return spell_value(value)


def spell_value(value: Any) -> str:
    """A value as Go prints it with %v."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, dict):
        return f"map[{' '.join(f'{key}:{spell_value(value[key])}' for key in sorted(value))}]"
    if isinstance(value, list):
        return f"[{' '.join(map(spell_value, value))}]"
    return "<nil>" if value is None else str(value)


def _number(value: float) -> str:
    """A float64 as %v has it; JSON knows no other numbers."""
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    power = len(digits) - 1 + int(exponent)
    if value == 0 or _SMALLEST_PLAIN <= power < _LARGEST_PLAIN:
        return f"{Decimal(repr(value)).normalize():f}"
    head, tail = str(digits[0]), "".join(map(str, digits[1:]))
    return f"{'-' * sign}{head}{f'.{tail}' if tail else ''}e{'-' if power < 0 else '+'}{abs(power):02}"


def quoted(text: str) -> str:
    """A text as %q writes it."""
    return json.dumps(text, ensure_ascii=False)
