"""`toYaml`: YAML as sigs.k8s.io/yaml v1.6 writes it (go.yaml.in/yaml/v2), each line with the place of its entry."""

from __future__ import annotations

import math
from typing import Any

from kubeqed.build.gotemplate.functions.encoding import json_number
from kubeqed.build.gotemplate.functions.signature import takes
from kubeqed.build.gotemplate.functions.yaml_style import escape_sign, is_escaped, natural_order, spell_key, style_of
from kubeqed.build.gotemplate.origin import Origin
from kubeqed.build.gotemplate.printing import spell_float
from kubeqed.build.gotemplate.text import TextBuilder, TracedText
from kubeqed.build.gotemplate.values import PlacedList, PlacedMap, TemplateError, TemplateObject, place_of

_WIDTH = 80  # columns behind which a text is broken at its next blank
_INDENT = 2
_LEAST_WHOLE, _MOST_WHOLE = -(1 << 63), (1 << 64) - 1  # that YAML reads as whole numbers
_LONGEST_KEY = 128


def to_yaml(value: Any) -> str:
    """A value as YAML without the last new line; empty for what has none."""
    return _write_or_empty(value, _Writer())


def to_pretty_yaml(value: Any) -> str:
    """A value as go.yaml.in/yaml/v3 writes it: lists are indented, and lines as long as they are."""
    return _write_or_empty(value, _PrettyWriter())


def _write_or_empty(value: Any, writer: _Writer) -> str:
    """What a writer makes of a value; empty for what it cannot write."""
    try:
        writer.write(value, -_INDENT, None)
    except TemplateError:
        return ""
    return writer.builder.text()


class _Writer:
    """Writes one value; `column` is where the next sign stands in its line."""

    width: float = _WIDTH
    list_indent = 0  # of a list in a map

    def __init__(self) -> None:
        self.builder = TextBuilder()
        self._column = 0

    def _put_text(self, text: str, origin: Origin | None) -> None:
        """Writes a text, and counts the column."""
        self.builder.add(text, origin)
        end = text.rfind("\n")
        self._column = self._column + len(text) if end < 0 else len(text) - end - 1

    def write(self, value: Any, indent: int, origin: Origin | None) -> None:
        """A value behind its key or dash, on their line where it fits."""
        if isinstance(value, TemplateObject):
            value = value.encoded()
        if isinstance(value, dict) and value:
            self._write_mapping(value, indent + _INDENT, origin)
        elif isinstance(value, list) and value:
            self._write_sequence(value, indent + _INDENT, origin)
        else:
            self._write_scalar(value, indent + _INDENT, origin)

    def _write_mapping(self, value: dict[str, Any], indent: int, origin: Origin | None) -> None:
        """The entries of a map, the first on the line where it begins."""
        places = value.places if isinstance(value, PlacedMap) else {}
        unplaced = None if isinstance(value, PlacedMap) else origin
        for number, key in enumerate(sorted(value, key=natural_order)):
            own = Origin(places[key]) if key in places else unplaced
            if number:
                self._put_text("\n" + " " * indent, own)
            self._write_key(key, indent, own)
            item = value[key]
            if isinstance(item, TemplateObject):
                item = item.encoded()
            if isinstance(item, dict) and item:
                self._put_text("\n" + " " * (indent + _INDENT), own)
                self._write_mapping(item, indent + _INDENT, own)
            elif isinstance(item, list) and item:
                self._put_text("\n" + " " * (indent + self.list_indent), own)
                self._write_sequence(item, indent + self.list_indent, own)
            else:
                self._put_text(" ", own)
                self._write_scalar(item, indent + _INDENT, own)

    def _write_key(self, key: str, indent: int, origin: Origin | None) -> None:
        """A key and its colon."""
        if "\n" in key or len(key.encode()) > _LONGEST_KEY:
            self._put_text("? ", origin)
            self._write_scalar(key, indent + _INDENT, origin)
            self._put_text("\n" + " " * indent + ":", origin)
        else:
            self._put_text(f"{spell_key(key)}:", origin)

    def _write_sequence(self, value: list[Any], indent: int, origin: Origin | None) -> None:
        """The items of a list, the first on the line where it begins."""
        places = value.places if isinstance(value, PlacedList) else []
        for number, item in enumerate(value):
            own = Origin(places[number]) if number < len(places) else origin
            if number:
                self._put_text("\n" + " " * indent, own)
            self._put_text("- ", own)
            self.write(item, indent, own)

    def spell(self, value: Any) -> str:
        """A scalar that is no text, or an empty collection."""
        return _spell_scalar(value)

    def style(self, text: str) -> str:
        """The quotes of a text."""
        return style_of(text)

    def _write_scalar(self, value: Any, indent: int, origin: Origin | None) -> None:
        """A value that holds no others."""
        origin = origin or _origin_of(value)
        if isinstance(value, str):
            self._write_text(value, max(indent, _INDENT), origin)
        else:
            self._put_text(self.spell(value), origin)

    def _write_text(self, text: str, indent: int, origin: Origin | None) -> None:
        """A text in the quotes that it needs."""
        style = self.style(text)
        if style == "|":
            self._write_block(text, indent, origin)
        elif style == "'":
            self._put_text(self._fold_text("'" + text.replace("'", "''") + "'", indent, ends=1), origin)
        elif style == '"':
            self._write_double_quoted(text, indent, origin)
        else:
            self._put_text(self._fold_text(text, indent, ends=0), origin)

    def _fold_text(self, text: str, indent: int, *, ends: int) -> str:
        """A text broken at the first single blank behind the width of a line."""
        if self._column + len(text) <= self.width:
            return text
        made: list[str] = []
        column, after_blank = self._column, False
        for number, sign in enumerate(text):
            if sign == " ":
                inside = ends < number < len(text) - 1 - ends if ends else True
                if column > self.width and not after_blank and inside and text[number + 1 : number + 2] != " ":
                    made.append("\n" + " " * indent)
                    column = indent
                    after_blank = True
                    continue
                after_blank = True
            else:
                after_blank = False
            made.append(sign)
            column += 1
        return "".join(made)

    def _write_double_quoted(self, text: str, indent: int, origin: Origin | None) -> None:
        """A text in double quotes."""
        made: list[str] = ['"']
        column, after_blank = self._column + 1, False
        for number, sign in enumerate(text):
            if sign == " " and not after_blank and column > self.width and 0 < number < len(text) - 1:
                is_escaped_blank = text[number + 1] == " "
                made.append("\n" + " " * indent + "\\" * is_escaped_blank)
                column, after_blank = indent + is_escaped_blank, True
                continue
            spelt = escape_sign(sign) if is_escaped(sign) else sign
            after_blank = sign == " "
            made.append(spelt)
            column += len(spelt)
        self._put_text("".join([*made, '"']), origin)

    def _write_block(self, text: str, indent: int, origin: Origin | None) -> None:
        """A text of several lines, as a literal block."""
        hint = str(_INDENT) if text[0] in " \n" else ""
        if not text.endswith("\n"):
            hint += "-"
        elif text == "\n" or text.endswith("\n\n"):
            hint += "+"
        body = text.removesuffix("\n")
        lines = (f"{' ' * indent}{line}" if line else "" for line in body.split("\n"))
        self._put_text(f"|{hint}\n" + "\n".join(lines), origin)


def _origin_of(value: Any) -> Origin | None:
    """Where a scalar comes from that knows it itself."""
    if isinstance(value, TracedText):
        return value.origin_at(0)
    place = place_of(value)
    return None if place is None else Origin(place)


class _PrettyWriter(_Writer):
    """Writes one value as version 3 of the library does."""

    width = math.inf
    list_indent = _INDENT

    def spell(self, value: Any) -> str:
        """Numbers as `%v` prints them."""
        return spell_float(value) if isinstance(value, float) else super().spell(value)

    def style(self, text: str) -> str:
        """A text of several lines is a block, tabs or not."""
        return style_of(text.replace("\t", "-")) if "\n" in text else style_of(text)


def _spell_scalar(value: Any) -> str:
    """A scalar that is no text, or an empty collection."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        text = json_number(value)
        is_whole = text.lstrip("-").isdecimal() and _LEAST_WHOLE <= int(text) <= _MOST_WHOLE
        return str(int(text)) if is_whole else spell_float(value)
    if isinstance(value, dict):
        return "{}"
    return "[]" if isinstance(value, list) else str(int(value))


FUNCTIONS = {
    "toYaml": takes(".", to_yaml),
    "toYamlPretty": takes(".", to_pretty_yaml),
}
