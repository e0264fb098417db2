"""Which values of a chart its templates read: those that nothing reads, and those that nothing defines.

A path is read where a template names it; all below it is read where its map or list goes anywhere as a whole (`toYaml`, `range`,
a helper). What is reached in a way that is not followed counts by its name alone, so that a doubt is always for the chart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kubeqed.build.gotemplate.nodes import (
    ActionNode,
    BranchNode,
    ChainNode,
    ConstantNode,
    DotNode,
    FieldNode,
    IdentifierNode,
    PipeNode,
    Statement,
    SyntaxNode,
    TemplateNode,
    VariableNode,
)
from kubeqed.build.gotemplate.origin import TemplateSource
from kubeqed.build.helm.chart import ParsedTemplate
from kubeqed.parse import Place

_VALUES, _METHOD = "Values", "AsMap"
_WORD = re.compile(r"[\w-]+")
_ASKING = frozenset(
    "default coalesce required empty hasKey ternary and or not eq ne get dig kindIs kindOf typeOf typeIs fail isset".split()
)

Path = tuple[str, ...]


class ValueRead(NamedTuple):
    """A value that a template names: its path, where, and whether the template asks first if it is there."""

    path: Path
    place: Place
    is_asked: bool


class _AskedPaths:
    """The paths that the branches around ask, of which there may be thousands."""

    def __init__(self) -> None:
        self._paths: list[Path] = []
        self._whole: Counter[Path] = Counter()
        self._above: Counter[Path] = Counter()

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._paths)

    def add(self, paths: Iterable[Path]) -> None:
        """Adds what one more branch asks."""
        for path in paths:
            self._paths.append(path)
            self._whole[path] += 1
            self._above.update(path[:end] for end in range(len(path)))

    def cut(self, count: int) -> None:
        """Takes away all but the first."""
        for path in self._paths[count:]:
            self._whole[path] -= 1
            self._above.subtract(path[:end] for end in range(len(path)))
        del self._paths[count:]

    def concerns(self, path: Path) -> bool:
        """Whether one of them is a path, or leads to it, or stands below it."""
        return self._above[path] > 0 or any(self._whole[path[:end]] > 0 for end in range(len(path) + 1))


class ValueUses:
    """What the templates of a chart read: `reads` by name, `whole` the paths that go anywhere as a whole, `words` the names that
    stand where a path is not followed.
    """

    def __init__(self) -> None:
        self.reads: list[ValueRead] = []
        self.whole: set[Path] = set()
        self.words: set[str] = set()
        self._variables: list[tuple[str, Path | None]] = []
        self._asked = _AskedPaths()
        self._source = TemplateSource("", "", "")

    def add_template(self, parsed: ParsedTemplate) -> None:
        """Adds what a file reads."""
        self._source = parsed.source
        for one in parsed.definitions:
            self._variables = []
            self._read_statements(one.body, None)

    def add_text(self, text: str) -> None:
        """Adds the names of a text that may be executed as a template, or that may be read by name."""
        self.words.update(_WORD.findall(text))

    def _read_statements(self, nodes: list[Statement], dot: Path | None) -> None:
        """Reads statements; `dot` is the path that it stands for, None for the root of the chart and what is not known."""
        mark = len(self._variables)
        for node in nodes:
            if isinstance(node, ActionNode):
                self._read_pipe(node.pipe, dot, is_alone=bool(node.pipe.variables))
            elif isinstance(node, TemplateNode) and node.pipe is not None:
                self._read_pipe(node.pipe, dot)
            elif isinstance(node, BranchNode):
                self._read_branch(node, dot)
        del self._variables[mark:]

    def _read_branch(self, node: BranchNode, dot: Path | None) -> None:
        """Reads a branch: what it asks is asked in its body."""
        mark, asked = len(self._variables), self._asked.count
        before = len(self.reads)
        self._read_pipe(
            node.pipe, dot, is_alone=node.keyword != "range", is_asked=True, is_loop=node.keyword == "range"
        )
        self._asked.add(read.path for read in self.reads[before:])
        value = self._path_of_pipe(node.pipe, dot)
        self._read_statements(node.body, dot if node.keyword == "if" else value if node.keyword == "with" else None)
        self._read_statements(node.otherwise, dot)
        del self._variables[mark:]
        self._asked.cut(asked)

    def _read_pipe(
        self, pipe: PipeNode, dot: Path | None, *, is_alone: bool = False, is_asked: bool = False, is_loop: bool = False
    ) -> None:
        """Reads a pipeline; `is_alone` says that a value alone in it goes nowhere as a whole."""
        names = {one.name for one in _list_identifiers(pipe)}
        asks = is_asked or not names.isdisjoint(_ASKING)
        is_single = is_alone and len(pipe.commands) == 1 and len(pipe.commands[0].arguments) == 1
        is_whole = is_loop or not (is_single or (is_asked and not names - _LOGIC))
        for node in _list_operands(pipe):
            self._read_operand(node, dot, asks=asks, is_whole=is_whole)
        if pipe.variables:
            path = self._path_of_pipe(pipe, dot)
            if path is None:
                self.whole.update(self._list_roots(pipe, dot))
            self._variables += ((name, path) for name in pipe.variables)

    def _list_roots(self, pipe: PipeNode, dot: Path | None) -> Iterator[Path]:
        """The paths that a pipeline names."""
        return (path for node in _list_operands(pipe) if (path := self._find_path(node, dot)) is not None)

    def _read_operand(self, node: SyntaxNode, dot: Path | None, *, asks: bool, is_whole: bool) -> None:
        """Reads an operand."""
        if isinstance(node, ConstantNode) and isinstance(node.value, str):
            self.add_text(node.value)
        path = self._find_path(node, dot)
        if path is None:
            self.words.update(getattr(node, "names", ()))
            return
        is_asked = asks or self._asked.concerns(path)
        self.reads.append(ValueRead(path, self._source.place(node.offset, node.end - node.offset), is_asked))
        if is_whole:
            self.whole.add(path)

    def _path_of_pipe(self, pipe: PipeNode, dot: Path | None) -> Path | None:
        """The path that a pipeline stands for, None where it is not followed."""
        if len(pipe.commands) != 1 or len(pipe.commands[0].arguments) != 1:
            return None
        node = pipe.commands[0].arguments[0]
        return self._path_of_pipe(node, dot) if isinstance(node, PipeNode) else self._find_path(node, dot)

    def _find_path(self, node: SyntaxNode, dot: Path | None) -> Path | None:
        """The path in the values that an operand names."""
        names: Path = getattr(node, "names", ())
        if _VALUES in names:
            path = names[len(names) - names[::-1].index(_VALUES) :]
            return path[1:] if path[:1] == (_METHOD,) else path
        if isinstance(node, DotNode | FieldNode):
            return None if dot is None else (*dot, *names)
        if isinstance(node, VariableNode):
            known = next((path for name, path in reversed(self._variables) if name == node.name), None)
            return None if known is None else (*known, *names)
        return None


_LOGIC = frozenset(("and", "or", "not", "eq", "ne"))


def _list_identifiers(pipe: PipeNode) -> Iterator[IdentifierNode]:
    """The functions that a pipeline calls."""
    return (node for node in _list_operands(pipe) if isinstance(node, IdentifierNode))


def _list_operands(pipe: PipeNode) -> Iterator[SyntaxNode]:
    """The operands of a pipeline, those in parentheses too."""
    for command in pipe.commands:
        for one in command.arguments:
            of = one.of if isinstance(one, ChainNode) else one
            if isinstance(of, PipeNode):
                yield from _list_operands(of)
            if not isinstance(one, PipeNode):
                yield one
