"""Regular languages over the characters of a request's path: built, matched by derivatives, and sampled.

Paths are compared without regard to case where patterns are, so there are no capital letters. One character stands for
all that are not printable ASCII, which no pattern that is read here tells apart.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice, takewhile
from weakref import WeakValueDictionary

OTHER = "\u00fe"
"""Stands for every character beyond printable ASCII; no line break is one, as `.` matches none and no request has one."""

ALPHABET = frozenset(chr(code) for code in range(0x20, 0x7F)) - frozenset(string.ascii_uppercase) | {OTHER}

_PLAINEST = f"{string.ascii_lowercase}{string.digits}/"
_MOST_SAMPLES = 24


class Language:
    """A regular expression: `kind` is `none`, `empty`, `one` of some characters, `cat`, `alt` or `star` of `parts`.

    What says the same is one object, so that comparing and looking up cost nothing however often a part is shared. Made by
    the functions below alone.
    """

    __slots__ = ("__weakref__", "characters", "kind", "parts")

    def __init__(self, kind: str, characters: frozenset[str], parts: tuple[Language, ...]) -> None:
        self.kind = kind
        self.characters = characters
        self.parts = parts

    @property
    def has_empty(self) -> bool:
        """Whether the empty text is in it."""
        return _has_empty(self)


_KNOWN: WeakValueDictionary[tuple[object, ...], Language] = WeakValueDictionary()


def _make_language(kind: str, characters: frozenset[str] = frozenset(), parts: tuple[Language, ...] = ()) -> Language:
    key = (kind, characters, parts)
    found = _KNOWN.get(key)
    if found is None:
        found = _KNOWN[key] = Language(kind, characters, parts)
    return found


NONE = _make_language("none")
EMPTY = _make_language("empty")


def one_of(characters: Iterable[str]) -> Language:
    """The texts of one character."""
    found = frozenset(characters)
    return _make_language("one", found) if found else NONE


ANY = _make_language("star", parts=(one_of(ALPHABET),))


def text_of(text: str) -> Language:
    """One text."""
    return concatenate([one_of(character) for character in text])


def concatenate(parts: Iterable[Language]) -> Language:
    """One after the other."""
    found: list[Language] = []
    for part in parts:
        if part is NONE:
            return NONE
        found += part.parts if part.kind == "cat" else () if part is EMPTY else (part,)
    return EMPTY if not found else found[0] if len(found) == 1 else _make_language("cat", parts=tuple(found))


def unite(parts: Iterable[Language]) -> Language:
    """Any of several, each once."""
    found: dict[Language, None] = {}
    for part in parts:
        found.update(dict.fromkeys(part.parts if part.kind == "alt" else (part,)))
    found.pop(NONE, None)
    if ANY in found:
        return ANY
    return NONE if not found else next(iter(found)) if len(found) == 1 else _make_language("alt", parts=tuple(found))


def repeat(part: Language) -> Language:
    """Any number of times."""
    if part in (NONE, EMPTY):
        return EMPTY
    return part if part.kind == "star" else _make_language("star", parts=(part,))


def contains(language: Language, text: str) -> bool:
    """Whether a text is in a language."""
    for character in text:
        language = derive(language, character)
        if language is NONE:
            return False
    return language.has_empty


def list_samples(language: Language) -> list[str]:
    """Some texts of a language, its plainest first: each alternative is tried, each repetition zero times and once."""
    return list(dict.fromkeys(islice(_sample_texts(language), _MOST_SAMPLES)))


@lru_cache(maxsize=10_000)
def prefix_of(language: Language) -> str:
    """What every text of a language begins with, as far as it is written out."""
    parts = language.parts if language.kind == "cat" else (language,)
    known = takewhile(lambda part: part.kind == "one" and len(part.characters) == 1, parts)
    return "".join(character for part in known for character in part.characters)


@lru_cache(maxsize=10_000)
def _has_empty(language: Language) -> bool:
    if language.kind == "cat":
        return all(part.has_empty for part in language.parts)
    if language.kind == "alt":
        return any(part.has_empty for part in language.parts)
    return language.kind in ("empty", "star")


@lru_cache(maxsize=50_000)
def derive(language: Language, character: str) -> Language:
    """What may follow a character: Brzozowski's derivative."""
    if language.kind == "one":
        return EMPTY if character in language.characters else NONE
    if language.kind == "alt":
        return unite(derive(part, character) for part in language.parts)
    if language.kind == "star":
        return concatenate((derive(language.parts[0], character), language))
    if language.kind != "cat":
        return NONE
    first, rest = language.parts[0], concatenate(language.parts[1:])
    taken = concatenate((derive(first, character), rest))
    return unite((taken, derive(rest, character))) if first.has_empty else taken


def _sample_texts(language: Language) -> Iterator[str]:
    if language.kind == "one":
        plain = next((one for one in _PLAINEST if one in language.characters), None)
        yield plain or min(language.characters)
        if len(language.characters) > 1:  # one that literal texts seldom hold
            yield max(language.characters)
    elif language.kind == "alt":
        for part in language.parts:
            yield from islice(_sample_texts(part), _MOST_SAMPLES // len(language.parts) + 1)
    elif language.kind == "star":
        yield ""
        yield from _sample_texts(language.parts[0])
    elif language.kind == "empty":
        yield ""
    elif language.kind == "cat":
        yield from _sample_sequence(language.parts)


def _sample_sequence(parts: tuple[Language, ...]) -> Iterator[str]:
    """Each part varied in turn, the others as they are first: not all combinations, of which there are too many."""
    several = [list(islice(_sample_texts(part), _MOST_SAMPLES)) for part in parts]
    firsts = [texts[0] for texts in several]
    yield "".join(firsts)
    for at, texts in enumerate(several):
        yield from ("".join((*firsts[:at], text, *firsts[at + 1 :])) for text in texts[1:])
