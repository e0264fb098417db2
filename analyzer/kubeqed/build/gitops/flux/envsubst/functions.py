"""What an operator makes of the value of a variable (envsubst/funcs.go); lengths and offsets count bytes."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST_TRIMMED = 4096  # characters; each beginning of a text is tried
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_TERM = re.compile(r"(\*+)|\\(.)|\[(\^?)((?:\\.|[^\\\]])+)\]|([^\\\[])", re.DOTALL)
_MEMBER = re.compile(r"(\\.|[^\\-])(?:-(\\.|[^\\-]))?", re.DOTALL)


def apply(operator: str, value: str, arguments: Sequence[str]) -> str:
    """The value changed by an operator; for one that has no meaning of its own, the first of both that is not empty."""
    if operator in ("^", "^^", ",", ",,"):
        return _change_case(operator, value)
    if operator == "#" and not arguments:
        return str(len(value.encode()))
    if operator in ("#", "##", "%", "%%"):
        return _trim_matched(operator, value, arguments[0])
    if operator == ":":
        return _take_part(value, arguments)
    if operator.startswith("/"):
        return _replace_text(operator, value, arguments)
    return value or "".join(arguments)


def _change_case(operator: str, value: str) -> str:
    """The first letter or all of them in the other case, where that is one letter, too."""
    count = len(value) if len(operator) == 2 else 1
    change = str.upper if operator[0] == "^" else str.lower
    return "".join(changed if len(changed := change(one)) == 1 else one for one in value[:count]) + value[count:]


def _take_part(value: str, arguments: Sequence[str]) -> str:
    """From an offset on, and as many bytes as the second argument says; offsets below 0 count from the end."""
    numbers = [int(one) if _INTEGER.fullmatch(one) else None for one in arguments]
    content = value.encode()
    start = numbers[0]
    if start is None:
        return value
    start = start if start >= 0 else max(len(content) + start, 0)
    if len(numbers) == 1:
        return content[start:].decode(errors="replace")
    length = numbers[1]
    if length is None:
        return value
    end = start + length if length >= 0 else len(content) + length
    return content[start : max(end, start)].decode(errors="replace")


def _replace_text(operator: str, value: str, arguments: Sequence[str]) -> str:
    """The old text replaced: the first one, all, or that at the beginning or at the end."""
    old, new = arguments[0], arguments[1] if len(arguments) > 1 else ""
    if operator == "/":
        return value.replace(old, new, 1)
    if operator == "//":
        return value.replace(old, new)
    if len(arguments) < 2:
        return value
    if operator == "/#":
        return value.replace(old, new, 1) if value.startswith(old) else value
    return value.removesuffix(old) + new if value.endswith(old) else value


def _trim_matched(operator: str, value: str, pattern: str) -> str:
    """The value without the shortest or longest beginning or end that a pattern matches.

    For an end both are turned around, the pattern with all its signs.
    """
    at_end = operator[0] == "%"
    text, pattern = (value[::-1], pattern[::-1]) if at_end else (value, pattern)
    lengths = range(1, len(text) + 1) if len(operator) == 1 else range(len(text), 0, -1)
    chunks = _split_pattern(pattern)
    found = next((length for length in lengths if chunks is not None and _matches_chunks(chunks, text[:length])), 0)
    return text[found:][::-1] if at_end else text[found:]


def _split_pattern(pattern: str) -> list[re.Pattern[str] | None] | None:
    """The pattern between its stars, a star being None; None for a pattern that is none, which matches nothing."""
    chunks: list[re.Pattern[str] | None] = []
    signs, position = "", 0
    while position < len(pattern):
        term = _TERM.match(pattern, position)
        if term is None:
            return None
        star, escaped, negated, members, plain = term.groups()
        if star:
            chunks += [re.compile(signs, re.DOTALL), None]
            signs = ""
        elif members is not None:
            signs += _character_class(negated, members)
        else:
            signs += "." if plain == "?" else re.escape(plain if escaped is None else escaped)
        position = term.end()
    return [*chunks, re.compile(signs, re.DOTALL)]


def _character_class(negated: str, members: str) -> str:
    """A class of characters, as `re` writes it."""
    ranges = [(match[1][-1], (match[2] or match[1])[-1]) for match in _MEMBER.finditer(members)]
    listed = "".join(f"{re.escape(low)}-{re.escape(high)}" for low, high in ranges if low <= high)
    return f"[{negated}{listed}]" if listed else "." if negated else "(?!)"


def _matches_chunks(chunks: Sequence[re.Pattern[str] | None], text: str) -> bool:
    """Whether a whole text matches; each chunk has one length, so that the first place for it is the best."""
    if len(chunks) == 1:
        return chunks[0] is not None and chunks[0].fullmatch(text) is not None
    position = 0
    for number, chunk in enumerate(chunks[:-1]):
        if chunk is None:
            continue
        found = chunk.match(text, position) if number == 0 else chunk.search(text, position)
        if found is None:
            return False
        position = found.end()
    last = chunks[-1]
    return last is not None and any(
        last.fullmatch(text, start) is not None for start in range(len(text), position - 1, -1)
    )
