"""A file's bytes into its documents."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from kubeqed.parse.document import Document, PlacedDocument
from kubeqed.parse.manifest import may_hold_manifest, may_hold_object
from kubeqed.parse.pause import collector_paused
from kubeqed.parse.pieces import parse_pieces, parse_plain
from kubeqed.parse.yaml.decode import decode
from kubeqed.parse.yaml.libyaml import event_source
from kubeqed.sources import SourceFile

if TYPE_CHECKING:
    from kubeqed.parse.yaml.comments import Comment


class Parsed(NamedTuple):
    """A file as parsed: its text without byte order mark, and its documents in order.

    `passed_over` says that no object can stand in it, so that its documents were not looked at.
    """

    file: str
    text: str
    documents: tuple[PlacedDocument, ...]
    passed_over: bool = False


_source = cache(event_source)


def parse(source: SourceFile, *, objects_only: bool = False) -> Parsed:
    """The documents of a file or stream; what is wrong with them is among their `problems`. Never raises for any bytes.

    With `objects_only`, a text in which no object can stand is passed over.
    """
    text, problem = decode(source.content)
    if objects_only and not may_hold_object(text):
        return Parsed(source.path, text, (), passed_over=True)
    if problem is not None:
        document = Document(None, problem.mark, problems=(problem,), broken=True, lost=may_hold_manifest(text))
        return Parsed(source.path, text, (PlacedDocument(source.path, 0, document),))
    with collector_paused():
        placed = tuple(
            PlacedDocument(source.path, line, document) for line, document in parse_pieces(text, _source(), source.path)
        )
    return Parsed(source.path, text, placed)


def parse_written(text: str) -> Document:
    """The first document of a text that a tool wrote: whatever looks like a placeholder is text."""
    return parse_plain(text, _source())


def comments_of(parsed: Parsed, *, in_blocks: bool = False) -> tuple[Comment, ...]:
    """The comments of a file that speak to kubeqed, in order; `in_blocks` says that literal blocks hold YAML."""
    from kubeqed.parse.yaml.comments import find_comments  # few files hold one

    return tuple(find_comments(parsed.text, _source(), in_blocks=in_blocks))
