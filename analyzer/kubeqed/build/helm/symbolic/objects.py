"""Objects of a chart at any values: what the network depends on, as terms under conditions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from kubeqed.build.gotemplate.origin import Origin
from kubeqed.build.gotemplate.values import TooLargeError
from kubeqed.build.helm.symbolic.blocks import (
    Block,
    BlockEntry,
    BlockReader,
    ListBlock,
    MapBlock,
    ReadLine,
    ScalarBlock,
    read_line,
)
from kubeqed.build.helm.symbolic.chart import LeftFile, PrintedRope, SymbolicChart
from kubeqed.build.helm.symbolic.conditions import FALSE, TRUE, Condition
from kubeqed.build.helm.symbolic.lines import GuardedLine, LineCutter, Loops
from kubeqed.build.helm.symbolic.spreads import Spread, bare_scalar
from kubeqed.build.helm.symbolic.state import NotFollowedError
from kubeqed.build.helm.symbolic.terms import UNTOLD, SymbolicTerm, TermTable

_HOOK = "helm.sh/hook"  # whose objects come and go


class ObjectPart(NamedTuple):
    """A value inside of an object, and where and when it is there."""

    condition: Condition
    loops: Loops
    block: Block
    origin: Origin | None


class GuardedLabels(NamedTuple):
    """Labels or a selector; what is spread into it nobody sees, and it is not known at all if it is not `is_known`."""

    entries: list[tuple[Condition, Loops, Any, Any]]
    spreads: list[Spread]
    is_known: bool


class GuardedObject:
    """An object, the condition under which it is there, and the loops that print it; `file` is its template."""

    def __init__(self, table: TermTable, file: str, block: MapBlock, kind: BlockEntry, kind_name: str) -> None:
        self._table = table
        self.file = file
        self.block = block
        self.kind = kind_name
        self.condition = kind.condition
        self.loops = kind.loops
        self.origin = kind.origin
        self.name = self.scalar("metadata", "name")
        self.namespace = self.scalar("metadata", "namespace")

    def parts(self, *path: str) -> list[ObjectPart]:
        """What stands at a path; `*` goes into each item of a list."""
        found = [ObjectPart(self.condition, self.loops, self.block, self.origin)]
        for key in path:
            found = [inner for one in found for inner in self.inside(one, key)]
        return found

    def inside(self, part: ObjectPart, key: str) -> Iterator[ObjectPart]:
        """What stands under a key of a part, or its items for `*`."""
        block = part.block
        entries = block.entries if isinstance(block, ListBlock if key == "*" else MapBlock) else []
        for one in entries:
            if key in ("*", one.key):
                condition = self._table.conditions.both(part.condition, one.condition)
                if condition != FALSE:
                    loops = tuple(dict.fromkeys((*part.loops, *one.loops)))
                    yield ObjectPart(condition, loops, one.value, one.origin or part.origin)

    def scalar(self, *path: str) -> Any:
        """The scalar at a path, None where there is none, a term of its own where that is not known."""
        return self.scalar_of(ObjectPart(self.condition, self.loops, self.block, self.origin), *path)

    def scalar_of(self, part: ObjectPart, *path: str) -> Any:
        """The scalar at a path below a part: one of several by their conditions."""
        found: Any = None
        parts = [part]
        for key in path:
            if any(self.is_open(one) for one in parts):
                found = self._make_unknown(".".join(path))
            parts = [inner for one in parts for inner in self.inside(one, key)]
        for one in parts:
            value = bare_scalar(self._table, one.block.value) if isinstance(one.block, ScalarBlock) else UNTOLD
            if value is UNTOLD or not set(one.loops) <= set(part.loops):
                value = self._make_unknown(".".join(path))
            found = self._table.choose(one.condition, value, found)
        return found

    def _make_unknown(self, what: str) -> SymbolicTerm:
        """A term of which nothing is known."""
        return self._table.unknown(f"{what} of {self.file}")

    @staticmethod
    def is_open(part: ObjectPart) -> bool:
        """Whether a part may hold entries that nobody sees."""
        block = part.block
        if isinstance(block, MapBlock | ListBlock):
            return bool(block.spreads)
        return not isinstance(block, ScalarBlock) or isinstance(block.value, SymbolicTerm)

    def labels(self, *path: str) -> GuardedLabels:
        """The labels at a path."""
        found = GuardedLabels([], [], is_known=True)
        parts = [ObjectPart(self.condition, self.loops, self.block, self.origin)]
        for key in path:
            if any(self.is_open(one) for one in parts):
                found = found._replace(is_known=False)
            parts = [inner for one in parts for inner in self.inside(one, key)]
        for one in parts:
            if not isinstance(one.block, MapBlock):
                is_empty = isinstance(one.block, ScalarBlock) and one.block.value is None
                found = found if is_empty else found._replace(is_known=False)
                continue
            found.spreads.extend(
                Spread(self._both_hold(one, each), each.loops, each.term) for each in one.block.spreads
            )
            for each in one.block.entries:
                value = bare_scalar(self._table, each.value.value) if isinstance(each.value, ScalarBlock) else UNTOLD
                found.entries.append((self._both_hold(one, each), (*one.loops, *each.loops), each.key, value))
        return found

    def _both_hold(self, part: ObjectPart, inner: BlockEntry | Spread) -> Condition:
        """Under which condition something is there that stands in a part."""
        return self._table.conditions.both(part.condition, inner.condition)


class GuardedObjects:
    """All objects of a chart that could be read, and what was left out."""

    def __init__(self, chart: SymbolicChart) -> None:
        self.table = chart.state.terms
        self.objects: list[GuardedObject] = []
        self.left: list[LeftFile] = list(chart.left)
        for one in chart.printed:
            try:
                self._add_file(one)
            except TooLargeError as error:
                self.left.append(LeftFile(one.name, error.reason))
            except RecursionError:
                self.left.append(LeftFile(one.name, "it is nested too deeply"))

    def _add_file(self, printed: PrintedRope) -> None:
        """Adds the objects of a file."""
        lines = LineCutter(self.table).cut(printed.rope, printed.condition)
        for document in list(
            self._split_documents(lines)
        ):  # nothing is known of a file whose documents are not told apart
            try:
                self._add_document(printed.name, document)
            except NotFollowedError as error:
                self.left.append(LeftFile(printed.name, error.reason))

    def _split_documents(self, lines: list[GuardedLine]) -> Iterator[list[ReadLine]]:
        """The lines of each document; where two documents are there, what is between them has to be there."""
        conditions = self.table.conditions
        document: list[ReadLine] = []
        before, gap = FALSE, TRUE
        for line in lines:
            if _is_separator(line):
                if document:
                    yield document
                    before = conditions.either(before, *(one.line.condition for one in document))
                    gap, document = FALSE, []
                gap = conditions.either(gap, line.condition)
            elif (read := read_line(line)) is not None:
                if not conditions.implies(conditions.both(before, line.condition), gap):
                    raise NotFollowedError("two documents are not always apart")
                document.append(read)
        if document:
            yield document

    def _add_document(self, file: str, lines: list[ReadLine]) -> None:
        """Adds the objects of a document, one for each kind that it may be of."""
        block = BlockReader(self.table).read(lines)
        if not isinstance(block, MapBlock):
            return
        for entry in block.entries:
            if entry.key == "kind" and isinstance(entry.value, ScalarBlock):
                for condition, name in self._list_kinds(entry.value.value, entry.condition):
                    made = GuardedObject(self.table, file, block, entry._replace(condition=condition), name)
                    if not made.parts("metadata", "annotations", _HOOK):
                        self.objects.append(made)

    def _list_kinds(self, value: Any, condition: Condition) -> Iterator[tuple[Condition, str]]:
        """The kinds that a value may name."""
        bare = bare_scalar(self.table, value)
        if isinstance(bare, str):
            yield condition, bare
        elif isinstance(bare, SymbolicTerm) and bare.kind == "choice":
            holds, first, second = bare.parts
            conditions = self.table.conditions
            yield from self._list_kinds(first, conditions.both(condition, holds))
            yield from self._list_kinds(second, conditions.both(condition, conditions.negate(holds)))


def _is_separator(line: GuardedLine) -> bool:
    """Whether a line begins another document."""
    first = line.parts[0]
    return isinstance(first, str) and first.startswith("---") and (len(first) == 3 or first[3:4].isspace())
