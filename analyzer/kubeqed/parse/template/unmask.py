"""What a template or a placeholder leaves open, found in a built tree and made unknown.

Under `command`, `args` and `env` and in a ConfigMap's `data` the text belongs to Kubernetes or to the program: `$(X)`,
`${X}` and `<X>` stay text there, and so do actions in a text of several lines or in a file that is no template.

The tree is changed in place, after it is built and before anybody sees it. A mapping or list from which something was taken out is
`open`: it may hold more than it shows, so no rule may conclude that a key is absent.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right

from kubeqed.parse.template.action import merge_actions
from kubeqed.parse.template.keys import belongs_to_program, is_config_map, is_placeholder_key
from kubeqed.parse.template.mask import MaskedText
from kubeqed.parse.template.placeholder import names_variable, term_of
from kubeqed.parse.template.scan import may_hold
from kubeqed.parse.template.ytt import NOTHING, YttAnnotations
from kubeqed.parse.tree.mark import Mark, unpack
from kubeqed.parse.tree.nodes import Mapping, Sequence, Value
from kubeqed.parse.tree.unknown import Fresh, Unknown


class Unmasking:
    """One pass over one document that starts at `first_line` of `file`.

    `loose`: lines of actions were blanked. `told` is what ytt is told in comments. `commented` are by line the comments
    that say that a value is to be filled in.
    """

    def __init__(
        self,
        file: str,
        first_line: int,
        text_mask: MaskedText | None,
        told: YttAnnotations | None,
        commented: dict[int, str],
        *,
        masked: bool,
        loose: bool,
    ) -> None:
        self._file = file
        self._first_line = first_line
        self._text_mask = text_mask
        self._masked = masked
        self._loose = loose
        self._seen: set[tuple[int, bool]] = set()
        self._told = told or NOTHING
        self._commented = commented
        blocks = [*_in_file(self._told.blocks, first_line), *(text_mask.conditional if text_mask is not None else [])]
        self._blocks = merge_actions(sorted(blocks))
        self._starts = [first for first, _ in self._blocks]
        self.placeholders = (masked and bool(self._blocks)) or loose or self._told != NOTHING

    def root(self, value: Value, mark: Mark) -> Value:
        """The document's value, made unknown where it must be."""
        if isinstance(value, Mapping) and self._told.functions:
            inside = {key for key, mark in zip(value, value.marks[::2], strict=True) if self._in_function(mark)}
            if len(inside) < len(value):
                value.take_out(inside)
        return self._unmask_value(value, mark, program=False)

    def _in_function(self, mark: Mark) -> bool:
        line = unpack(mark)[0]
        return any(first <= line <= last for first, last in self._told.functions)

    def conditional(self, mark: Mark) -> bool:
        """Whether a mark stands between the opening of a block and its end."""
        if not self._blocks:
            return False
        line = unpack(mark)[0] + self._first_line
        position = bisect_right(self._starts, line) - 1
        return position >= 0 and line <= self._blocks[position][1]

    def _unmask_value(self, value: Value, mark: Mark, *, program: bool) -> Value:
        if isinstance(value, (Mapping, Sequence)):
            # Aliases make one node stand in several places. It is visited once for each way of reading it, or a
            # document of nested aliases would take exponential time.
            if (id(value), program) not in self._seen:
                self._seen.add((id(value), program))
                return self._unmask_inside(value, mark, program=program)
            return value
        if isinstance(value, Unknown):
            return value
        line, _, end = unpack(mark)
        column, expression = self._told.values.get(line, (0, ""))
        if column > end:
            return Unknown(Fresh(expression), expression, mark)
        # Between `{{ if }}` and `{{ end }}` even a plain value may not be there, so it is as unknown as one that is
        # written by an action.
        if self.conditional(mark):
            self.placeholders = True
            text = self._unmask_source(value) if isinstance(value, str) else _spell_constant(value)
            return Unknown(Fresh(text), text, mark)
        if line in self._commented:
            text = (
                self._commented[line] if value is None else value if isinstance(value, str) else _spell_constant(value)
            )
            return Unknown(Fresh(text), text, mark)
        if value is None and self._loose:
            return Unknown(Fresh(""), "", mark)
        return self._unmask_text(value, mark, program=program) if isinstance(value, str) else value

    def _unmask_source(self, text: str) -> str:
        return self._text_mask.unmask(text) if self._masked and self._text_mask is not None else text

    def _unmask_text(self, text: str, mark: Mark, *, program: bool) -> Value:
        source = self._unmask_source(text)
        if source == text and not may_hold(text):
            return text
        # A shell script in `args` is full of `$` and braces that no template will touch.
        if program and (not self._masked or "\n" in source.rstrip("\n")):
            return source
        term = term_of(source, self._file, actions_only=program)
        if term is None:
            return source
        self.placeholders |= not program and (self._masked or not names_variable(source))
        return Unknown(term, source, mark)

    def _unmask_inside(self, node: Mapping | Sequence, mark: Mark, *, program: bool) -> Value:
        node.open |= self._loose or self._told != NOTHING  # what ytt writes, its overlays may complete
        if isinstance(node, Mapping):
            waiting = self._unmask_mapping(node, program)
            self.placeholders |= bool(waiting)
            return node.without_placeholders(waiting, mark) if waiting else node
        gone = self._unmask_sequence(node, program)
        self.placeholders |= bool(gone)
        node.open |= bool(gone)
        text = " ".join(gone)
        return node if node or not gone else Unknown(Fresh(text), text, mark)

    def _unmask_mapping(self, node: Mapping, program: bool) -> dict[str, str]:
        """Visits the entries; those keys that a template wrote, with their source."""
        of_config_map = is_config_map(node.get("kind"))
        # Keys are taken out after the loop: the marks stand by position, and a mapping may not change while it is
        # walked.
        waiting = {}
        for position, (key, value) in enumerate(node.items()):
            key_mark, mark = node.marks[2 * position], node.marks[2 * position + 1]
            of_program = belongs_to_program(key, inside=program, of_config_map=of_config_map)
            node[key] = self._unmask_value(value, mark, program=of_program)
            node.open |= self.conditional(key_mark)
            if is_placeholder_key(source := self._unmask_source(key), of_program=of_program):
                waiting[key] = source
        return waiting

    def _unmask_sequence(self, node: Sequence, program: bool) -> list[str]:
        """Visits the items; the source of those that are a template's line, which are taken out."""
        gone = {}
        for position, value in enumerate(node):
            mark = node.marks[position]
            node.open |= self.conditional(mark)
            if (
                self._masked
                and self._text_mask is not None
                and isinstance(value, str)
                and self._text_mask.is_entry(value)
            ):
                gone[position] = self._unmask_source(value)
            else:
                node[position] = self._unmask_value(value, mark, program=program)
        if gone:
            kept = [position for position in range(len(node)) if position not in gone]
            node.marks, node[:] = array("Q", [node.marks[at] for at in kept]), [node[at] for at in kept]
        return list(gone.values())


def _in_file(blocks: list[tuple[int, int]], first_line: int) -> list[tuple[int, int]]:
    return [(first + first_line, last + first_line) for first, last in blocks]


def _spell_constant(value: bool | float | None) -> str:
    return "" if value is None else str(value).lower()
