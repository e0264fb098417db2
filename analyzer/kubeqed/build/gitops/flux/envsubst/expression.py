"""A text taken apart: what stands between variables, and what is to be done with each (envsubst/parse).

The grammar is that of the fork's scanner, with all it accepts by accident.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import NamedTuple

_BAD = "bad substitution"
_NO_NAME = "unable to parse variable name"
_NO_BRACE = "missing closing brace"
_NO_PARAMETER = "unable to parse substitution within function"
_NO_DEFAULT = "unable to parse default function"
_END = ""
_CASING, _TRIMMING = ",^", "#%"
_DEFAULTING = "=-?+"


class Expression(NamedTuple):
    """`${variable…}`: its operator, empty for none, and what stands behind it. `start` and `end` bound its text."""

    variable: str
    operator: str
    arguments: tuple[Part, ...]
    start: int
    end: int


Part = str | Expression
Accepts = Callable[[str, int], bool]  # a character, and the how many-th of its token it is


class BadSubstitutionError(Exception):
    """The text is refused, in the words of envsubst; `at` is where that expression begins."""

    def __init__(self, reason: str, at: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.at = at


class _Token(Enum):
    """What the scanner finds."""

    NOTHING = auto()
    END = auto()
    TEXT = auto()
    OPENING = auto()
    CLOSING = auto()


def parse_text(text: str) -> list[Part]:
    """The parts of a text; a BadSubstitutionError where envsubst refuses it. `$${` is an escape for `${`."""
    parts: list[Part] = []
    position = 0
    while position < len(text):
        plain, position = _read_plain(text, position)
        if plain:
            parts.append(plain)
        if position < len(text):
            scanner = _Scanner(text, position)
            try:
                parts.append(scanner.expression(position))
            except BadSubstitutionError as error:
                raise BadSubstitutionError(error.reason, position) from None
            position = scanner.position
    return parts


def _read_plain(text: str, position: int) -> tuple[str, int]:
    """What stands before the next `${`, and where that is; two dollars are one."""
    found: list[str] = []
    while (dollar := text.find("$", position)) >= 0:
        following = text[dollar + 1 : dollar + 2]
        if following == "{":
            found.append(text[position:dollar])
            return "".join(found), dollar
        found.append(text[position : dollar + 1])
        position = dollar + 1 + (following == "$")
    found.append(text[position:])
    return "".join(found), len(text)


class _Scanner:
    """Reads one expression, which may hold others. `position` is where the next character is read."""

    def __init__(self, text: str, position: int) -> None:
        self._text = text
        self.position = position + 2

    def _peek_character(self) -> str:
        return self._text[self.position : self.position + 1]

    def _scan_token(
        self, accepts: Accepts, *, opens: bool = False, closes: bool = False, escapes: bool = False
    ) -> _Token:
        """The next token; `self.token` is its text. What is accepted begins a text, other characters end it."""
        self.token = ""
        first = self._peek_character()
        if first == _END:
            return _Token.END
        if opens and self._text.startswith("${", self.position):
            self.position += 2
            return _Token.OPENING
        if closes and first == "}":
            self.position += 1
            return _Token.CLOSING
        if not self._take_character(accepts, escapes=escapes):
            return _Token.NOTHING
        while self._peek_character() != _END and not (opens and self._text.startswith("${", self.position)):
            if not self._take_character(accepts, escapes=escapes):
                break
        return _Token.TEXT

    def _take_character(self, accepts: Accepts, *, escapes: bool) -> bool:
        """Adds a character to the token, if it is accepted or behind its escape."""
        character = self._peek_character()
        following = self._text[self.position + 1 : self.position + 2]
        if escapes and following and (character + following in ("$$", "\\/", "\\\\")):
            self.token += following
            self.position += 2
            return True
        if not accepts(character, len(self.token) + 1):
            return False
        self.token += character
        self.position += 1
        return True

    def _text_of(self, accepts: Accepts, refusal: str = _BAD) -> str:
        """A text that has to be there."""
        if self._scan_token(accepts) is not _Token.TEXT:
            raise BadSubstitutionError(refusal, self.position)
        return self.token

    def _parse_name(self, refusal: str) -> str:
        """The name of a variable, which has to be there."""
        start = self.position
        while (character := self._peek_character()) == "_" or character.isalpha() or character.isdecimal():
            self.position += 1
        if start == self.position:
            raise BadSubstitutionError(refusal, start)
        return self._text[start : self.position]

    def _expect_brace(self, refusal: str = _BAD) -> None:
        if self._peek_character() != "}":
            raise BadSubstitutionError(refusal, self.position)
        self.position += 1

    def expression(self, start: int) -> Expression:
        """What follows `${`, to its brace."""
        if self._peek_character() == "#":
            self.position += 1
            variable = self._parse_name(_BAD)
            self._expect_brace()
            return Expression(variable, "#", (), start, self.position)
        variable = self._parse_name(_NO_NAME)
        sign = self._peek_character()
        if sign == ":":
            operator, arguments = self._default_or_part()
        elif sign == "=":
            operator, arguments = self._parse_default()
        elif sign and sign in _CASING:
            operator, arguments = self._text_of(lambda one, number: one in _CASING and number < 3), []
            self._expect_brace()
        elif sign == "/":
            operator, arguments = self._parse_replacement()
        elif sign and sign in _TRIMMING:
            operator = self._text_of(lambda one, number: one == sign and number < 3)
            arguments = [self._parse_argument(_is_open)]
            self._expect_brace()
        else:
            operator, arguments = "", []
            self._expect_brace(_NO_BRACE)
        return Expression(variable, operator, tuple(arguments), start, self.position)

    def _default_or_part(self) -> tuple[str, list[Part]]:
        following = self._text[self.position + 1 : self.position + 2]
        if not following or not following.isascii():  # envsubst looks one character ahead, and goes back by its bytes
            raise BadSubstitutionError(_BAD, self.position)
        return self._parse_default() if following in _DEFAULTING else self._part_of()

    def _parse_argument(self, accepts: Accepts, *, escapes: bool = False) -> Part:
        start = self.position
        token = self._scan_token(accepts, opens=True, escapes=escapes)
        if token is _Token.OPENING:
            return self.expression(start)
        if token is not _Token.TEXT:
            raise BadSubstitutionError(_NO_PARAMETER, self.position)
        return self.token

    def _parse_default(self) -> tuple[str, list[Part]]:
        """`:=text` and its like: texts and variables, to the brace."""
        accepts = _is_only("=") if self._peek_character() == "=" else _is_default
        operator, arguments = self._text_of(accepts, _NO_DEFAULT), list[Part]()
        while self._peek_character() != "}":
            arguments.append(self._parse_argument(_is_open))
        self._expect_brace()
        return operator, arguments

    def _part_of(self) -> tuple[str, list[Part]]:
        """`:offset` and `:offset:length`."""
        operator = self._text_of(_is_only(":"))
        arguments = [self._parse_argument(lambda one, _: one not in ":}")]
        token = self._scan_token(lambda one, _: one == ":", closes=True)
        if token is _Token.TEXT:
            arguments.append(self._parse_argument(_is_open))
            self._expect_brace()
        elif token is not _Token.CLOSING:
            raise BadSubstitutionError(_BAD, self.position)
        return operator, arguments

    def _parse_replacement(self) -> tuple[str, list[Part]]:
        """`/old/new`, `//old/new`, `/#old/new` and `/%old/new`."""
        operator = self._text_of(lambda one, number: one in {1: "/", 2: "/#%"}.get(number, ""))
        arguments = [self._parse_argument(lambda one, _: one != "/", escapes=True)]
        self._text_of(lambda one, _: one == "/")
        if self._peek_character() != "}":
            arguments.append(self._parse_argument(_is_open, escapes=True))
        self._expect_brace()
        return operator, arguments


def _is_open(character: str, _: int) -> bool:
    return character != "}"


def _is_only(sign: str) -> Accepts:
    return lambda character, number: character == sign and number == 1


def _is_default(character: str, number: int) -> bool:
    return (number == 1 and character == ":") or (number == 2 and character in _DEFAULTING)
