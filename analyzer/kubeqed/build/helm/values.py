"""Values: files and pairs of a command line as maps that know where each entry is set."""

from __future__ import annotations

import re
from typing import Any

from kubeqed.build.allowance import Allowance
from kubeqed.build.gotemplate.origin import Origin, TemplateSource
from kubeqed.build.gotemplate.text import TextBuilder
from kubeqed.build.gotemplate.values import Int64, PlacedList, PlacedMap
from kubeqed.build.refusal import RefusalError, UnbuiltError
from kubeqed.parse import Mapping, Mark, Place, PlacedDocument, Sequence, Unknown, Value, parse_written, unpack
from kubeqed.parse.document import ProblemKind

_MOST_ITEMS = 65_536  # of a list that a pair makes
_MOST_NAMES = 31  # in a path of a pair
_MOST_LISTS = 200  # the same, of indices; Helm has no limit, but a stack that grows


def read_values(text: str, file: str, what: str) -> PlacedMap:
    """The values of a file; a RefusalError, with its place, for what is no map."""
    text = text.removeprefix("\ufeff")
    document = parse_written(text)
    placed = PlacedDocument(file, 0, document)
    problem = next((one for one in document.problems if one.kind is ProblemKind.NOT_READABLE), None)
    if problem is not None:
        raise RefusalError(
            f"{what}: error converting YAML to JSON: yaml: {problem.message.removeprefix('not YAML: ')}",
            placed.placed(problem.mark),
        )
    if document.root is None:
        return PlacedMap()
    if not isinstance(document.root, Mapping):
        raise RefusalError(
            f"{what}: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal", placed.placed(document.top)
        )
    found: PlacedMap = _values_of(document.root, placed, _ValuesSource(file, file, text), document.top)
    return found


class _ValuesSource(TemplateSource):
    """A file of values, in which a text of several lines has a place for each of them."""

    is_template = False

    def trace_block(self, text: str, mark: Mark) -> str:
        """A literal block with the places of its lines; another text as it is."""
        builder = TextBuilder()
        lines = text.split("\n")
        for number, line in enumerate(lines, unpack(mark)[0] + 1):
            start, end = self.find_line(number)
            if not self.text.endswith(line, start, end):
                return text
            last = "\n" * (number - unpack(mark)[0] < len(lines))
            builder.add(line + last, Origin(None, source=self, offset=end - len(line)), is_verbatim=True)
        return builder.text()


def _values_of(value: Value, placed: PlacedDocument, source: _ValuesSource, mark: Mark) -> Any:
    """A parsed value as templates see it: numbers are float64. `mark` is its own."""
    if isinstance(value, Mapping):
        marks = value.marks[1::2]
        places = {key: placed.placed(mark) for key, mark in zip(value, marks, strict=True)}
        items = zip(value.items(), marks, strict=True)
        return PlacedMap({key: _values_of(one, placed, source, at) for (key, one), at in items}, places)
    if isinstance(value, Sequence):
        found = [_values_of(one, placed, source, at) for one, at in zip(value, value.marks, strict=True)]
        return PlacedList(found, [placed.placed(mark) for mark in value.marks])
    if isinstance(value, Unknown):
        return value.text
    if isinstance(value, str) and "\n" in value:
        return source.trace_block(value, mark)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


class SetPairs:
    """`--set a.b=1,c[0]=x`: each pair sets one value, at the place that states it (pkg/strvals).

    `is_text` says that each value is a text, as `--set-string` has it. An index makes all items before it, which the
    `allowance` pays for.
    """

    def __init__(self, text: str, place: Place, allowance: Allowance, *, is_text: bool = False) -> None:
        self._text = text
        self._place = place
        self._allowance = allowance
        self._is_text = is_text
        self._position = 0

    def set_in(self, values: PlacedMap) -> None:
        """Sets the pairs; a RefusalError for what Helm does not read, an UnbuiltError for what is too much."""
        while self._position < len(self._text):
            self._set_pair(values)

    def _set_pair(self, into: Any, names: int = 1, lists: int = 0) -> None:
        """Sets one pair, below some names and lists."""
        if names > _MOST_NAMES:
            raise RefusalError(
                f"value name nested level is greater than maximum supported nested level of {_MOST_NAMES - 1}",
                self._place,
            )
        key, end = self._read_key()
        if end == "=":
            self._put_entry(into, key, self._read_value())
        elif end == ".":
            self._set_pair(self._enter_key(into, key, PlacedMap), names + 1, lists)
        elif end == "[":
            self._set_item(self._enter_key(into, key, PlacedList), names, lists + 1)
        elif key:
            raise RefusalError(f'key "{key}" has no value', self._place)

    def _read_key(self) -> tuple[str, str]:
        """A key and the sign behind it."""
        match = re.compile(r"((?:\\.|[^\\.=\[,])*)([.=\[,]|\Z)", re.DOTALL).match(self._text, self._position)
        if match is None:
            raise RefusalError(f"failed parsing --set data: {self._text}", self._place)
        self._position = match.end()
        return re.sub(r"\\(.)", r"\1", match[1]), match[2]

    def _set_item(self, items: PlacedList, names: int, lists: int) -> None:
        """Sets an item of a list, behind its bracket."""
        if lists > _MOST_LISTS:
            raise UnbuiltError("a value that is nested too deeply", gave_up=True)
        match = re.compile(r"(\d+)\]([.=\[,]|\Z)").match(self._text, self._position)
        if match is None or int(match[1]) > _MOST_ITEMS:
            raise RefusalError("error parsing index", self._place)
        self._position = match.end()
        number, end = int(match[1]), match[2]
        self._allowance.pay(max(0, number - len(items)))
        while len(items) <= number:
            items.append(None)
        while len(items.places) < len(items):
            items.places.append(self._place)
        if end == "=":
            items[number] = self._read_value()
        elif end == ".":
            items[number] = items[number] if isinstance(items[number], PlacedMap) else PlacedMap()
            self._set_pair(items[number], names, lists)
        elif end == "[":
            items[number] = items[number] if isinstance(items[number], PlacedList) else PlacedList()
            self._set_item(items[number], names, lists + 1)

    def _enter_key(self, into: PlacedMap, key: str, kind: type[PlacedMap | PlacedList]) -> Any:
        """The map or list under a key, made if it is not there."""
        if not isinstance(into.get(key), kind):
            self._put_entry(into, key, kind())
        return into[key]

    def _put_entry(self, into: PlacedMap, key: str, value: Any) -> None:
        """Sets an entry, at the place of the pair."""
        into[key] = value
        into.places[key] = self._place

    def _read_value(self) -> Any:
        """The value of a pair, which may be a list in braces."""
        if self._text.startswith("{", self._position):
            end = self._text.find("}", self._position)
            if end < 0:
                raise RefusalError("list must terminate with '}'", self._place)
            inside = self._text[self._position + 1 : end]
            self._position = end + 1 + self._text.startswith(",", end + 1)
            items = [self._read_typed(one) for one in inside.split(",")] if inside else []
            return PlacedList(items, [self._place] * len(items))
        match = re.compile(r"((?:\\.|[^\\,])*)(,|\Z)", re.DOTALL).match(self._text, self._position)
        if match is None:
            raise RefusalError(f"failed parsing --set data: {self._text}", self._place)
        self._position = match.end()
        return self._read_typed(match[1])

    def _read_typed(self, text: str) -> Any:
        """A text as the value that it spells."""
        plain = re.sub(r"\\(.)", r"\1", text)
        if self._is_text:
            return plain
        if plain.lower() in ("true", "false"):
            return plain.lower() == "true"
        if plain.lower() == "null":
            return None
        if plain == "0":
            return Int64(0)
        if re.fullmatch(r"[+-]?[1-9][0-9]{0,18}", plain):
            return Int64(int(plain))
        return plain
