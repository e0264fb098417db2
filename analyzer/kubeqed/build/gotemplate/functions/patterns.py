"""Regular expressions: Go's (RE2), whose time grows with the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from kubeqed.build.gotemplate.functions.signature import Function, takes
from kubeqed.build.gotemplate.printing import quote_text
from kubeqed.build.gotemplate.values import TemplateError, TooLargeError
from kubeqed.build.linear_pattern import CostlyPatternError, LinearMatch, LinearPattern

_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": r"\x00-\x7F",
    "blank": r"\t ",
    "cntrl": r"\x00-\x1F\x7F",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\t\n\v\f\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
_PART = re.compile(
    r"\\Q(.*?)(?:\\E|\Z)|\\([pP](?:\{\^?\w+\}|\w)|.)|\[:(\^?)(\w+):\]|(\(\?(?:P?<[A-Za-z_]\w*>|[imsU-]+[:)]|:)?)|((?:[*+?]|\{\d+(?:,\d*)?\})\??)|(.)",
    re.DOTALL,
)
_MOST_REPEATS = 1000  # of RE2
_OUTSIDE = {"$": r"\Z", "{": r"\{"}  # what Python reads otherwise outside of a class
_LONGEST = 1_000_000  # of texts that are searched
_REFERENCE = re.compile(r"\$(?:\$|(\w+)|\{(\w+)\})")


@lru_cache(maxsize=512)
def compiled(pattern: str) -> LinearPattern:
    """A pattern; a TemplateError for what RE2 refuses."""
    try:
        return LinearPattern(_translate_pattern(pattern), re.ASCII)
    except (re.error, RecursionError, OverflowError) as error:
        raise TemplateError(f"error parsing regexp: {error}: `{pattern}`") from None


def _work(pattern: Any, text: Any, *_: Any) -> int:
    """What it costs to search in a text, in steps."""
    try:
        return compiled(pattern).work(text) if isinstance(pattern, str) and isinstance(text, str) else 0
    except CostlyPatternError:
        raise TooLargeError("a pattern that takes too many steps") from None
    except TemplateError:
        return 0  # the call says what is wrong


def _translate_pattern(pattern: str) -> str:
    """The pattern in Python's syntax."""
    made: list[str] = []
    in_class, last_repeat = 0, ""
    for match in _PART.finditer(pattern):
        quoted, escaped, negated, posix, group, repeat, other = match.groups()
        if quoted is not None:
            made.append(re.escape(quoted))
        elif escaped is not None:
            made.append(_translate_escape(escaped, inside=bool(in_class)))
        elif posix is not None:
            made.append(_translate_class(posix, negated, pattern, inside=bool(in_class)))
        elif group is not None and not in_class:
            made.append(_translate_group(group, pattern[match.end() : match.end() + 1], pattern))
        elif repeat is not None and not in_class:
            made.append(_translate_repetition(repeat, last_repeat))
        else:
            text = other or repeat or group
            in_class = _class_depth(text, in_class, made)
            made.append(_OUTSIDE.get(text, text) if not in_class else _in_class(text, in_class))
        last_repeat = repeat or ""
    return "".join(made)


def _translate_repetition(repeat: str, last: str) -> str:
    """A repetition; `last` is the one right before it, if there is one."""
    if last:
        raise TemplateError(f"error parsing regexp: invalid nested repetition operator: `{last}{repeat}`")
    bounds = [int(one) for one in re.findall(r"\d+", repeat)]
    if bounds and (max(bounds) > _MOST_REPEATS or bounds[0] > bounds[-1]):
        raise TemplateError(f"error parsing regexp: invalid repeat count: `{repeat.removesuffix('?')}`")
    return repeat


def _class_depth(text: str, in_class: int, made: list[str]) -> int:
    """How far inside of a character class the next sign is: 1 behind its bracket, 2 behind its first sign."""
    if not in_class:
        return 1 if text == "[" else 0
    if text == "]" and in_class > 1:
        return 0
    return 1 if text == "^" and made[-1] == "[" else 2


def _in_class(text: str, in_class: int) -> str:
    """A sign inside of a class, where a bracket means itself."""
    return "\\[" if text == "[" and in_class > 1 else text


def _translate_escape(letter: str, *, inside: bool) -> str:
    """An escape in Python's syntax."""
    if letter == "z":
        return r"\Z"
    if letter[0] in "pP" and len(letter) > 1:
        return _translate_category(letter, inside=inside)
    if letter in "CpPZ" or (letter.isdecimal() and letter != "0"):
        raise TemplateError(f"error parsing regexp: invalid escape sequence: `\\{letter}`")
    return f"\\{letter}"


def _translate_category(escape: str, *, inside: bool) -> str:
    r"""`\p{Lu}`: the characters of one of Unicode's categories; those beyond its first plane are left out."""
    name = escape[1:].strip("{}")
    negated = (escape[0] == "P") != name.startswith("^")
    ranges = _characters_of(name.lstrip("^"))
    if not ranges or (inside and negated):
        raise TooLargeError(f"the class \\{escape} of a pattern, which is not done here")
    return ranges if inside else f"[{'^' * negated}{ranges}]"


@lru_cache(maxsize=16)
def _characters_of(category: str) -> str:
    """The ranges of a category as a character class has them."""
    import unicodedata  # seldom asked for

    found: list[list[int]] = []
    for code in range(0x10000):
        if unicodedata.category(chr(code)).startswith(category):
            if found and found[-1][1] == code - 1:
                found[-1][1] = code
            else:
                found.append([code, code])
    return "".join(f"{re.escape(chr(start))}-{re.escape(chr(end))}" for start, end in found)


def _translate_class(name: str, negated: str, pattern: str, *, inside: bool) -> str:
    """The characters of a class such as `[:alpha:]`."""
    if name not in _CLASSES or not inside or negated:
        raise TooLargeError(f"the pattern {pattern!r}, of which a class is not done here")
    return _CLASSES[name]


def _translate_group(opening: str, following: str, pattern: str) -> str:
    """The opening of a group in Python's syntax; RE2 knows no assertions."""
    if opening == "(?" and following:
        raise TemplateError(f"error parsing regexp: invalid or unsupported Perl syntax: `(?{following}`")
    if opening.startswith("(?<"):
        return f"(?P{opening[2:]}"
    if opening.endswith(")") and not pattern.startswith(opening):
        raise TooLargeError(f"the pattern {pattern!r}, whose flags are set inside of it")
    if "U" in opening and not opening.startswith(("(?P", "(?<")):
        raise TooLargeError(f"the pattern {pattern!r}, whose flags are not done here")
    return opening


def _find_matches(pattern: str, text: str) -> Iterator[LinearMatch]:
    """All matches one after the other."""
    try:
        yield from compiled(pattern).matches(_check_length(text))
    except CostlyPatternError:
        raise TooLargeError("a pattern that takes too many steps") from None


def _replace_each(pattern: str, text: str, expand: Callable[[LinearMatch], str]) -> str:
    """A text with something else in place of each match."""
    made, start = [], 0
    for match in _find_matches(pattern, text):
        made += [text[start : match.start()], expand(match)]
        start = match.end()
    return "".join([*made, text[start:]])


def _find_all(pattern: str, text: str, count: int) -> list[str]:
    """`regexFindAll`."""
    found = [match[0] for match in _find_matches(pattern, text)]
    return found if count < 0 else found[:count]


def _find_first(pattern: str, text: str) -> str:
    """`regexFind`."""
    match = next(_find_matches(pattern, text), None)
    return match[0] if match is not None else ""


def _replace_matches(pattern: str, text: str, new: str) -> str:
    """`regexReplaceAll`: `$1` and `${name}` are what groups matched."""
    return _replace_each(
        pattern,
        text,
        lambda match: _REFERENCE.sub(lambda reference: _expand_reference(reference, match, compiled(pattern)), new),
    )


def _expand_reference(reference: re.Match[str], match: LinearMatch, pattern: LinearPattern) -> str:
    """What a group matched; empty for one that is not there."""
    name = reference[1] or reference[2]
    if name is None:
        return "$"
    if name.isdecimal():
        return match[int(name)] if int(name) <= pattern.groups else ""
    return match[pattern.names[name]] if name in pattern.names else ""


def _replace_literally(pattern: str, text: str, new: str) -> str:
    """`regexReplaceAllLiteral`."""
    return _replace_each(pattern, text, lambda _: new)


def _split_text(pattern: str, text: str, count: int) -> list[str]:
    """`regexSplit`."""
    compiled(pattern)  # a wrong pattern is refused whatever is asked for
    if count == 0:
        return []
    parts: list[str] = []
    start = end = 0
    for match in _find_matches(pattern, text):
        if count > 0 and len(parts) == count - 1:
            break
        end = match.start()
        if match.end() != 0:
            parts.append(text[start:end])
        start = match.end()
    return parts + ([text[start:]] if end != len(text) or not text else [])


def _check_length(text: str) -> str:
    """A text that is not too long to be searched."""
    if len(text) > _LONGEST:
        raise TooLargeError("a text that is too long to search")
    return text


def _has_match(pattern: str, text: str) -> bool:
    """`mustRegexMatch`."""
    return next(_find_matches(pattern, text), None) is not None


def _is_match(pattern: str, text: str) -> bool:
    """`regexMatch`: a wrong pattern matches nothing."""
    try:
        return _has_match(pattern, text)
    except TooLargeError:
        raise
    except TemplateError:
        return False


def _working(types: str, function: Callable[..., Any]) -> Function:
    """A function of a pattern and a text, which says what a call costs."""
    made = takes(types, function)
    made.__dict__["work"] = _work
    return made


_BOTH: dict[str, tuple[str, Callable[..., Any]]] = {
    "regexFindAll": ("ssi", _find_all),
    "regexFind": ("ss", _find_first),
    "regexReplaceAll": ("sss", _replace_matches),
    "regexReplaceAllLiteral": ("sss", _replace_literally),
    "regexSplit": ("ssi", _split_text),
}


def _make_panicking(types: str, function: Callable[..., Any]) -> Function:
    """A function that says of a wrong pattern what Go's MustCompile says."""

    def call(pattern: str, *arguments: Any) -> Any:
        try:
            return function(pattern, *arguments)
        except TooLargeError:
            raise
        except TemplateError as error:
            is_plain = "`" not in pattern and (pattern.replace("\t", " ").isprintable() or not pattern)
            shown = f"`{pattern}`" if is_plain else quote_text(pattern)
            raise TemplateError(f"regexp: Compile({shown}): {error.reason}") from None

    return _working(types, call)


FUNCTIONS = {
    **{name: _make_panicking(*one) for name, one in _BOTH.items()},
    **{f"must{name[0].upper()}{name[1:]}": _working(*one) for name, one in _BOTH.items()},
    "regexMatch": _working("ss", _is_match),
    "mustRegexMatch": _working("ss", _has_match),
    "regexQuoteMeta": takes("s", lambda text: re.sub(r"([\\.+*?()|\[\]{}^$])", r"\\\1", text)),
}
