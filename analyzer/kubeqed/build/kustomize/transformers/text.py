"""Texts made of texts, some of which may still hold what another tool fills in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kubeqed.build.node import OriginNode
from kubeqed.build.scalars import Scalar, spell
from kubeqed.parse import Concat, Fresh, Unknown, Variable


def compose_text(text: str, inputs: Iterable[OriginNode]) -> str | Unknown:
    """A text that was made of others; unknown if one of them is."""
    return Unknown(Fresh(text), text) if any(isinstance(one.value, Unknown) for one in inputs) else text


Part = str | Variable | Fresh


def concat(values: Sequence[Scalar]) -> str | Unknown:
    """The values one after the other; unknown as soon as one of them is."""
    text = "".join(map(spell, values))
    if not any(isinstance(value, Unknown) for value in values):
        return text
    parts: list[Part] = []
    for value in values:
        if isinstance(value, Unknown):
            parts += value.term.parts if isinstance(value.term, Concat) else (value.term,)
        elif spell(value):
            parts.append(spell(value))
    return Unknown(Concat(tuple(parts)), text)
