"""Terms as people read them."""

from __future__ import annotations

from typing import Any

from kubeqed.build.helm.symbolic.terms import SymbolicTerm

_DEEPEST_SHOWN = 8


def describe_term(value: Any, deep: int = _DEEPEST_SHOWN) -> str:
    """A term as people read it; what is deep inside of it is left out."""
    if not isinstance(value, SymbolicTerm):
        return repr(value) if isinstance(value, str) else str(value)
    if value.kind == "root":
        return f".{value.name}"
    if not deep:
        return "…"
    parts = [
        one if value.kind == "text" and isinstance(one, str) else describe_term(one, deep - 1) for one in value.parts
    ]
    if value.kind == "field":
        return f"{parts[0]}.{value.name}"
    if value.kind in ("item", "key"):
        return f"{'an item' if value.kind == 'item' else 'a key'} of {parts[0]}"
    if value.kind == "text":
        return "".join(
            f"{{{part}}}" if isinstance(one, SymbolicTerm) else part
            for one, part in zip(value.parts, parts, strict=True)
        )
    if value.kind == "choice":
        return f"one of {parts[1]} and {parts[2]}"
    return f"{value.name or value.kind}({', '.join(parts)})" if parts else value.name
