"""Go's text/template, as far as ApplicationSets go: values, pipes, variables, if, range and with.

What names a value that is not known keeps its own text, so that the rest of a text is still told. Whatever is beyond
this (`define`, most functions of sprig) raises an UnbuiltError with the text that asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from kubeqed.build.gitops.argo.template.go_expression import TemplateScope, parse_action, shown
from kubeqed.build.gitops.argo.template.go_functions import UnknownValueError, is_true, known, value_at
from kubeqed.build.gotemplate.printing import print_value
from kubeqed.build.refusal import UnbuiltError

_ACTION = re.compile(
    r"\{\{(?P<left>-(?=\s))?(?P<inside>(?:\"(?:\\.|[^\"\\])*\"|`[^`]*`|/\*.*?\*/|.)*?)(?P<right>(?<=\s)-)?\}\}",
    re.DOTALL,
)
_KEYWORDS = ("if", "else", "end", "range", "with")
_MOST_STEPS = 100_000  # of all loops of one text
_LONGEST = 10_000_000  # of what one text prints


class Rendered(NamedTuple):
    """A rendered text; `is_unknown` says that parts of it are still as they are written."""

    text: str
    is_unknown: bool


class TextOrAction(NamedTuple):
    """A text, or an action with its source."""

    text: str
    action: str | None = None


class ControlBlock(NamedTuple):
    """`if`, `range` or `with`: its pieces, and those of each `else` behind it."""

    keyword: str
    condition: str
    source: str
    body: list[TextOrAction | ControlBlock]
    otherwise: list[TextOrAction | ControlBlock]


def render_go_template(text: str, values: Any, *, strict: bool) -> Rendered:
    """A text with values put in; `strict` is the option `missingkey=error`.

    An UnbuiltError for what Go would refuse, and for what is not done here.
    """
    if "{{" not in text:
        return Rendered(text, is_unknown=False)
    pieces = list(_pieces(text))
    rendering = _Rendering(text)
    try:
        nodes, rest = _nest(pieces, 0)
        if rest < len(pieces):
            raise UnbuiltError(f"unexpected {{{{{pieces[rest].action}}}}} in {shown(text)}")
        made = rendering.render(nodes, TemplateScope(values, strict=strict))
    except UnknownValueError:
        return Rendered(text, is_unknown=True)
    except RecursionError:
        raise UnbuiltError(f"{shown(text)}, which is nested too deeply") from None
    return Rendered(made, rendering.is_unknown)


def _pieces(text: str) -> Iterator[TextOrAction]:
    """Texts and actions in turn, the blanks that an action trims left out."""
    start, trims = 0, False
    for match in _ACTION.finditer(text):
        between = text[start : match.start()]
        between = between.lstrip() if trims else between
        yield TextOrAction(between.rstrip() if match["left"] else between)
        if not match["inside"].strip().startswith("/*"):
            yield TextOrAction(match[0], match["inside"].strip())
        start, trims = match.end(), match["right"] is not None
    if "{{" in text[start:]:
        raise UnbuiltError(f"unclosed action in {shown(text)}")
    yield TextOrAction(text[start:].lstrip() if trims else text[start:])


def _nest(pieces: list[TextOrAction], start: int) -> tuple[list[TextOrAction | ControlBlock], int]:
    """The nodes from a piece on, and where the block that they are in is ended or has its `else`."""
    nodes: list[TextOrAction | ControlBlock] = []
    while start < len(pieces):
        piece = pieces[start]
        keyword = _keyword(piece)
        if keyword in ("else", "end"):
            break
        start += 1
        if keyword:
            block, start = _block(pieces, start, keyword, piece)
            nodes.append(block)
        else:
            nodes.append(piece)
    return nodes, start


def _block(pieces: list[TextOrAction], start: int, keyword: str, opening: TextOrAction) -> tuple[ControlBlock, int]:
    condition = (opening.action or "").removeprefix("else").strip().removeprefix(keyword).strip()
    body, start = _nest(pieces, start)
    if start >= len(pieces):
        raise UnbuiltError(f"unexpected EOF after {opening.text}")
    otherwise: list[TextOrAction | ControlBlock] = []
    closing = pieces[start]
    if _keyword(closing) == "else":
        more = (closing.action or "").removeprefix("else").strip().partition(" ")[0]
        if more:
            inner, start = _block(pieces, start + 1, more, closing)
            return ControlBlock(keyword, condition, opening.text, body, [inner]), start
        otherwise, start = _nest(pieces, start + 1)
        if start >= len(pieces) or _keyword(pieces[start]) != "end":
            raise UnbuiltError(f"unexpected EOF after {closing.text}")
    return ControlBlock(keyword, condition, opening.text, body, otherwise), start + 1


def _keyword(piece: TextOrAction) -> str:
    word = re.match(r"\w*", piece.action or "")
    return word[0] if word is not None and word[0] in _KEYWORDS else ""


class _Rendering:
    """One text while it is rendered."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._steps = 0
        self._printed = 0
        self.is_unknown = False

    def render(self, nodes: list[TextOrAction | ControlBlock], scope: TemplateScope) -> str:
        """What some nodes print."""
        self._steps += 1 + len(nodes)
        if self._steps > _MOST_STEPS:
            raise UnbuiltError(f"{shown(self._text)}, which takes too many steps")
        return "".join(
            self._block(node, scope) if isinstance(node, ControlBlock) else self._piece(node, scope) for node in nodes
        )

    def _piece(self, piece: TextOrAction, scope: TemplateScope) -> str:
        if piece.action is None:
            return piece.text
        parsed = parse_action(piece.action, piece.text)
        try:
            value = known(parsed.value(scope))
        except UnknownValueError:
            if parsed.variables:
                raise
            self.is_unknown = True
            return piece.text
        if not parsed.variables:
            text = print_value(value)
            self._printed += len(text)
            if self._printed > _LONGEST:
                raise UnbuiltError(f"{shown(self._text)}, which makes too long a text")
            return text
        scope.set(parsed.variables[0], value, declares=parsed.declares)
        return ""

    def _block(self, block: ControlBlock, scope: TemplateScope) -> str:
        parsed = parse_action(block.condition, block.source)
        value = known(parsed.value(scope))
        if not is_true(value):
            return self.render(block.otherwise, scope)
        names = parsed.variables
        if block.keyword == "range":
            each = [(item, (key, item)[2 - len(names) :]) for key, item in _items(value, block.source)]
            return "".join(
                self.render(block.body, scope.at(item, dict(zip(names, bound, strict=True)))) for item, bound in each
            )
        dot = value if block.keyword == "with" else scope.dot
        return self.render(block.body, scope.at(dot, dict.fromkeys(names, value)))


def _items(value: Any, source: str) -> list[tuple[Any, Any]]:
    """What `range` goes over: the items of a list, or the entries of a mapping in order of their keys."""
    if isinstance(value, dict):
        return [(key, value_at(value, key)) for key in sorted(value)]
    if isinstance(value, list):
        return list(enumerate(value))
    raise UnbuiltError(f"range can't iterate over the value of {source}")
