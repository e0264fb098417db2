"""The lines of a file as a report may show them: `*` stands for each confidential character, so that columns stay."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from kubeqed.model.confidential.unparsed_lines import redact_unparsed_lines
from kubeqed.model.confidential.values import (
    EMBEDDED_CONTAINER,
    EMBEDDED_SECRET,
    Steps,
    hides_value,
    is_confidential_key,
    is_program_text,
    names_secret,
    redact,
    redact_credentials,
    redact_program_text,
)
from kubeqed.parse import Document, Mapping, Mark, Parsed, Sequence, Value, as_written, split_lines, unpack

_LONGEST_PROPERTY = 100
_PROPERTIES = re.compile(r"(?:[!&][^\s,]*\s+)+\Z")  # a password may begin as a tag or an anchor does
_COMMENT = re.compile(r"\s#.*\Z")


class _Hidden(NamedTuple):
    """A confidential place and its text; of a program's text a part may be shown."""

    mark: Mark
    text: str | None = None
    of_program: bool = False


def redact_lines(parsed: Parsed, services: Collection[str]) -> list[str]:
    """The lines of a file, redacted; `services` are the names of the Services of its units, which may be shown."""
    lines = split_lines(parsed.text)
    if not parsed.documents:  # nothing of it was parsed
        return redact_unparsed_lines(lines, secret=_holds_secret(lines), holds_object=False)
    starts = [placed.first_line for placed in parsed.documents]
    secret = False
    for placed, start, end in zip(parsed.documents, starts, [*starts[1:], len(lines)], strict=True):
        written = lines[start:end]
        lines[start:end] = _redacted_document(written, placed.document, services, after_secret=secret)
        secret = secret or _holds_secret(written)
    return [redact_credentials(line) for line in lines]


def _holds_secret(lines: list[str]) -> bool:
    return EMBEDDED_SECRET.search("\n".join(lines)) is not None


def _redacted_document(
    lines: list[str], document: Document, services: Collection[str], *, after_secret: bool
) -> list[str]:
    """The lines of one document; what is no manifest and comes after a Secret may be the rest of it."""
    if after_secret and not document.is_manifest:
        return [redact(line) for line in lines]
    unseen = any("<<" in line or "{{" in line for line in lines)  # the tree lacks what is merged or follows an action
    if document.root is None or document.problems or unseen:  # and what is defined twice
        lines = redact_unparsed_lines(lines, secret=_holds_secret(lines))
    marks: set[Mark] = set()
    found = list(_find_hidden(document.root, marks, is_loose=not document.is_manifest))
    if document.aliases:
        found += _find_anchored(document.root, {item.text for item in found if item.text})
    page = _Page(lines)
    _redact_items(page, found, dict(pairwise(sorted(marks))), services)
    return page.written()


def _find_hidden(root: Value, marks: set[Mark], *, is_loose: bool) -> Iterator[_Hidden]:
    """The confidential scalars and keys below `root`; `marks` takes the mark of every key, value and item.

    `is_loose` says that it is no manifest: of the values of a chart only the keys tell what goes into a Secret.
    """
    stack: list[tuple[Value, Steps, int]] = [(root, (), 0)]
    seen: set[tuple[int, bool]] = set()
    while stack:
        written, above, depth = stack.pop()
        node = as_written(written)
        if not isinstance(node, Mapping | Sequence) or (id(node), depth > 0) in seen:
            continue
        seen.add((id(node), depth > 0))
        marks.update(node.marks)
        for step, value, mark in _list_children(node):
            below = depth + 1 if depth or hides_value(node, step, above) or (is_loose and names_secret(step)) else 0
            yield from _hidden_here(node, step, value, mark, (*above, step), (depth, below))
            stack.append((value, (*above, step), below))


def _hidden_here(
    node: Mapping | Sequence, step: str | int, value: Value, mark: Mark, steps: Steps, depths: tuple[int, int]
) -> Iterator[_Hidden]:
    depth, below = depths
    if isinstance(node, Mapping) and isinstance(step, str) and is_confidential_key(step, value, depth):
        yield _Hidden(node.key_mark(step))
    text = value if isinstance(value, str) else None
    if below and not isinstance(value, Mapping | Sequence):
        yield _Hidden(mark, text, is_program_text(steps))
    elif text is not None and (EMBEDDED_SECRET.search(text) or EMBEDDED_CONTAINER.search(text)):
        yield _Hidden(mark)


def _list_children(node: Mapping | Sequence) -> Iterator[tuple[str | int, Value, Mark]]:
    if isinstance(node, Mapping):
        for (key, value), mark in zip(node.items(), node.marks[1::2], strict=False):
            yield key, value, mark
    else:
        yield from zip(range(len(node)), node, node.marks, strict=False)


def _find_anchored(root: Value, texts: set[str]) -> Iterator[_Hidden]:
    """Where an anchor holds what an alias puts into a confidential place."""
    stack = [root]
    seen: set[int] = set()
    while stack:
        node = stack.pop()
        if isinstance(node, Mapping | Sequence) and id(node) not in seen:
            seen.add(id(node))
            for _, value, mark in _list_children(node):
                stack.append(value)
                if isinstance(value, str) and value in texts:
                    yield _Hidden(mark)


def _redact_items(
    page: _Page, items: Iterable[_Hidden], following: dict[Mark, Mark], services: Collection[str]
) -> None:
    for item in items:
        line, column, end = unpack(item.mark)
        if line >= len(page.lines):
            continue
        page.replace(line, column, _mask_text(page.lines[line][column:end], item, services))
        for found in _PROPERTIES.finditer(page.lines[line], max(column - _LONGEST_PROPERTY, 0), column):
            page.replace(line, found.start(), redact(found[0]))
        page.ends[line] = max(page.ends.get(line, 0), end)
        after = following.get(item.mark)
        page.redact_between(line, *(unpack(after)[:2] if after is not None else (len(page.lines), 0)))
    for line, end in page.ends.items():
        if comment := _COMMENT.search(page.lines[line], end):
            page.replace(line, comment.start(), redact(comment[0]))


class _Page:
    """Lines that are written over in many places; `ends` tells where the last confidential scalar of a line ends."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.ends: dict[int, int] = {}
        self._cells: dict[int, list[str]] = {}

    def replace(self, line: int, column: int, text: str) -> None:
        """Writes a text of the same length over what stands at a column."""
        cells = self._cells.setdefault(line, []) or list(self.lines[line])
        cells[column : column + len(text)] = text
        self._cells[line] = cells

    def redact_between(self, line: int, next_line: int, next_column: int) -> None:
        """Redacts up to the next key or item: where a scalar of several lines ends, no mark says."""
        for number in range(line + 1, min(next_line, len(self.lines))):
            self.replace(number, 0, redact(self.lines[number]))
        if line < next_line < len(self.lines):
            head = self.lines[next_line][:next_column]
            if head.strip(" -[{,?"):
                self.replace(next_line, 0, redact(head))

    def written(self) -> list[str]:
        """The lines with what was written over them."""
        return [
            "".join(self._cells[number]) if number in self._cells else line for number, line in enumerate(self.lines)
        ]


def _mask_text(written: str, item: _Hidden, services: Collection[str]) -> str:
    """What may be seen of a scalar as written, of the same length."""
    quoted = len(written) > 1 and written[0] in "'\"" and written[-1] == written[0]
    inner = written[1:-1] if quoted else written
    if not item.of_program or item.text != inner:
        return redact(written)
    return written.replace(inner, redact_program_text(inner, services))
