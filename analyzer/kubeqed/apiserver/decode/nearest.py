"""The known name nearest to a misspelt one: the policy for fields and kinds."""

from __future__ import annotations

from collections.abc import Iterable

from kubeqed.model.spelling import edit_distance, find_nearest


def find_nearest_field(name: str, known: Iterable[str]) -> str | None:
    """The known name that differs in case, `-`, `_`, a plural s or few letters; None when no name is near."""
    return find_nearest(name, known, _limit_distance, _fold_name)


def is_slip(name: str, meant: str) -> bool:
    """Whether a name differs from the one that is meant only by case, or by one letter."""
    return name.lower() == meant.lower() or edit_distance(name, meant, 1) <= 1


def _limit_distance(one: int, two: int) -> int:
    return max(1, min(one, two) // 4)


def _fold_name(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")
