"""Words by their slips, so that those alike to one are found without looking at every other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from kubeqed.resolve.edit_distance import SHORTEST, are_near, without_separators


class NearWords:
    """An index over words; two that are alike share a key."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_key: dict[tuple[str, str], list[str]] = defaultdict(list)
        for word in dict.fromkeys(words):
            for key in _list_keys(word):
                self._by_key[key].append(word)

    def find_alike(self, word: str) -> Iterator[str]:
        """The words that differ from `word` only by a slip."""
        near = dict.fromkeys(other for key in _list_keys(word) for other in self._by_key.get(key, ()))
        return (other for other in near if are_near(word, other))


def _list_keys(word: str) -> set[tuple[str, str]]:
    """The word in lower case, without separators, without a plural s, and, when long enough, with each letter left out.

    One letter changed, or two swapped, leave equal words when the letters concerned are left out of both.
    """
    # Comparing each word with each costs the square of their number, and a repository has thousands of names. Words
    # that are alike share one of these keys; the few that share one by chance are sorted out by `are_near`.
    keys = {("lower", word.lower()), ("plain", without_separators(word)), ("one", word.removesuffix("s"))}
    if len(word) >= SHORTEST:
        keys |= {("one", word), *(("one", word[:index] + word[index + 1 :]) for index in range(len(word)))}
    return keys
