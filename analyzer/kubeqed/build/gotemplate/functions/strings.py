"""Texts: those that only cut or surround a text keep its origins."""

from __future__ import annotations

import re
from typing import Any

from kubeqed.build.gotemplate.functions.conversions import to_text, to_texts
from kubeqed.build.gotemplate.functions.signature import takes
from kubeqed.build.gotemplate.printing import quote_text
from kubeqed.build.gotemplate.text import concat, cut, indent, join_texts, keep_origin, trim
from kubeqed.build.gotemplate.values import TemplateError, TooLargeError

_BLANK = "[\t-\r \x85\xa0]"  # of Latin 1
_NO_BLANK = "[^\t-\r \x85\xa0]"
_BROKEN = re.compile("[\udc80-\udcff]")  # a byte that is no UTF-8
_LONGEST = 10_000_000
_WIDEST = 10_000


def _quote(*values: Any) -> str:
    """`quote`: nil is left out."""
    return join_texts(" ", [_surround_text(to_text(one), '"', quote_text) for one in values if one is not None])


def _squote(*values: Any) -> str:
    """`squote`: nil is left out, and no quote in a text is doubled."""
    return join_texts(" ", [_surround_text(to_text(one), "'", "'{}'".format) for one in values if one is not None])


def _surround_text(text: str, mark: str, spell: Any) -> str:
    """A text in marks; one that has to be spelt otherwise keeps one origin."""
    spelt = spell(str(text))
    end = keep_origin(mark, text)
    return concat(end, text, end) if spelt == f"{mark}{text}{mark}" else keep_origin(spelt, text)


def _cat(*values: Any) -> str:
    """`cat`: nil is left out."""
    return join_texts(" ", [to_text(one) for one in values if one is not None])


def _indent(count: int, text: str) -> str:
    """`indent`."""
    if count < 0:
        raise TemplateError("strings: negative Repeat count")
    if count > _WIDEST or count * text.count("\n") > _LONGEST:
        raise TooLargeError("an indentation that is too wide")
    return indent(text, count)


def _decode_bytes(data: bytes, of: str) -> str:
    """Some bytes of a text, from where that comes from."""
    return keep_origin(_BROKEN.sub("\ufffd", data.decode(errors="surrogateescape")), of)


def _truncate_text(count: int, text: str) -> str:
    """`trunc`: so many bytes of the beginning, or of the end for a negative count."""
    length = len(text.encode())
    if count < 0:
        return _cut_bytes(text, length + count, length) if length + count > 0 else text
    return _cut_bytes(text, 0, count)


def _cut_bytes(text: str, start: int, end: int) -> str:
    """The bytes of a text from one to before another."""
    return cut(text, start, end) if text.isascii() else _decode_bytes(text.encode()[start:end], text)


def _take_substring(start: int, end: int, text: str) -> str:
    """`substr`: bytes from one to before another; up to the last for an end that is negative or too large."""
    length = len(text.encode())
    first, last = max(start, 0), length if start >= 0 and not 0 <= end <= length else end
    if last < 0 or last > length:
        raise TemplateError(
            f"runtime error: slice bounds out of range [:{last}]{f' with length {length}' * (last > 0)}"
        )
    if first > last:
        raise TemplateError(f"runtime error: slice bounds out of range [{first}:{last}]")
    return _cut_bytes(text, first, last)


def _replace(old: str, new: str, text: str) -> str:
    """`replace`."""
    if old not in text:
        return text
    if text.count(old) * len(new) > _LONGEST:
        raise TooLargeError("a text that is too long")
    return keep_origin(text.replace(old, new), text)


def _repeat(count: int, text: str) -> str:
    """`repeat`."""
    if count < 0:
        raise TemplateError("strings: negative Repeat count")
    if count * len(text) > _LONGEST:
        raise TooLargeError("a text that is too long")
    return text * count


def _trim_suffix(suffix: str, text: str) -> str:
    """`trimSuffix`."""
    return cut(text, 0, len(text) - len(suffix)) if suffix and text.endswith(suffix) else text


def _trim_prefix(prefix: str, text: str) -> str:
    """`trimPrefix`."""
    return cut(text, len(prefix), len(text)) if prefix and text.startswith(prefix) else text


def _initials(text: str) -> str:
    """`initials`: the first byte of each word, as a letter."""
    return "".join(re.findall(rf"(?:\A|(?<={_BLANK})){_NO_BLANK}", _letters_of_bytes(text)))


def _letters_of_bytes(text: str) -> str:
    """A letter for each byte of a text, as goutils reads it."""
    return text.encode().decode("latin-1")


def _drop_blanks(text: str) -> str:
    """`nospace`: a text without blanks as it is."""
    letters = _letters_of_bytes(text)
    made = re.sub(_BLANK, "", letters)
    return text if made == letters else made


def _wrap(width: int, text: str, separator: str = "\n", *, breaks: bool = False) -> str:
    """`wrap` and `wrapWith`, which `breaks` long words: lines of so many bytes (goutils' WrapCustom)."""
    data, at, width = text.encode(), 0, max(width, 1)
    lines: list[bytes] = []
    while len(data) - at > width:
        if data[at] == ord(" "):
            at += 1
            continue
        end = data.rfind(b" ", at, at + width + 1)
        if end < 0 and breaks:
            lines.append(data[at : at + width])
            at += width
            continue
        if end < 0:
            end = data.find(b" ", at + width)
        if end < 0:
            break
        lines.append(data[at:end])
        at = end + 1
    return _decode_bytes((separator.encode() or b"\n").join([*lines, data[at:]]), text)


def _abbreviate_text(left: int, width: int, text: str) -> str:
    """`abbrev` and `abbrevboth`: so many bytes, with dots in place of others (goutils' AbbreviateFull)."""
    data = text.encode()
    if width < 4 or (left > 0 and width < 7) or len(data) <= width:
        return text
    left = min(left, len(data))
    if len(data) - left < width - 3:
        left = len(data) - (width - 3)
    if left <= 4:
        return _decode_bytes(data[: width - 3] + b"...", text)
    if width < 7:
        return ""
    if left + width - 3 < len(data):
        return _decode_bytes(b"..." + _abbreviate_end(data[left:], width - 3), text)
    return _decode_bytes(b"..." + data[len(data) - (width - 3) :], text)


def _abbreviate_end(data: bytes, width: int) -> bytes:
    """Bytes up to a width, the last of them dots."""
    return data if len(data) <= width else data[: width - 3] + b"..."


def _split(separator: str, text: str, count: int = -1) -> dict[str, str]:
    """`split` and `splitn`: the parts by `_0`, `_1` and so on."""
    return {f"_{number}": part for number, part in enumerate(split_text(separator, text, count))}


def split_text(separator: str, text: str, count: int = -1) -> list[str]:
    """strings.SplitN: no part for a count of 0, all for a negative one."""
    if count == 0:
        return []
    if not separator:
        parts = list(text)
        return parts if count < 0 or len(parts) <= count else [*parts[: count - 1], "".join(parts[count - 1 :])]
    return text.split(separator, count - 1 if count > 0 else -1)


def _join(separator: str, values: Any) -> str:
    """`join`: nil is left out."""
    return join_texts(separator, to_texts(values))


FUNCTIONS = {
    "hello": lambda: "Hello!",
    "quote": _quote,
    "squote": _squote,
    "cat": _cat,
    "indent": takes("is", _indent),
    "nindent": takes("is", lambda count, text: concat("\n", _indent(count, text))),
    "trunc": takes("is", _truncate_text),
    "substr": takes("iis", _take_substring),
    "trim": takes("s", trim),
    "trimAll": takes("ss", lambda signs, text: trim(text, signs) if signs else text),
    "trimall": takes("ss", lambda signs, text: trim(text, signs) if signs else text),
    "trimSuffix": takes("ss", _trim_suffix),
    "trimPrefix": takes("ss", _trim_prefix),
    "replace": takes("sss", _replace),
    "repeat": takes("is", _repeat),
    "nospace": takes("s", _drop_blanks),
    "initials": takes("s", _initials),
    "wrap": takes("is", _wrap),
    "wrapWith": takes("iss", lambda width, separator, text: _wrap(width, text, separator, breaks=True)),
    "contains": takes("ss", lambda part, text: part in text),
    "hasPrefix": takes("ss", lambda part, text: text.startswith(part)),
    "hasSuffix": takes("ss", lambda part, text: text.endswith(part)),
    "plural": takes("ssi", lambda one, many, count: one if count == 1 else many),
    "abbrev": takes("is", lambda width, text: _abbreviate_text(0, width, text)),
    "abbrevboth": takes("iis", _abbreviate_text),
    "split": takes("ss", _split),
    "splitn": takes("sis", lambda separator, count, text: _split(separator, text, count)),
    "splitList": takes("ss", split_text),
    "join": takes("s.", _join),
}
