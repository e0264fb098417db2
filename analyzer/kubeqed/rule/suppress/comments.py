"""`# kubeqed: ignore[rule-id, rule-id] reason`, on the line of a finding or alone above it.

What was built has several lines: where the value was set, what it replaced, the entries of kustomizations that took it in.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kubeqed.diagnostic import Diagnostic, Suppression
from kubeqed.model.file_names import is_kustomization
from kubeqed.parse import Parsed, Place, PlacedDocument, comments_of, pack
from kubeqed.parse.yaml.comments import Comment
from kubeqed.rule.finding import Finding
from kubeqed.rule.suppress.suppression import IN_SOURCE, UNUSED, RunFacts, StatedSuppression, complain, quote_ids

_IGNORE = re.compile(r"ignore[ \t]*\[([^\]]*)\][ \t:-]*(.*)")
_MEANT = re.compile(r"(?:ignore|disable|suppress|skip|allow|noqa|off)\b|[\w-]+[ \t]*\[")  # the rest is prose
_SAID = "the comment"


class _Strange(NamedTuple):
    """A comment that speaks to kubeqed and cannot be understood."""

    file: str
    comment: Comment


class CommentSource:
    """The comments of all files. Those of a document that cannot be read are left alone: it was not judged."""

    def __init__(self, parsed: Iterable[Parsed]) -> None:
        self._stated: defaultdict[tuple[str, int], list[StatedSuppression]] = defaultdict(list)
        self._strange: list[_Strange] = []
        self._found: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        for file in parsed:
            for comment in comments_of(file, in_blocks=is_kustomization(file.file)):  # where patches stand
                if not _is_broken(file.documents, comment.line):
                    self._add_comment(file.file, comment)

    def _add_comment(self, file: str, comment: Comment) -> None:
        match = _IGNORE.match(comment.text)
        if match is None or not match[1].strip(" ,"):
            if _MEANT.match(comment.text):
                self._strange.append(_Strange(file, comment))
            return
        named = {
            name: Place(file, 0, pack(comment.line, column, column + len(name)))
            for name, column in quote_ids(match[1], comment.text_column + match.start(1))
        }
        suppression = Suppression(IN_SOURCE, match[2].strip())
        self._stated[file, comment.covers + 1].append(
            StatedSuppression(_locate_comment(file, comment), _SAID, named, suppression)
        )

    def find_suppression(self, finding: Diagnostic) -> Suppression | None:
        """What excuses a finding, by its line or one that it came through."""
        spans = [finding.span, *(related.span for related in finding.related if related.on_the_way)]
        if self._strange:
            self._found[finding.span.file, finding.span.line].append(finding.rule)
        stated = (one for span in spans for one in self._stated.get((span.file, span.line), ()))
        excuses = [one.suppression for one in stated if one.covers(finding.rule)]
        return excuses[0] if excuses else None

    def complaints(self, facts: RunFacts) -> Iterator[tuple[str, Finding]]:
        """Comments that are not understood, name unknown rules, give no reason, or are not needed."""
        yield from ((UNUSED, self._not_understood(strange)) for strange in self._strange)
        for (file, _), stated in self._stated.items():
            for one in stated:
                yield from complain(one, facts, read=file in facts.files)

    def _not_understood(self, strange: _Strange) -> Finding:
        file, comment = strange
        word = re.match(r"[\w-]*", comment.text)
        why = "names no rule" if word and word[0] == "ignore" else f'says "{comment.text}", which means nothing'
        rules = ", ".join(sorted(set(self._found.get((file, comment.covers + 1), ())))) or "rule-id"
        return Finding(
            _locate_comment(file, comment),
            f"{_SAID} {why}, so it suppresses nothing",
            suggestion=f"# kubeqed: ignore[{rules}] reason",
        )


def _locate_comment(file: str, comment: Comment) -> Place:
    return Place(file, 0, pack(comment.line, comment.column, comment.text_column + len(comment.text)))


def _is_broken(documents: Iterable[PlacedDocument], line: int) -> bool:
    """Whether the document around a line could not be read."""
    around = [placed.document for placed in documents if placed.first_line <= line]
    return bool(around) and (around[-1].broken or around[-1].template)
