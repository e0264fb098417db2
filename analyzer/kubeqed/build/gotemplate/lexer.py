"""From the text of a template to tokens, as Go's lexer finds them."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import NamedTuple

from kubeqed.build.gotemplate.values import TemplateError

_BLANK = r"[ \t\r\n]"
_OPENING = re.compile(r"\{\{(?P<trims>-[ \t\r\n])?")
_COMMENT = re.compile(rf"/\*.*?\*/(?P<closes>(?P<trims>{_BLANK}-)?\}}\}})?", re.DOTALL)
_TOKEN = re.compile(
    rf"""(?P<close>{_BLANK}-\}}\}}|\}}\}})
|(?P<space>{_BLANK}+(?!-\}}\}}))
|(?P<string>"(?:\\[^\n]|[^"\\\n])*")
|(?P<raw>`[^`]*`)
|(?P<character>'(?:\\[^\n]|[^'\\\n])*')
|(?P<number>(?:[+-]|(?=\.?[0-9]))(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?)
|(?P<variable>\$\w*)
|(?P<field>\.\w+)
|(?P<dot>\.)
|(?P<word>\w+)
|(?P<sign>:=|[!#-&(-9;-_a-~])""",
    re.VERBOSE,
)
_NAMED = frozenset(("word", "variable", "field", "dot", "number"))
_ENDS_NAME = frozenset(("", *" \t\r\n.,|:)("))
_JOINS_NUMBER = frozenset("_+-")


class Token(NamedTuple):
    """A token: its kind, its text, and where it begins."""

    kind: str
    text: str
    offset: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.offset + len(self.text)


class LexicalError(TemplateError):
    """What no token begins with."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.offset = offset


def scan_tokens(text: str) -> Iterator[Token]:
    """The tokens of a text: `text`, `open`, those of an action, `close`, in turn; a LexicalError at what is none."""
    position, trims = 0, False
    while (opening := _OPENING.search(text, position)) is not None:
        between, start = text[position : opening.start()], position
        if trims:
            start += len(between) - len(between.lstrip(" \t\r\n"))
            between = between.lstrip(" \t\r\n")
        if opening["trims"]:
            between = between.rstrip(" \t\r\n")
        if between:
            yield Token("text", between, start)
        comment = _COMMENT.match(text, opening.end())
        if comment is not None:
            if comment["closes"] is None:
                raise LexicalError("comment ends before closing delimiter", opening.start())
            position, trims = comment.end(), comment["trims"] is not None
            continue
        if text.startswith("/*", opening.end()):
            raise LexicalError("unclosed comment", opening.start())
        yield Token("open", opening[0], opening.start())
        close = yield from _scan_action(text, opening.end())
        position, trims = close.end, len(close.text) > len("}}")
    rest = text[position:]
    start = position + (len(rest) - len(rest.lstrip(" \t\r\n")) if trims else 0)
    if start < len(text):
        yield Token("text", text[start:], start)


def _scan_action(text: str, position: int) -> Generator[Token, None, Token]:
    """The tokens inside of an action, to the one that closes it, which is returned."""
    depth = 0
    while True:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise _no_token(text, position)
        token = Token(match.lastgroup, match[0], position)
        position = match.end()
        if token.kind in _NAMED and not _is_end(token, text, position):
            raise _bad_end(token, text, position)
        depth += (token.text == "(") - (token.text == ")")
        if depth < 0:
            raise LexicalError("unexpected right paren", token.offset)
        if token.kind == "close" and depth:
            raise LexicalError("unclosed left paren", token.offset)
        yield token
        if token.kind == "close":
            return token


def _is_end(token: Token, text: str, position: int) -> bool:
    """Whether a name or a number may end at a position."""
    following = text[position : position + 1]
    if token.kind == "number":
        return not (following.isalnum() or following in _JOINS_NUMBER) or not following
    return following in _ENDS_NAME or text.startswith("}}", position)


def _bad_end(token: Token, text: str, position: int) -> LexicalError:
    """What is said of a token that runs into another."""
    following = text[position]
    if token.kind == "number":
        return LexicalError(f'bad number syntax: "{token.text}{following}"', token.offset)
    return LexicalError(f"bad character U+{ord(following):04X} '{following}'", token.offset)


def _no_token(text: str, position: int) -> LexicalError:
    """What is said of a sign that begins no token."""
    character = text[position : position + 1]
    if not character:
        return LexicalError("unclosed action", position)
    quoted = {
        '"': "unterminated quoted string",
        "`": "unterminated raw quoted string",
        "'": "unterminated character constant",
    }
    if character in quoted:
        return LexicalError(quoted[character], position)
    if character == ":":
        return LexicalError("expected :=", position)
    shown = f" '{character}'" if character.isprintable() else ""
    return LexicalError(f"unrecognized character in action: U+{ord(character):04X}{shown}", position)
