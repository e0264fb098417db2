"""Conditions on labels, whatever language writes them: Kubernetes' label selectors, Cilium's, Calico's expressions.

What cannot be read is `UNREADABLE`, so that whoever asks knows that the condition may hold and may not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from kubeqed.late_pattern import compile_late
from kubeqed.model.kinds.selector import LabelSelector
from kubeqed.parse import Unknown

_MOST_TOKENS = 2000
_DEEPEST = 40
_KEY = compile_late(r"[A-Za-z0-9_./:-]+\Z")
_TOKEN = compile_late(
    r"""\s*(?:(?P<text>'[^']*'|"[^"]*")|(?P<sign>&&|\|\||==|!=|[!(){},])|(?P<word>[A-Za-z0-9_./-]+))""", re.VERBOSE
)


class LabelCondition(NamedTuple):
    """One label under `key`; `operator` is In, NotIn, Exists, DoesNotExist or one of Calico's on parts of a text."""

    key: str
    operator: str
    values: tuple[str | Unknown, ...] = ()


class AllConditions(NamedTuple):
    """All of the parts hold; with none, always."""

    parts: tuple[Condition, ...] = ()


class AnyCondition(NamedTuple):
    """At least one of the parts holds."""

    parts: tuple[Condition, ...]


class NotCondition(NamedTuple):
    """The part does not hold."""

    part: Condition


class UnreadableCondition(NamedTuple):
    """A condition in a language that is not read here."""


Condition: TypeAlias = "LabelCondition | AllConditions | AnyCondition | NotCondition | UnreadableCondition"

ALWAYS = AllConditions()
UNREADABLE = UnreadableCondition()


def condition_of_selector(selector: LabelSelector | None) -> Condition:
    """The condition of a Kubernetes label selector; an absent one selects everything."""
    if selector is None:
        return ALWAYS
    entries = selector.labels.entries.items()
    parts: list[Condition] = [
        LabelCondition(key, "In", (value,)) if _is_key(key) else UNREADABLE for key, value in entries
    ]
    for one in selector.requirements:
        known = _is_key(one.key) and isinstance(one.operator, str) and one.values.more is None
        parts.append(LabelCondition(str(one.key), str(one.operator), one.values.items) if known else UNREADABLE)
    if selector.labels.more is not None or selector.requirements.more is not None:
        parts.append(UNREADABLE)
    return AllConditions(tuple(parts))


def _is_key(key: str | Unknown | None) -> bool:
    """Whether it may be the key of a label, after whatever source an engine writes before it; no placeholder may."""
    return isinstance(key, str) and _KEY.match(key) is not None


def parse_expression(text: str) -> Condition:
    """The condition of a Calico selector; an empty one selects everything.

    https://docs.tigera.io/calico/latest/reference/resources/networkpolicy#selectors
    """
    if not text.strip():
        return ALWAYS
    try:
        return _Expression(text).whole()
    except _UnreadableError:
        return UNREADABLE


class _UnreadableError(Exception):
    """An expression that is not in the language."""


class _Expression:
    """Reads an expression from left to right; `||` binds loosest, then `&&`, then `!`."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_split_tokens(text))
        self._at = 0
        self._depth = 0

    def whole(self) -> Condition:
        found = self._parse_some()
        if self._at < len(self._tokens):
            raise _UnreadableError
        return found

    def _parse_some(self) -> Condition:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _UnreadableError
        parts = [self._parse_every()]
        while self._take_token("||"):
            parts.append(self._parse_every())
        self._depth -= 1
        return parts[0] if len(parts) == 1 else AnyCondition(tuple(parts))

    def _parse_every(self) -> Condition:
        parts = [self._parse_one()]
        while self._take_token("&&"):
            parts.append(self._parse_one())
        return parts[0] if len(parts) == 1 else AllConditions(tuple(parts))

    def _parse_one(self) -> Condition:
        negated = False
        while self._take_token("!"):
            negated = not negated
        found = self._in_brackets() if self._take_token("(") else self._parse_named()
        return NotCondition(found) if negated else found

    def _in_brackets(self) -> Condition:
        found = self._parse_some()
        self._expect_token(")")
        return found

    def _parse_named(self) -> Condition:
        word = self._parse_word()
        if not self._take_token("("):
            return self._parse_comparison(word)
        if word == "has":
            found: Condition = LabelCondition(self._parse_word(), "Exists")
        elif word == "all":
            found = ALWAYS
        else:  # global() means what has no namespace, which no pod is
            found = NotCondition(ALWAYS) if word == "global" else UNREADABLE
        self._expect_token(")")
        return found

    def _parse_comparison(self, key: str) -> Condition:
        sign = self._take_next()
        if sign in ("==", "!="):
            return LabelCondition(key, "In" if sign == "==" else "NotIn", (self._parse_text(),))
        if sign == "not":
            self._expect_token("in")
            return LabelCondition(key, "NotIn", self._parse_texts())
        if sign == "in":
            return LabelCondition(key, "In", self._parse_texts())
        if sign in ("starts", "ends"):
            self._expect_token("with")
        elif sign != "contains":
            raise _UnreadableError
        return LabelCondition(key, sign, (self._parse_text(),))

    def _parse_texts(self) -> tuple[str, ...]:
        self._expect_token("{")
        found: list[str] = []
        while not self._take_token("}"):
            found.append(self._parse_text())
            if not self._take_token(","):
                self._expect_token("}")
                break
        return tuple(found)

    def _parse_text(self) -> str:
        token = self._take_next()
        if token[0] not in "'\"":
            raise _UnreadableError
        return token[1:-1]

    def _parse_word(self) -> str:
        token = self._take_next()
        if not re.match(r"[A-Za-z0-9_]", token):
            raise _UnreadableError
        return token

    def _take_next(self) -> str:
        if self._at >= len(self._tokens):
            raise _UnreadableError
        self._at += 1
        return self._tokens[self._at - 1]

    def _take_token(self, token: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at] == token:
            self._at += 1
            return True
        return False

    def _expect_token(self, token: str) -> None:
        if not self._take_token(token):
            raise _UnreadableError


def _split_tokens(text: str) -> Iterator[str]:
    start, text = 0, text.rstrip()
    for _ in range(_MOST_TOKENS):
        if start == len(text):
            return
        match = _TOKEN.match(text, start)
        if match is None:
            raise _UnreadableError
        yield match[0].strip()
        start = match.end()
    raise _UnreadableError
