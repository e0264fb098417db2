"""What libyaml or the builder says against a text, as a problem with a place."""

from __future__ import annotations

import re

from kubeqed.parse.document import Problem, ProblemKind
from kubeqed.parse.tree.lines import find_position, position_corrector
from kubeqed.parse.tree.mark import Mark
from kubeqed.parse.yaml.anchors import RefusedError
from kubeqed.parse.yaml.spans import Spans

_FORBIDDEN = (
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # compiled when needed: that takes 4 ms
)
PAST_THE_END = "the document ends above this, and Kubernetes reads nothing of what follows"


def describe_failure(text: str, spans: Spans, error: Exception) -> Problem:
    """The `parse-error` of a text that `error` stopped."""
    if isinstance(error, RefusedError):
        return Problem(ProblemKind.NOT_READABLE, str(error), error.mark)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return _make_character_problem(text, spans, error)
    point = position_corrector(text)(mark)
    message = " ".join(filter(None, [getattr(error, "problem", ""), getattr(error, "context", "")]))
    place = spans.nearest(point.line, point.column)
    if "cannot start any token" in message and spans.line(point.line)[point.column : point.column + 1] == "\t":
        message = "a tab stands where YAML allows only spaces"
    if "<document start>" in message:
        message = PAST_THE_END
    return Problem(ProblemKind.NOT_READABLE, f"not YAML: {message}", place)


def _make_character_problem(text: str, spans: Spans, error: Exception) -> Problem:
    """The problem of a character that YAML does not allow."""
    found = re.search(_FORBIDDEN, text)
    if found is None:
        return Problem(ProblemKind.NOT_READABLE, f"not YAML: {error}".splitlines()[0], spans.nearest(0, 0))
    mark: Mark = spans.nearest(*find_position(text, found.start()))
    return Problem(
        ProblemKind.NOT_READABLE, f"not YAML: the control character U+{ord(found[0]):04X} is not allowed", mark
    )
