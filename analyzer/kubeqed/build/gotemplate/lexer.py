"""From the text of a template to tokens, as Go's lexer finds them."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import NamedTuple

from kubeqed.build.gotemplate.values import TemplateError

_BLANK = r"[ \t\r\n]"
_OPENING = re.compile(r"\{\{(?P<trims>-[ \t\r\n])?")
_BLANKS = re.compile(rf"{_BLANK}*(?!-\}}\}})")
_COMMENT = re.compile(rf"/\*.*?\*/(?P<closes>(?P<trims>{_BLANK}-)?\}}\}})?", re.DOTALL)
# The blanks behind a token belong to it, but for the one that a closing `-}}` needs. What is frequent stands first.
_TOKEN = re.compile(
    rf"""(?:(?P<close>\}}\}}|{_BLANK}-\}}\}})
|(?:(?P<word>[^\W0-9]\w*(?=[ \t\r\n.,|:)(]|\}}\}}|\Z))
|(?P<field>\.[^\W0-9]\w*(?=[ \t\r\n.,|:)(]|\}}\}}|\Z))
|(?P<string>"(?:\\[^\n]|[^"\\\n])*")
|(?P<variable>\$\w*(?=[ \t\r\n.,|:)(]|\}}\}}|\Z))
|(?P<number>(?:[+-]|(?=\.?[0-9]))(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?)
|(?P<dot>\.(?=[ \t\r\n.,|:)(]|\}}\}}|\Z))
|(?P<sign>:=|[!#%&()*,/;<=>?@\[\\\]^|~{{}}])
|(?P<raw>`[^`]*`)
|(?P<character>'(?:\\[^\n]|[^'\\\n])*'))
(?:{_BLANK}+(?!-\}}\}}))?)""",
    re.VERBOSE,
)
_NAME = re.compile(r"[.$]?\w*")
_JOINS_NUMBER = frozenset("_+-")


class Token(NamedTuple):
    """A token: its kind, its text, where it begins and ends, and whether a blank follows."""

    kind: str
    text: str
    offset: int
    end: int
    is_apart: bool = False


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
            yield Token("text", between, start, start + len(between))
        comment = _COMMENT.match(text, opening.end())
        if comment is not None:
            if comment["closes"] is None:
                raise LexicalError("comment ends before closing delimiter", opening.start())
            position, trims = comment.end(), comment["trims"] is not None
            continue
        if text.startswith("/*", opening.end()):
            raise LexicalError("unclosed comment", opening.start())
        yield Token("open", opening[0], opening.start(), opening.end())
        close = yield from _scan_action(text, opening.end())
        position, trims = close.end, len(close.text) > len("}}")
    rest = text[position:]
    start = position + (len(rest) - len(rest.lstrip(" \t\r\n")) if trims else 0)
    if start < len(text):
        yield Token("text", text[start:], start, len(text))


def _scan_action(text: str, position: int) -> Generator[Token, None, Token]:
    """The tokens inside of an action, to the one that closes it, which is returned."""
    depth = 0
    blanks = _BLANKS.match(text, position)
    position = blanks.end() if blanks is not None else position
    while True:
        match = _TOKEN.match(text, position)
        if match is None or (kind := match.lastgroup) is None:
            raise _no_token(text, position)
        start, end = match.span(kind)
        token = Token(kind, match[kind], start, end, end != match.end())
        position = match.end()
        if kind == "sign":
            depth += (token.text == "(") - (token.text == ")")
            if depth < 0:
                raise LexicalError("unexpected right paren", start)
        elif kind == "close" and depth:
            raise LexicalError("unclosed left paren", start)
        elif kind == "number":
            _check_number(token, text)
        yield token
        if kind == "close":
            return token


def _check_number(token: Token, text: str) -> None:
    """Refuses a number that runs into a name or another number."""
    following = text[token.end : token.end + 1]
    if following and (following.isalnum() or following in _JOINS_NUMBER):
        raise LexicalError(f'bad number syntax: "{token.text}{following}"', token.offset)


def _no_token(text: str, position: int) -> LexicalError:
    """What is said of a sign that begins no token."""
    character = text[position : position + 1]
    if not character:
        return LexicalError("unclosed action", position)
    name = _NAME.match(text, position)
    if name is not None and name[0]:
        following = text[name.end() : name.end() + 1]
        shown = f" '{following}'" if following.isprintable() else ""
        return LexicalError(f"bad character U+{ord(following):04X}{shown}", position)
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
