"""Names in other cases, as huandu/xstrings v1.5 and strings.Title write them."""

from __future__ import annotations

import re
from unicodedata import category

from kubeqed.build.gotemplate.functions.signature import takes
from kubeqed.build.gotemplate.text import keep_origin

_WORD = re.compile("[cd]+|p[pd]*|u+(?=ua)|ua+|u+|a+|n+|o+")
_FIRST_IDEOGRAPH = "\u3400"
_WORD_START = re.compile(r"(?:\A|(?<=[\x00-/:-@\[-^`{-\x7f\s]))[^\W\d_]")

Word = tuple[str, str]  # its kind, as _classify_sign says it, and its text


def upper(text: str) -> str:
    """Letter by letter, so that one stays one letter."""
    return text.upper() if text.isascii() else "".join(one.upper() if len(one.upper()) == 1 else one for one in text)


def lower(text: str) -> str:
    """Letter by letter, whatever stands beside it."""
    return text.lower() if text.isascii() else "".join(one.lower()[0] for one in text)


def _swap_case(text: str) -> str:
    """`swapcase`."""
    return "".join(lower(one) if one.isupper() else upper(one) for one in text)


def _title_words(text: str) -> str:
    """`title`: each word begins with a capital."""
    return _WORD_START.sub(lambda match: upper(match[0]), text)


def _untitle_words(text: str) -> str:
    """`untitle`."""
    return re.sub(r"(^|\s)(\S)", lambda match: match[1] + lower(match[2]), text)


def _is_connector(sign: str) -> bool:
    """Whether a sign stands between words."""
    return sign in "-_" or sign.isspace()


def _classify_sign(sign: str) -> str:
    """c(onnector), d(ash, which is a connector or goes on with punctuation), p(unctuation), u(pper case), a(nother letter), n(umber) or o(ther)."""
    if _is_connector(sign):
        return "d" if sign in "-_" else "c"
    kind = category(sign)
    if kind == "Lu":
        return "u"
    if kind[0] == "L":
        return "a" if sign < _FIRST_IDEOGRAPH else "o"
    return {"P": "p", "N": "n"}.get(kind[0], "o")


class _Joined:
    """The words of a name in lower case with a sign between them."""

    def __init__(self, text: str, sign: str) -> None:
        kinds = "".join(map(_classify_sign, text))
        self._words: list[Word] = [
            (kinds[one.start()].replace("d", "c"), text[slice(*one.span())]) for one in _WORD.finditer(kinds)
        ]
        self._sign = sign
        self._at = 0
        self._made: list[str] = []

    def text(self) -> str:
        """The words one after the other."""
        while self._at < len(self._words) - 1:
            kind, _ = self._words[self._at]
            self._write_word()
            if kind == "n":
                self._put_after_number()
            elif kind not in "cp":
                self._put_after_letters()
        if self._at < len(self._words):
            self._write_word()
        return "".join(self._made)

    def _peek_kind(self, ahead: int = 0) -> str:
        """The kind of a word to come, empty behind the last."""
        at = self._at + ahead
        return self._words[at][0] if at < len(self._words) else ""

    def _write_word(self) -> None:
        """Writes the word that is next."""
        kind, word = self._words[self._at]
        self._made.append(self._sign * len(word) if kind == "c" else lower(word) if kind == "u" else word)
        self._at += 1

    def _write_separator(self) -> None:
        """Writes the sign where a word begins that nothing stands before."""
        if self._peek_kind() not in ("", "c", "p"):
            self._made.append(self._sign)

    def _put_after_number(self) -> None:
        """What belongs to a number: letters in lower case."""
        while self._peek_kind() in ("a", "n"):
            self._write_word()
        self._write_separator()

    def _put_after_letters(self) -> None:
        """A number belongs to the word before it, but to letters in lower case that follow."""
        if self._peek_kind() != "n":
            self._write_separator()
        elif self._peek_kind(1) == "a":
            self._made.append(self._sign)
            self._write_word()
            self._put_after_number()
        elif self._peek_kind(1):
            self._write_word()
            self._write_separator()


def _to_camel_case(text: str) -> str:
    """`camelcase`: what stands between words goes, but for the first and for all but one."""
    start = next((number for number, sign in enumerate(text) if not _is_connector(sign)), None)
    if start is None:
        return text + text[-1:]
    made, last, in_capitals = [text[:start]], upper(text[start]), text[start].isupper()
    for given in text[start + 1 :]:
        sign = given
        if _is_connector(last):
            if _is_connector(sign):
                made.append(last)
            else:
                in_capitals, sign = sign.isupper(), upper(sign)
        else:
            in_capitals = in_capitals and sign.isupper()
            sign = lower(sign) if in_capitals else sign
            made.append(last)
        last = sign
    return "".join([*made, last])


FUNCTIONS = {
    "upper": takes("s", lambda text: keep_origin(upper(text), text)),
    "lower": takes("s", lambda text: keep_origin(lower(text), text) if text != lower(text) else text),
    "title": takes("s", lambda text: keep_origin(_title_words(text), text)),
    "untitle": takes("s", _untitle_words),
    "swapcase": takes("s", _swap_case),
    "snakecase": takes("s", lambda text: _Joined(text, "_").text()),
    "kebabcase": takes("s", lambda text: _Joined(text, "-").text()),
    "camelcase": takes("s", _to_camel_case),
}
