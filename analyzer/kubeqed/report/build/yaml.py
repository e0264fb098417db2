"""Built objects as YAML, in the order and the layout of `kustomize build`, on request with the origin of each line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kubeqed.parse import Mapping, PlacedDocument, Sequence, Value, as_written, parse_whole_number
from kubeqed.report.build.origins import Origins
from kubeqed.report.build.scalars import LONGEST_KEY, block_of, dump_scalar, dump_text
from kubeqed.report.escape import escape

_FARTHEST = 60  # the last column in which comments begin below each other

_PART = re.compile(r"(\d+)|[^\W\d_]|.", re.DOTALL)


class _Line(NamedTuple):
    """A line of YAML, and the mark of the value that it shows; None within a block."""

    text: str
    mark: int | None = None


def render_documents(documents: Iterable[PlacedDocument], *, with_origins: bool = False) -> str:
    """The documents as YAML, which reads as the same values; each line ends in the place that set it if that is asked."""
    rendered = [_render_document(placed, with_origins=with_origins) for placed in documents]
    return escape("---\n".join(rendered))


def _render_document(placed: PlacedDocument, *, with_origins: bool) -> str:
    lines = list(_value_lines(placed.document.root, "", placed.document.top))
    if not with_origins:
        return "".join(f"{line.text}\n" for line in lines)
    origins = Origins(placed)
    column = max((len(line.text) for line in lines if len(line.text) <= _FARTHEST), default=0)
    commented = [
        line.text if line.mark is None else f"{line.text:<{column}}  {origins.of(line.mark)}" for line in lines
    ]
    return "".join(f"{line}\n" for line in (origins.heading, *commented))


def _value_lines(value: Value, indent: str, mark: int) -> Iterator[_Line]:
    """The lines of a value that begins a line of its own."""
    value = as_written(value)
    if isinstance(value, Mapping) and value:
        for key, item, item_mark in sorted(zip(value, value.values(), value.marks[1::2], strict=True), key=_by_key):
            yield from _entry_lines(dump_text(key), item, indent, item_mark)
    elif isinstance(value, Sequence) and value:
        for item, item_mark in zip(value, value.marks, strict=True):
            yield from _item_lines(item, indent, item_mark)
    else:
        yield from _value_lines_after(indent, value, indent, mark)


def _entry_lines(key: str, value: Value, indent: str, mark: int) -> Iterator[_Line]:
    start, value = f"{indent}{key}:", as_written(value)
    if len(key) > LONGEST_KEY:
        yield _Line(f"{indent}? {key}", mark)
        start = f"{indent}:"
    if isinstance(value, Mapping | Sequence) and value:
        yield _Line(start, mark)
        yield from _value_lines(value, indent if isinstance(value, Sequence) else f"{indent}  ", mark)
    else:
        yield from _value_lines_after(f"{start} ", value, indent, mark)


def _item_lines(value: Value, indent: str, mark: int) -> Iterator[_Line]:
    """An item of a list, whose first line stands behind the dash."""
    value = as_written(value)
    if not isinstance(value, Mapping | Sequence) or not value:
        yield from _value_lines_after(f"{indent}- ", value, indent, mark)
        return
    first, *rest = _value_lines(value, f"{indent}  ", mark)
    yield first._replace(text=f"{indent}- {first.text.removeprefix(f'{indent}  ')}")
    yield from rest


def _value_lines_after(start: str, value: Value, indent: str, mark: int) -> Iterator[_Line]:
    """The lines of a value that has none below it, the first behind `start`."""
    if isinstance(value, Mapping | Sequence):
        yield _Line(f"{start}{'{}' if isinstance(value, Mapping) else '[]'}", mark)
        return
    block = block_of(value if isinstance(value, str) else str(value))
    if block is None:
        yield _Line(f"{start}{dump_scalar(value)}", mark)
        return
    header, lines = block
    yield _Line(f"{start}{header}", mark)
    yield from (_Line(f"{indent}  {line}" if line else "") for line in lines)


def _by_key(entry: tuple[str, Value, int]) -> list[tuple[int, int, int, str]]:
    return sort_key(entry[0])


def sort_key(text: str) -> list[tuple[int, int, int, str]]:
    """The place of a key among others, as go-yaml sorts them: numbers by their value, signs before letters.

    Right after a number, letters come first.
    """
    parts: list[tuple[int, int, int, str]] = []
    after_number = False
    for match in _PART.finditer(text):
        part = match[0]
        if match[1]:
            parts.append((0, parse_whole_number(part) + 1, len(part), ""))
        elif part.isalpha():
            parts.append((-1 if after_number else 1, 0, 0, part))
        else:
            parts.append((0, 0, 0, part))
        after_number = match[1] is not None
    return parts
