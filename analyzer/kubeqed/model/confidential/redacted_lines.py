"""The lines of a file as a report may show them: `*` stands for each confidential character, so that columns stay."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from kubeqed.late_pattern import compile_late
from kubeqed.model.confidential.plain_values import NOTHING_PLAIN, PlainValues, Spot
from kubeqed.model.confidential.template_actions import show_actions
from kubeqed.model.confidential.unparsed_lines import redact_unparsed_lines
from kubeqed.model.confidential.values import (
    EMBEDDED_CONTAINER,
    EMBEDDED_SECRET,
    Steps,
    hides_value,
    holds_values,
    is_confidential_key,
    is_program_text,
    names_secret,
    redact,
    redact_credentials,
    redact_program_text,
)
from kubeqed.model.file_names import is_configuration, is_kustomization
from kubeqed.parse import (
    Document,
    Mapping,
    Mark,
    Parsed,
    PlacedDocument,
    Sequence,
    Value,
    as_written,
    pack,
    parse,
    split_lines,
    unpack,
)
from kubeqed.sources import SourceFile
from kubeqed.sources.chart import CHART_FILE

_LONGEST_PROPERTY = 100
_PROPERTIES = compile_late(r"(?:[!&][^\s,]*\s+)+\Z")  # a password may begin as a tag or an anchor does
_COMMENT = compile_late(r"\s#.*\Z")


class _Hidden(NamedTuple):
    """A confidential place and its text; of a program's text a part may be shown, of a text of values what is plain."""

    mark: Mark
    text: str | None = None
    of_program: bool = False
    of_values: bool = False


def redact_lines(parsed: Parsed, services: Collection[str], plain: PlainValues = NOTHING_PLAIN) -> list[str]:
    """The lines of a file, redacted; `services` are the names of the Services of its units, which may be shown.

    Of values for other objects, `plain` says which are shown. An action of a template that only names a value is.
    """
    lines = _redact_file(parsed, services, plain)
    return [show_actions(line, written) for line, written in zip(lines, split_lines(parsed.text), strict=True)]


def _redact_file(parsed: Parsed, services: Collection[str], plain: PlainValues) -> list[str]:
    """The lines with every confidential place redacted."""
    lines = split_lines(parsed.text)
    if parsed.passed_over:
        parsed = parse(SourceFile(parsed.file, parsed.text.encode()))
    if not parsed.documents:  # nothing of it was parsed
        return redact_unparsed_lines(lines, secret=_holds_secret(lines), holds_object=False)
    starts = [placed.first_line for placed in parsed.documents]
    secret = False
    for placed, start, end in zip(parsed.documents, starts, [*starts[1:], len(lines)], strict=True):
        written = lines[start:end]
        of_values = _is_of_values(placed)
        shown = _Shown(services, plain, start, of_values)
        lines[start:end] = _redacted_document(written, placed.document, shown, after_secret=secret)
        secret = secret or _holds_secret(written)
    return [redact_credentials(line) for line in lines]


def _holds_secret(lines: list[str]) -> bool:
    return EMBEDDED_SECRET.search("\n".join(lines)) is not None


def _is_of_values(placed: PlacedDocument) -> bool:
    """Whether a document holds values for other objects, or may: what is no manifest and no file of a tool."""
    document = placed.document
    file = placed.file
    if (
        document.is_manifest
        or is_kustomization(file)
        or is_configuration(file)
        or posixpath.basename(file) == CHART_FILE
    ):
        return False
    root = as_written(document.root)
    if isinstance(root, Mapping):
        return not any(key.lower() in ("apiversion", "kind") for key in root)
    return root is None


class _Shown(NamedTuple):
    """What may be shown of a document: names of Services, and of values those that are plain.

    `start` is its first line in the file, `of_values` says that it holds nothing but values.
    """

    services: Collection[str]
    plain: PlainValues
    start: int
    of_values: bool

    def shows(self, mark: Mark, value: Value) -> bool:
        """Whether a value for other objects may be seen."""
        line, column, _ = unpack(mark)
        return self.plain.shows(Spot(self.start + line, column), value)

    def hides(self, mark: Mark) -> bool:
        """Whether a Secret takes its value from here."""
        line, column, _ = unpack(mark)
        return Spot(self.start + line, column) in self.plain.hidden

    def list_plain(self, first: int, end: int) -> Iterator[Mark]:
        """The texts in some lines that plain fields show."""
        for spot, end_column in self.plain.ends.items():
            if first <= spot.line - self.start < end:
                yield pack(spot.line - self.start, spot.column, end_column)


def _redacted_document(lines: list[str], document: Document, shown: _Shown, *, after_secret: bool) -> list[str]:
    """The lines of one document; what is no manifest and comes after a Secret may be the rest of it."""
    if after_secret and not document.is_manifest:
        return [redact(line) for line in lines]
    unseen = any("<<" in line or "{{" in line for line in lines)  # the tree lacks what is merged or follows an action
    is_damaged = document.root is None or bool(document.problems)
    if is_damaged or unseen:  # and what is defined twice
        lines = redact_unparsed_lines(lines, secret=_holds_secret(lines) or (is_damaged and shown.of_values))
    marks: set[Mark] = set()
    found = list(_find_hidden(document.root, marks, shown, is_loose=not document.is_manifest))
    if document.aliases:
        found += _find_anchored(document.root, {item.text for item in found if item.text})
    page = _Page(lines)
    _redact_items(page, found, dict(pairwise(sorted(marks))), shown)
    return page.written()


class _Context(NamedTuple):
    """Where a value stands: the steps to it, how deep below a confidential field, whether among values for other objects."""

    steps: Steps
    depth: int
    of_values: bool


def _find_hidden(root: Value, marks: set[Mark], shown: _Shown, *, is_loose: bool) -> Iterator[_Hidden]:
    """The confidential scalars and keys below `root`; `marks` takes the mark of every key, value and item.

    `is_loose` says that it is no manifest: of the values of a chart only the keys tell what goes into a Secret.
    """
    stack: list[tuple[Value, _Context]] = [(root, _Context((), 0, shown.of_values))]
    seen: set[tuple[int, bool]] = set()
    while stack:
        written, around = stack.pop()
        node = as_written(written)
        if not isinstance(node, Mapping | Sequence) or (id(node), around.depth > 0) in seen:
            continue
        seen.add((id(node), around.depth > 0))
        marks.update(node.marks)
        for step, value, mark in _list_children(node):
            hides = hides_value(node, step, around.steps) or (is_loose and names_secret(step))
            below = around.depth + 1 if around.depth or hides else 0
            of_values = around.of_values or (
                isinstance(node, Mapping) and isinstance(step, str) and holds_values(node, step)
            )
            here = _Context((*around.steps, step), below, of_values)
            yield from _hidden_here(node, step, value, mark, here, shown)
            stack.append((value, here))


def _hidden_here(
    node: Mapping | Sequence, step: str | int, value: Value, mark: Mark, here: _Context, shown: _Shown
) -> Iterator[_Hidden]:
    if isinstance(node, Mapping) and isinstance(step, str) and is_confidential_key(step, value, max(here.depth - 1, 0)):
        yield _Hidden(node.key_mark(step))
    text = value if isinstance(value, str) else None
    is_scalar = not isinstance(as_written(value), Mapping | Sequence)
    if here.depth and is_scalar:
        yield _Hidden(mark, text, is_program_text(here.steps))
    elif is_scalar and shown.hides(mark):
        yield _Hidden(mark, text)
    elif here.of_values and is_scalar:
        if not shown.shows(mark, value):
            yield _Hidden(mark, of_values=True)
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


def _redact_items(page: _Page, items: Iterable[_Hidden], following: dict[Mark, Mark], shown: _Shown) -> None:
    for item in items:
        line, column, end = unpack(item.mark)
        if line >= len(page.lines):
            continue
        page.replace(line, column, _mask_text(page.lines[line][column:end], item, shown.services))
        for found in _PROPERTIES.finditer(page.lines[line], max(column - _LONGEST_PROPERTY, 0), column):
            page.replace(line, found.start(), redact(found[0]))
        page.ends[line] = max(page.ends.get(line, 0), end)
        after = following.get(item.mark)
        next_line, next_column = unpack(after)[:2] if after is not None else (len(page.lines), 0)
        page.redact_between(line, next_line, next_column, keeps_keys=item.of_values)
        if item.of_values:
            page.restore(shown.list_plain(line + 1, next_line))
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

    def redact_between(self, line: int, next_line: int, next_column: int, *, keeps_keys: bool) -> None:
        """Redacts up to the next key or item: where a scalar of several lines ends, no mark says."""
        lines = self.lines[line + 1 : next_line]
        masked = redact_unparsed_lines(lines, secret=True) if keeps_keys else map(redact, lines)
        for number, text in enumerate(masked, line + 1):
            self.replace(number, 0, text)
        if line < next_line < len(self.lines):
            head = self.lines[next_line][:next_column]
            if head.strip(" -[{,?"):
                self.replace(next_line, 0, redact(head))

    def restore(self, marks: Iterable[Mark]) -> None:
        """Shows again what stands at some marks."""
        for mark in marks:
            line, column, end = unpack(mark)
            self.replace(line, column, self.lines[line][column:end])

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
