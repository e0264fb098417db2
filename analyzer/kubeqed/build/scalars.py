"""Scalars of a built tree, and how they are spelt."""

from __future__ import annotations

import json

from kubeqed.parse import Unknown

Scalar = None | bool | int | float | str | Unknown


def spell(value: Scalar) -> str:
    """A scalar as JSON spells it, text as it is."""
    if isinstance(value, str):
        return value
    if isinstance(value, Unknown):
        return value.text
    return "" if value is None else json.dumps(value)
