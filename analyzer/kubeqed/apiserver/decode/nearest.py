"""The known name nearest to a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable


def find_nearest_field(name: str, known: Iterable[str]) -> str | None:
    """The known name that differs in case, `-`, `_`, a plural s or few letters; None when no name is near."""
    folded = _fold(name)
    best: tuple[int, str] | None = None
    for candidate in known:
        other = _fold(candidate)
        limit = max(1, min(len(folded), len(other)) // 4)
        if abs(len(folded) - len(other)) > limit:
            continue
        distance = 0 if folded == other else _distance(folded, other, limit)
        if distance <= limit and (best is None or (distance, candidate) < best):
            best = (distance, candidate)
    return best[1] if best else None


def is_slip(name: str, meant: str) -> bool:
    """Whether a name differs from the one that is meant only by case, or by one letter."""
    return name.lower() == meant.lower() or _distance(name, meant, 1) <= 1


def _fold(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


def _distance(one: str, two: str, limit: int) -> int:
    """How many letters are inserted, dropped, changed or swapped (optimal string alignment), or `limit + 1` if more."""
    before: list[int] = []
    previous = list(range(len(two) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, other in enumerate(two, 1):
            cost = min(previous[column] + 1, current[-1] + 1, previous[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == two[column - 2] and one[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before, previous = previous, current
    return previous[-1]
