"""What was written, and which known name was meant: the policy for what the user types."""

from __future__ import annotations

from collections.abc import Collection

from kubeqed.late_pattern import compile_late
from kubeqed.model import spelling

_MOST = 4  # names in one suggestion
_MOST_LISTED = 40  # names of which all are listed: more are no answer
_LONGEST = 80  # characters of what the user wrote
_SEPARATORS = compile_late(r"[-_+. ]")


def quote_text(text: str) -> str:
    """What the user wrote, on one line and not for ever."""
    text = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)
    return f'"{text}"' if len(text) <= _LONGEST else f'"{text[:_LONGEST]}…"'


def did_you_mean(word: str, known: Collection[str]) -> str:
    """What follows `unknown … "word"`: the nearest known names, or all of them when none is near and they are not too many."""
    near = find_nearest(word, known)
    if near:
        *first, last = (f'"{name}"' for name in near)
        return f", did you mean {', '.join(first)} or {last}?" if first else f", did you mean {last}?"
    return f" (known: {', '.join(known)})" if 0 < len(known) <= _MOST_LISTED else ""


def suggest_rule(word: str, known_ids: Collection[str]) -> str:
    """What follows `unknown rule "word"`: the nearest ids, or where they are listed."""
    return did_you_mean(word, known_ids) or "; `kubeqed rules` lists them"


def find_nearest(word: str, known: Collection[str]) -> list[str]:
    """The known names of which `word` is a part (`nginx`: `ingress-nginx`, `nginx-inc`), else the most similar one.

    Case and separators do not count.
    """
    plain = {_fold_name(name): name for name in known}
    if _fold_name(word) in plain:
        return [plain[_fold_name(word)]]
    holders = [name for name in known if word.lower() in _SEPARATORS.split(name.lower())]
    if 0 < len(holders) <= _MOST:
        return holders
    near = spelling.find_nearest(word, known, spelling.limit_of_similar, _fold_name)
    return [] if near is None else [near]


def _fold_name(name: str) -> str:
    return _SEPARATORS.sub("", name.lower())
