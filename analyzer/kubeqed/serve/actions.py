"""What an editor offers at a finding: the edit that settles it, where there is only one, and a comment that accepts it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsprotocol import types

from kubeqed.diagnostic import Diagnostic, Span
from kubeqed.parse import comments_of, parse
from kubeqed.serve.columns import Columns
from kubeqed.sources import SourceFile


class Actions:
    """The actions in one file; `lines` are its lines, as the client shows them."""

    def __init__(self, path: str, uri: str, lines: Sequence[str], columns: Columns) -> None:
        self._path = path
        self._uri = uri
        self._lines = lines
        self._columns = columns

    def at(self, finding: Diagnostic, shown: types.Diagnostic) -> Iterator[types.CodeAction]:
        """What can be done about a finding; `shown` is how the client knows it."""
        edit = finding.edit
        if edit is not None and self._stands_here(edit.span):
            title = f"Replace {self._text_at(edit.span)} by {edit.text}"
            yield self._make_action(
                title, shown, types.TextEdit(self._make_range(edit.span), edit.text), preferred=True
            )
        comment = self._make_comment(finding)
        if comment is not None:
            yield self._make_action(f"Ignore {finding.rule} here (say why behind it)", shown, comment)

    def _stands_here(self, span: Span) -> bool:
        """Whether the text to be replaced is this file's own; what `<<` brings stands elsewhere."""
        inside = span.file == self._path and 0 < span.line <= len(self._lines)
        return inside and self._text_at(span) not in ("", "<<")

    def _make_comment(self, finding: Diagnostic) -> types.TextEdit | None:
        """A comment above the finding's line; None where the text leaves no room for one."""
        number = finding.span.line - 1
        if self._path.endswith(".json") or number >= len(self._lines):
            return None
        line = self._lines[number]
        text = f"{line[: len(line) - len(line.lstrip())]}# kubeqed: ignore[{finding.rule}] "
        changed = "\n".join((*self._lines[:number], text, *self._lines[number:]))
        parsed = parse(SourceFile(self._path, changed.encode("utf-8", "replace")))
        if not any(comment.line == number for comment in comments_of(parsed)):  # the line begins inside a text
            return None
        start = types.Position(number, 0)
        return types.TextEdit(types.Range(start, start), f"{text}\n")

    def _make_action(
        self, title: str, shown: types.Diagnostic, edit: types.TextEdit, *, preferred: bool = False
    ) -> types.CodeAction:
        return types.CodeAction(
            title=title,
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[shown],
            edit=types.WorkspaceEdit(changes={self._uri: [edit]}),
            is_preferred=preferred or None,
        )

    def _text_at(self, span: Span) -> str:
        return self._lines[span.line - 1][span.column - 1 : span.end_column - 1]

    def _make_range(self, span: Span) -> types.Range:
        return self._columns.range(span, self._lines)


def is_wanted(only: Sequence[types.CodeActionKind | str] | None) -> bool:
    """Whether the client wants quick fixes; a kind includes those below it."""
    return only is None or any(str(getattr(kind, "value", kind)) in ("", "quickfix") for kind in only)


def overlaps_range(one: types.Range, other: types.Range) -> bool:
    """Whether two ranges have a place in common, their ends included."""
    return _rank_position(one.start) <= _rank_position(other.end) and _rank_position(other.start) <= _rank_position(
        one.end
    )


def _rank_position(position: types.Position) -> tuple[int, int]:
    return position.line, position.character
