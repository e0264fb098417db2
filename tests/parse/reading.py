"""What the tests of parse share: text in, documents and the pieces of text under their marks out."""

from __future__ import annotations

from kubeqed.parse import Document, Mapping, Mark, Parsed, Sequence, Unknown, Value, locate, parse
from kubeqed.parse.tree.lines import split_lines
from kubeqed.parse.tree.mark import unpack
from kubeqed.rule.reasons import RULE_OF_PROBLEM
from kubeqed.sources import SourceFile


def read(content: str | bytes) -> Parsed:
    return parse(SourceFile("x.yaml", content if isinstance(content, bytes) else content.encode()))


def documents(content: str | bytes) -> list[Document]:
    return [placed.document for placed in read(content).documents]


def document(content: str | bytes) -> Document:
    (only,) = documents(content)
    return only


def root(content: str | bytes) -> Value:
    found = document(content)
    assert not found.problems
    return found.root


def under(content: str, mark: Mark, first_line: int = 0) -> str:
    """The text that a mark covers."""
    line, column, end_column = unpack(mark)
    return split_lines(content)[line + first_line][column:end_column]


def spanned(content: str, path: str) -> str:
    """The text that the mark of a path covers."""
    found = document(content)
    mark, exists = locate(found.root, path, found.top)
    assert exists, path
    return under(content, mark)


def plain(value: Value) -> object:
    """The tree as ordinary Python, unknowns as `("unknown", text)`."""
    if isinstance(value, Unknown):
        return ("unknown", value.text)
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, Sequence):
        return [plain(inner) for inner in value]
    return value


def messages(content: str | bytes) -> list[tuple[str, str, int, int]]:
    """(rule, message, line, column) of every problem, lines and columns from 1 in the file."""
    return [
        (RULE_OF_PROBLEM[problem.kind], problem.message, (span := placed.placed(problem.mark).span).line, span.column)
        for placed in read(content).documents
        for problem in placed.document.problems
    ]
