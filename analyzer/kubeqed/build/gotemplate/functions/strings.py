"""Texts: those that only cut or surround a text keep its origins."""

from __future__ import annotations

import re
from typing import Any

from kubeqed.build.gotemplate.functions.conversions import to_text, to_texts
from kubeqed.build.gotemplate.functions.signature import takes
from kubeqed.build.gotemplate.printing import quote_text, spell_value
from kubeqed.build.gotemplate.text import concat, cut, indent, keep_origin, trim
from kubeqed.build.gotemplate.values import TemplateError, TooLargeError

_LONGEST = 10_000_000
_WIDEST = 10_000


def _quote(*values: Any) -> str:
    """`quote`: nil is left out."""
    return _joined([_surround(to_text(one), '"', quote_text) for one in values if one is not None])


def _squote(*values: Any) -> str:
    """`squote`: nil is left out, and no quote in a text is doubled."""
    return _joined([concat("'", to_text(one), "'") for one in values if one is not None])


def _joined(texts: list[str]) -> str:
    """Texts with blanks between them; one alone keeps its origins."""
    return texts[0] if len(texts) == 1 else " ".join(texts)


def _surround(text: str, mark: str, spell: Any) -> str:
    """A text in marks; one that has to be spelt otherwise keeps one origin."""
    spelt = spell(str(text))
    return concat(mark, text, mark) if spelt == f"{mark}{text}{mark}" else keep_origin(spelt, text)


def _cat(*values: Any) -> str:
    """`cat`: nil is left out."""
    return " ".join(spell_value(one) for one in values if one is not None)


def _indent(count: int, text: str) -> str:
    """`indent`."""
    if count < 0:
        raise TemplateError("strings: negative Repeat count")
    if count > _WIDEST or count * text.count("\n") > _LONGEST:
        raise TooLargeError("an indentation that is too wide")
    return indent(text, count)


def _truncate(count: int, text: str) -> str:
    """`trunc`: so many bytes of the beginning, or of the end for a negative count."""
    length = len(text.encode())
    if length != len(text):
        return _truncate_bytes(count, text)
    if count < 0:
        return cut(text, length + count, length) if length + count > 0 else text
    return cut(text, 0, count)


def _truncate_bytes(count: int, text: str) -> str:
    """`trunc` of a text that is not all ASCII."""
    data = text.encode()
    if count < 0 and len(data) + count > 0:
        data = data[len(data) + count :]
    elif 0 <= count < len(data):
        data = data[:count]
    return keep_origin(data.decode(errors="replace"), text)


def _substring(start: int, end: int, text: str) -> str:
    """`substr`."""
    if start < 0:
        return cut(text, 0, end)
    return cut(text, start, len(text) if end < 0 or end > len(text) else end)


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


def _upper(text: str) -> str:
    """Letter by letter, so that one stays one letter."""
    return text.upper() if text.isascii() else "".join(one.upper() if len(one.upper()) == 1 else one for one in text)


def _title(text: str) -> str:
    """`title`: each word begins with a capital."""
    return re.sub(r"(?<!\w)\w", lambda match: match[0].upper(), text)


def _untitle(text: str) -> str:
    """`untitle`."""
    return re.sub(r"(^|\s)(\S)", lambda match: match[1] + match[2].lower(), text)


def _initials(text: str) -> str:
    """`initials`."""
    return "".join(word[0] for word in text.split())


def _words(text: str) -> list[str]:
    """The words of a name in camel case, or with `_`, `-` or blanks between them."""
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\sA-Za-z0-9_-]+", text)


def _snake(text: str, sign: str) -> str:
    """`snakecase` and `kebabcase`."""
    return re.sub(r"(?<=\w)\W*(?<![A-Z])(?=[A-Z])|[\s_-]+", sign, text).lower().strip(sign)


def _camel(text: str) -> str:
    """`camelcase`."""
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[\s_-]+", text))


def _wrap(width: int, text: str, separator: str = "\n", *, breaks: bool = False) -> str:
    """`wrap` and `wrapWith`, which `breaks` long words."""
    lines, line = [], ""
    for word in text.split(" "):
        rest = word
        while breaks and len(rest) > width > 0:
            if line:
                lines.append(line)
                line = ""
            lines.append(rest[:width])
            rest = rest[width:]
        if line and len(line) + 1 + len(rest) > width:
            lines.append(line)
            line = rest
        else:
            line = f"{line} {rest}" if line else rest
    return separator.join([*lines, line])


def _abbreviate(width: int, text: str) -> str:
    """`abbrev`."""
    return text if width < 4 or len(text) <= width else f"{text[: width - 3]}..."


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
    texts = to_texts(values)
    return texts[0] if len(texts) == 1 else separator.join(texts)


def _swap_case(text: str) -> str:
    """`swapcase`."""
    return text.swapcase()


FUNCTIONS = {
    "hello": lambda: "Hello!",
    "quote": _quote,
    "squote": _squote,
    "cat": _cat,
    "indent": takes("is", _indent),
    "nindent": takes("is", lambda count, text: concat("\n", _indent(count, text))),
    "trunc": takes("is", _truncate),
    "substr": takes("iis", _substring),
    "trim": takes("s", trim),
    "trimAll": takes("ss", lambda signs, text: trim(text, signs) if signs else text),
    "trimall": takes("ss", lambda signs, text: trim(text, signs) if signs else text),
    "trimSuffix": takes("ss", _trim_suffix),
    "trimPrefix": takes("ss", _trim_prefix),
    "upper": takes("s", lambda text: keep_origin(_upper(text), text)),
    "lower": takes("s", lambda text: keep_origin(text.lower(), text) if text != text.lower() else text),
    "title": takes("s", lambda text: keep_origin(_title(text), text)),
    "untitle": takes("s", _untitle),
    "replace": takes("sss", _replace),
    "repeat": takes("is", _repeat),
    "nospace": takes("s", lambda text: re.sub(r"\s", "", text)),
    "initials": takes("s", _initials),
    "swapcase": takes("s", _swap_case),
    "snakecase": takes("s", lambda text: _snake(text, "_")),
    "kebabcase": takes("s", lambda text: _snake(text, "-")),
    "camelcase": takes("s", _camel),
    "wrap": takes("is", _wrap),
    "wrapWith": takes("iss", lambda width, separator, text: _wrap(width, text, separator, breaks=True)),
    "contains": takes("ss", lambda part, text: part in text),
    "hasPrefix": takes("ss", lambda part, text: text.startswith(part)),
    "hasSuffix": takes("ss", lambda part, text: text.endswith(part)),
    "plural": takes("ssi", lambda one, many, count: one if count == 1 else many),
    "abbrev": takes("is", _abbreviate),
    "abbrevboth": takes("iis", lambda _, right, text: _abbreviate(right, text)),
    "split": takes("ss", _split),
    "splitn": takes("sis", lambda separator, count, text: _split(separator, text, count)),
    "splitList": takes("ss", split_text),
    "join": takes("s.", _join),
}
