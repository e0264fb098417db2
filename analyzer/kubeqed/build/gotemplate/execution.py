"""Executes the tree of a template on values, as Go does (text/template's exec)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kubeqed.build.gotemplate.evaluation import NIL_ITEM, Evaluation
from kubeqed.build.gotemplate.nodes import (
    ActionNode,
    BranchNode,
    PipeNode,
    Statement,
    TemplateNode,
    TextNode,
)
from kubeqed.build.gotemplate.origin import Origin
from kubeqed.build.gotemplate.printing import NO_VALUE, spell_value
from kubeqed.build.gotemplate.text import TracedText
from kubeqed.build.gotemplate.values import (
    TemplateObject,
    TooLargeError,
    entry_of,
    is_true,
    item_of,
    place_of,
)
from kubeqed.parse import Place

_MOST_INSIDE = 90  # templates inside of templates; Python's stack ends where Go's would not


class _JumpError(Exception):
    """`break` or `continue`, on its way to the loop."""

    def __init__(self, keyword: str) -> None:
        super().__init__()
        self.keyword = keyword


class Execution(Evaluation):
    """One template while it is executed."""

    def run(self, name: str, dot: Any) -> TracedText:
        """What a named template prints; an ExecutionError for what Go refuses."""
        template = self.templates[name]
        self._source, self._name = template.source, name
        self._variables = [("$", dot, False)]
        self.budget.depth += 1
        if self.budget.depth > _MOST_INSIDE:
            raise TooLargeError("its templates call each other too deeply")
        try:
            self._execute_list(template.definition.body, dot)
        finally:
            self.budget.depth -= 1
        return self._output.text()

    def inner(self) -> Execution:
        """An execution of another template inside of the action that is executed now."""
        return Execution(self.templates, self.functions, self.budget, self.current)

    def _execute_list(self, nodes: list[Statement], dot: Any) -> None:
        """Executes statements; the variables that they declare end with them."""
        for node in nodes:
            self.budget.step()
            if isinstance(node, TextNode):
                self.budget.spend(len(node.text))
                self._output.add(node.text, self._frame_at(node.offset), is_verbatim=True)
            elif isinstance(node, ActionNode):
                self._execute_action(node, dot)
            elif isinstance(node, BranchNode):
                self._execute_branch(node, dot)
            elif isinstance(node, TemplateNode):
                self._call_template(node, dot)
            else:
                raise _JumpError(node.keyword)

    def _execute_action(self, node: ActionNode, dot: Any) -> None:
        """Prints the value of an action, unless a variable gets it."""
        outer, self.current = self.current, self._frame_at(node.offset)
        self._bool_read = False, None
        value = self._evaluate_pipe(node.pipe, dot)
        if not node.pipe.variables:
            self._print_value(value)
        self.current = outer

    def _print_value(self, value: Any) -> None:
        """Prints a value with its origin."""
        if callable(value):
            raise self.error("can't print a function")
        self.budget.work.go_over(value)
        if self.budget.reads is not None:
            self.budget.reads.note_whole(value)
        text = value if isinstance(value, str) else NO_VALUE if value is None else spell_value(value)
        self.budget.spend(len(text))
        place = place_of(value) or self._place_of_bool(text)
        origin = self.current if place is None else Origin(place, self.current)
        self._output.add(text, origin)

    def _place_of_bool(self, text: str) -> Place | None:
        """Where the true or false was set that this action read last, if that is what it prints."""
        value, place = self._bool_read
        return place if text.strip("\"'") == ("true" if value else "false") else None

    def _execute_branch(self, node: BranchNode, dot: Any) -> None:
        """Executes the side of an `if` or a `with` that holds, or a loop."""
        mark = len(self._variables)
        outer, self.current = self.current, self._frame_at(node.offset)
        if node.keyword == "range":
            self._execute_loop(node, dot)
        else:
            value = self._evaluate_pipe(node.pipe, dot)
            if is_true(value):
                if node.keyword == "with":
                    self._walk_inside(node.body, value, is_item=False)
                else:
                    self._execute_list(node.body, dot)
            else:
                self._execute_list(node.otherwise, dot)
        del self._variables[mark:]
        self.current = outer

    def _walk_inside(self, nodes: list[Statement], dot: Any, *, is_item: bool) -> None:
        """Executes the body of a branch that sets the dot; of what type an item is, Go does not know."""
        outer, self._dot_is_item = self._dot_is_item, is_item
        try:
            self._execute_list(nodes, dot)
        finally:
            self._dot_is_item = outer

    def _execute_loop(self, node: BranchNode, dot: Any) -> None:
        """Executes the body of a loop for each item."""
        value = self._evaluate_pipe(node.pipe, dot, declares=not node.pipe.is_assignment)
        self.budget.work.spend(len(value) if isinstance(value, list | dict) else 0)
        if self.budget.reads is not None:
            self.budget.reads.note_items(value)
        mark = len(self._variables)
        is_done = False
        for key, found in self._list_items(value, node):
            is_done = True
            self.budget.step()
            item = NIL_ITEM if found is None else found
            self._set_loop_variables(node.pipe, key, item)
            try:
                self._walk_inside(node.body, item, is_item=not isinstance(value, int))
            except _JumpError as jumped:
                if jumped.keyword == "break":
                    break
            finally:
                del self._variables[mark:]
        if not is_done:
            self._execute_list(node.otherwise, dot)

    def _set_loop_variables(self, pipe: PipeNode, key: Any, item: Any) -> None:
        """Sets the variables of a loop: one gets the item, the first of two the key."""
        values = (item,) if len(pipe.variables) == 1 else (key, item)
        for name, value in zip(pipe.variables, values, strict=False):
            self._set_variable(name, value, is_item=True)

    def _list_items(self, value: Any, node: BranchNode) -> Iterator[tuple[Any, Any]]:
        """What `range` goes over: the items of a list, or the entries of a mapping in order of their keys."""
        if isinstance(value, dict):
            return ((key, entry_of(value, key)) for key in sorted(value) if key in value)
        if isinstance(value, list):
            return ((number, item_of(value, number)) for number in range(len(value)))
        if isinstance(value, int) and not isinstance(value, bool):
            if len(node.pipe.variables) > 1:
                raise self.error(f"can't use {spell_value(value)} to iterate over more than one variable")
            return ((number, number) for number in range(value))
        if value is None:
            return iter(())
        if isinstance(value, TemplateObject) and (items := value.items()) is not None:
            return iter(items)
        raise self.error(f"range can't iterate over {spell_value(value)}")

    def _call_template(self, node: TemplateNode, dot: Any) -> None:
        """Prints a named template."""
        self._at = node
        if node.name not in self.templates:
            raise self.error(f'template "{node.name}" not defined')
        value = self._evaluate_pipe(node.pipe, dot) if node.pipe is not None else None
        outer, self.current = self.current, self._frame_at(node.offset)
        self._output.add(self.inner().run(node.name, value))
        self.current = outer
