"""Whether all texts of a language are in others: samples first, then a search through all states of their derivatives.

A sample that no other language has is a proof that they do not suffice, and most questions end there. The search is exact, and
counts its steps, so that every machine gives the same answer and no pattern of a stranger takes long. Z3's regular
expressions, which answer the same question, are its oracle in tests; they are not asked here because their `rlimit` does not count
the states that they make: `/.*a.{20}b.{20}c` against `/.*a.{20}b.{20}` took more than half a minute with a budget of 300,000.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kubeqed.prove.requests.languages import ALPHABET, NONE, Language, contains, derive, list_samples

STEPS = 200_000  # for all questions about a host, about two seconds
STEPS_OF_ONE = 30_000


class CoverageGaveUp(Exception):  # noqa: N818  # no error: an answer that costs too much
    """The steps were spent before it was known."""


class SearchAllowance:
    """Steps that several questions may take together."""

    def __init__(self, steps: int = STEPS) -> None:
        self.left = steps

    def take_steps(self, count: int) -> None:
        """Raises CoverageGaveUp when they are spent."""
        self.left -= count
        if self.left < 0:
            raise CoverageGaveUp


def find_cover(
    language: Language, others: Sequence[Language], allowance: SearchAllowance | None = None
) -> tuple[int, ...] | None:
    """Which of the others hold all of a language together, by their places, as few as will do; None when they do not."""
    allowance = allowance or SearchAllowance()
    samples = list_samples(language)
    if any(not any(contains(other, text) for other in others) for text in samples):
        return None
    same = next((at for at, other in enumerate(others) if other is language), None)
    if same is not None:
        return (same,)
    used = _find_used(language, others, allowance)
    if used is None:
        return None
    places = sorted(used)
    for place in tuple(places):  # the last are kept: they are the nearest
        fewer = [at for at in places if at != place]
        if fewer and _find_used(language, [others[at] for at in fewer], allowance) is not None:
            places = fewer
    return tuple(places)


def _find_used(language: Language, others: Sequence[Language], allowance: SearchAllowance) -> set[int] | None:
    """Others that hold all of a language, for each of its ends the first that has it; None when they do not hold all."""
    characters = _list_characters((language, *others))
    start = (language, *others)
    seen, left = {start}, [start]
    used: set[int] = set()
    steps = 0
    while left:
        state = left.pop()
        if state[0].has_empty:
            holder = next((at for at, other in enumerate(state[1:]) if other.has_empty), None)
            if holder is None:
                return None
            used.add(holder)
        for following in _follow_state(state, characters):
            if following not in seen:
                seen.add(following)
                left.append(following)
        steps += len(characters)
        allowance.take_steps(len(characters) * len(start))
        if steps > STEPS_OF_ONE:
            raise CoverageGaveUp
    return used


def _follow_state(state: Sequence[Language], characters: Iterable[str]) -> Iterator[tuple[Language, ...]]:
    for character in characters:
        first = derive(state[0], character)
        if first is not NONE:
            yield (first, *(derive(other, character) for other in state[1:]))


def _list_characters(languages: Iterable[Language]) -> list[str]:
    """One character for all that no part of the languages tells apart."""
    classes: list[frozenset[str]] = [ALPHABET]
    for asked in {one for language in languages for one in _list_asked(language)}:
        extra = asked.difference(*[asked & one for one in classes]) if classes else asked
        parts = [part for one in classes for part in (one & asked, one - asked) if part]
        classes = [*parts, *([extra] if extra else [])]
    return sorted(min(one) for one in classes)


def _list_asked(language: Language) -> set[frozenset[str]]:
    """The sets of characters that parts of a language match; a part that several share is looked at once."""
    found: set[frozenset[str]] = set()
    seen: set[Language] = set()
    left = [language]
    while left:
        part = left.pop()
        if part not in seen:
            seen.add(part)
            left += part.parts
            if part.kind == "one":
                found.add(part.characters)
    return found
