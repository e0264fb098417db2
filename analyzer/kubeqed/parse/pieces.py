"""The pieces of a text into documents: first as they are, and where that fails because of a template, with its actions masked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from kubeqed.late_pattern import compile_late
from kubeqed.parse.document import Document, Problem, ProblemKind
from kubeqed.parse.manifest import may_hold_manifest
from kubeqed.parse.notes import is_note
from kubeqed.parse.template.scan import YTT, holds_action, may_be_commented, may_hold, stands_for_lines
from kubeqed.parse.tree.mark import START, Mark, pack
from kubeqed.parse.tree.nodes import Value
from kubeqed.parse.tree.unknown import Unknown
from kubeqed.parse.yaml.anchors import RefusedError
from kubeqed.parse.yaml.composer import ComposedDocument, Composer
from kubeqed.parse.yaml.failure import PAST_THE_END, describe_failure
from kubeqed.parse.yaml.flow import Covers, mask_flow, may_be_covered
from kubeqed.parse.yaml.libyaml import Source
from kubeqed.parse.yaml.split import Piece, split, split_json

if TYPE_CHECKING:
    from kubeqed.parse.template.mask import MaskedText
    from kubeqed.parse.template.unmask import Unmasking

MAX_SIZE = 32 << 20  # characters of one document

_SURROGATES = compile_late(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


# `image: #IMAGE_TAG`, `port: #{PORT}#`, `port: #{port}` of Octopus Deploy and `port: ##PORT##`, which YAML takes for comments; `serviceName: db-1 # placeholder for 'db-<name>'`,
# and a value that is left out, with what to write there: `image: # add the name of your image here`.
_COMMENTED = compile_late(
    r"(?<=[:-] )#(?:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[A-Z][A-Z0-9_]*#|\{[A-Za-z][\w. -]*\}#?|#[A-Za-z]\w*##)[ \t]*\r?$|(?<=[^\s:] )# [Pp]laceholder\b"
    r"|(?<=:)[ \t]+#[ \t]*(?:(?i:add|enter|fill|insert|put|replace|specify|write)[ \t](?=.*\w)|(?i:your)[ \t]).*$"
)
# https://github.com/helm/helm/blob/main/pkg/action/action.go: `---`, a comment with the template, the document
_RENDERED = compile_late(r"(?P<start>---\n)?(?P<line># Source: (?P<template>[\w./+-]+))$", re.MULTILINE)


class _Outcome(NamedTuple):
    """What became of a piece: its trees, and what ended them early."""

    piece: Piece
    trees: list[ComposedDocument]
    problem: Problem | None
    loose: bool = False
    masked: bool = False

    @property
    def is_template(self) -> bool:
        """Whether the piece failed for what is still to be written: it holds an action, or a line that stands for more."""
        return self.problem is not None and (_holds_action(self.piece.text) or stands_for_lines(self.piece.text))


def parse_pieces(text: str, source: Source, file: str = "") -> Iterator[tuple[int, Document]]:
    """(first line, document) of everything in the text of a file that is not only blanks and comments."""
    outcomes = [outcome for piece in split(text) for outcome in _read_piece(piece, source)]
    text_mask = None
    if any(outcome.is_template for outcome in outcomes):
        from kubeqed.parse.template.mask import MaskedText

        stretches = [(piece.offset, piece.offset + len(piece.text)) for piece, *_ in filter(_is_template, outcomes)]
        text_mask = MaskedText(text, stretches)
        outcomes = [
            _read_masked(outcome, text_mask, source) if outcome.is_template else outcome for outcome in outcomes
        ]
    lost = any(outcome.problem for outcome in outcomes) and may_hold_manifest(text)
    for outcome in outcomes:
        documents = _make_documents(outcome, text_mask, file, lost=lost)
        yield from ((outcome.piece.first_line, document) for document in documents)


def parse_plain(text: str, source: Source) -> Document:
    """A text as YAML alone, in which no template and no placeholder is looked for; its first document."""
    outcome = _read_text(Piece(text, 0, 0), text, source, plain=True)
    if outcome.problem is not None:
        return Document(None, outcome.problem.mark, problems=(outcome.problem,), broken=True)
    if not outcome.trees:
        return Document(None, START)
    tree = outcome.trees[0]
    return Document(
        tree.root,
        tree.top,
        problems=tree.problems,
        aliases=tree.aliases,
        readings=tree.readings,
        literals=tree.literals,
    )


def _holds_action(text: str) -> bool:
    if not holds_action(text):
        return False
    from kubeqed.parse.template.action import find_actions

    return next(find_actions(text, 0, len(text)), None) is not None


def _is_template(outcome: _Outcome) -> bool:
    return outcome.is_template


def _read_piece(piece: Piece, source: Source) -> list[_Outcome]:
    """The piece as it is; texts of JSON that follow one another are taken apart when YAML refuses them."""
    outcome = _read_text(piece, piece.text, source)
    if outcome.problem is None or piece.text.lstrip()[:1] not in ("{", "[") or piece.text.lstrip()[:2] == "{{":
        return [outcome]
    if PAST_THE_END in outcome.problem.message:
        parts = split_json(piece)
        if all(part.text.lstrip()[:1] in ("{", "[") for part in parts):
            return [_read_text(part, part.text, source) for part in parts]
    if _SURROGATES.search(piece.text):  # JSON's spelling of a character beyond U+FFFF, which is no YAML
        return [_read_text(piece, _SURROGATES.sub(_join_surrogates, piece.text), source)]
    return [outcome]


def _join_surrogates(match: re.Match[str]) -> str:
    high, low = int(match[1], 16), int(match[2], 16)
    return f"\\U{0x10000 + ((high - 0xD800) << 10) + low - 0xDC00:08X}"


def _read_text(
    piece: Piece, text: str, source: Source, covers: Covers | None = None, *, plain: bool = False
) -> _Outcome:
    """The trees of a text; `plain` says that nothing in it is a placeholder."""
    trees: list[ComposedDocument] = []
    if len(text) > MAX_SIZE:
        return _Outcome(piece, trees, Problem(ProblemKind.NOT_READABLE, f"longer than {MAX_SIZE:,} characters", START))
    builder = Composer(text, source, covers)
    try:
        while (tree := builder.next_tree()) is not None:
            trees.append(tree)
    except (RefusedError, source.error) as error:
        if covers is None and may_be_covered("" if plain else text, error):
            covered, covers = mask_flow(text)
            return _read_text(piece, covered, source, covers)
        return _Outcome(piece, trees, describe_failure(text, builder.spans, error))
    return _Outcome(piece, trees, None)


def _read_masked(outcome: _Outcome, text_mask: MaskedText, source: Source) -> _Outcome:
    """The piece read with its actions masked, strictly or else loosely; as it was when neither is YAML."""
    from kubeqed.parse.template.branches import are_tangled

    def read(text: str, *, loose: bool) -> _Outcome:
        part = text[outcome.piece.offset : outcome.piece.offset + len(outcome.piece.text)]
        return _read_text(outcome.piece, part, source)._replace(loose=loose, masked=True)

    whole = read(text_mask.covered, loose=False)
    if text_mask.other_branches:
        first = read(text_mask.first_branches, loose=True)
        if first.problem is None and (
            whole.problem is not None or are_tangled(_list_placed(whole), _list_placed(first))
        ):
            return first
    if whole.problem is None:
        return whole
    blanked = read(text_mask.blanked, loose=True)
    return blanked if blanked.problem is None else outcome


def _list_placed(outcome: _Outcome) -> Iterator[tuple[Value, Mark]]:
    return ((tree.root, tree.top) for tree in outcome.trees)


def _make_documents(outcome: _Outcome, text_mask: MaskedText | None, file: str, *, lost: bool) -> Iterator[Document]:
    for tree in outcome.trees:
        if not tree.empty:
            yield _make_document(tree, outcome, text_mask, file)
    if outcome.is_template:
        yield Document(None, outcome.problem.mark if outcome.problem else 0, template=True)
    elif outcome.problem is not None:
        lost = lost and not is_note(outcome.piece.text)
        yield Document(None, outcome.problem.mark, problems=(outcome.problem,), broken=True, lost=lost)


def _make_document(tree: ComposedDocument, outcome: _Outcome, text_mask: MaskedText | None, file: str) -> Document:
    root, problems, placeholders = tree.root, tree.problems, tree.foreign
    piece = outcome.piece
    commented = _commented_values(piece.text) if may_be_commented(piece.text) else {}
    if text_mask is not None or may_hold(piece.text) or YTT in piece.text or commented:
        from kubeqed.parse.template.unmask import Unmasking
        from kubeqed.parse.template.ytt import read_annotations

        told = read_annotations(piece.text) if YTT in piece.text else None
        unmasking = Unmasking(
            file, piece.first_line, text_mask, told, commented, masked=outcome.masked, loose=outcome.loose
        )
        root = unmasking.root(root, tree.top)
        problems = tuple(_unmask_problem(one, text_mask) for one in problems if not _is_excused(one, unmasking))
        placeholders |= unmasking.placeholders
    if isinstance(root, Unknown):  # the whole document is written by a template, or has another program's tag
        return Document(None, tree.top, template=True)
    return Document(
        root,
        tree.top,
        problems=problems,
        placeholders=placeholders,
        aliases=tree.aliases,
        readings=tree.readings,
        literals=tree.literals,
        rendered=_find_template(piece.text),
    )


def _find_template(text: str) -> tuple[Mark, str] | None:
    """The place and the name of the template that Helm made a document of, as it writes above each."""
    match = _RENDERED.match(text)
    return match and (pack(1 if match["start"] else 0, 0, len(match["line"])), match["template"])


def _commented_values(text: str) -> dict[int, str]:
    """By line, the comment that says that the value before it, if there is one, is to be filled in."""
    found = {number: _COMMENTED.search(line) for number, line in enumerate(text.split("\n")) if may_be_commented(line)}
    return {number: match[0].strip() for number, match in found.items() if match}


def _is_excused(problem: Problem, unmasking: Unmasking) -> bool:
    """Whether a key counts as defined twice only because a template writes one of the two."""
    marks = [problem.mark, *(mark for mark, _ in problem.related)]
    return problem.kind == ProblemKind.KEY_TWICE and any(map(unmasking.conditional, marks))


def _unmask_problem(problem: Problem, text_mask: MaskedText | None) -> Problem:
    if text_mask is None:
        return problem
    return problem._replace(message=text_mask.unmask(problem.message), path=text_mask.unmask(problem.path))
