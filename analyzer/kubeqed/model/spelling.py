"""How far two words are apart: the one distance behind every "did you mean".

Each user adds only a policy: which spellings count as equal (`fold`), and how many slips still mean the same word
(`limit`). `resolve/edit_distance.py` has the strictest, since its answer makes a finding `likely`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable


def edit_distance(one: str, two: str, limit: int) -> int:
    """How many letters are inserted, dropped, changed or swapped (optimal string alignment), or `limit + 1` if more."""
    one, two = differing_parts(one, two)
    if abs(len(one) - len(two)) > limit:
        return limit + 1
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
    return min(previous[-1], limit + 1)


def differing_parts(one: str, two: str) -> tuple[str, str]:
    """The words without what they begin and end with alike; two empty texts for equal words."""
    start, most = 0, min(len(one), len(two))
    while start < most and one[start] == two[start]:
        start += 1
    end = 0
    while end < most - start and one[-1 - end] == two[-1 - end]:
        end += 1
    return one[start : len(one) - end], two[start : len(two) - end]


def find_nearest(
    word: str, known: Iterable[str], limit: Callable[[int, int], int], fold: Callable[[str], str] = str
) -> str | None:
    """The known word with the smallest distance, the first by name of several; None when none is near.

    `limit` takes the lengths of both words and gives the largest distance that is near; words are compared as `fold`
    writes them.
    """
    folded = fold(word)
    best: tuple[int, str] | None = None
    for candidate in known:
        other = fold(candidate)
        most = limit(len(folded), len(other))
        distance = edit_distance(folded, other, most)
        if distance <= most and (best is None or (distance, candidate) < best):
            best = (distance, candidate)
    return best[1] if best else None


def limit_of_similar(one: int, two: int) -> int:
    """The limit for what a person types: two words of these lengths are similar when three letters of five agree."""
    return max(one, two) * 2 // 5
