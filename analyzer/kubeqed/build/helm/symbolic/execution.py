"""Executes a template on values that are terms: both sides of a condition that is not known, a loop once for any item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kubeqed.build.gotemplate.evaluation import NIL_ITEM
from kubeqed.build.gotemplate.nodes import (
    ActionNode,
    BranchNode,
    JumpNode,
    PipeNode,
    Statement,
    TemplateNode,
    TextNode,
)
from kubeqed.build.gotemplate.origin import Origin
from kubeqed.build.gotemplate.printing import spell_value
from kubeqed.build.gotemplate.resources import Budget, DefinedTemplate, ExecutionError, FunctionTable
from kubeqed.build.gotemplate.values import TemplateObject, entry_of, item_of
from kubeqed.build.helm.symbolic.conditions import FALSE, TRUE, Condition
from kubeqed.build.helm.symbolic.evaluation import SymbolicEvaluation
from kubeqed.build.helm.symbolic.ropes import Alternative, Hole, Repetition, Rope, RopeBuilder
from kubeqed.build.helm.symbolic.state import NotFollowedError, RememberedCall, SymbolicState
from kubeqed.build.helm.symbolic.terms import UNTOLD, SymbolicTerm

_MOST_INSIDE = 60  # templates inside of templates
_NEVER_CHANGED = 1 << 60


class _LoopEndError(Exception):
    """`break` or `continue`, on its way to the loop."""

    def __init__(self, keyword: str) -> None:
        super().__init__()
        self.keyword = keyword


class SymbolicExecution(SymbolicEvaluation):
    """One template while it is executed at any values."""

    def __init__(
        self,
        templates: Mapping[str, DefinedTemplate],
        functions: FunctionTable,
        budget: Budget,
        state: SymbolicState,
        within: Origin | None = None,
    ) -> None:
        super().__init__(templates, functions, budget, state, within)
        self._rope = RopeBuilder()

    def run(self, name: str, dot: Any) -> Rope:
        """What a named template prints; an ExecutionError where it fails at all values."""
        template = self.templates[name]
        self._source, self._name = template.source, name
        self._variables = [("$", dot, False)]
        self.budget.depth += 1
        if self.budget.depth > _MOST_INSIDE:
            raise NotFollowedError("its templates call each other too deeply")
        try:
            self._execute_list(template.definition.body, dot)
        except _LoopEndError:
            raise NotFollowedError("it leaves a loop of another template") from None
        finally:
            self.budget.depth -= 1
        return self._rope.rope()

    def include(self, name: Any, dot: Any) -> Rope:
        """What another template prints, which is remembered."""
        if not isinstance(name, str):
            raise NotFollowedError("it includes a template whose name is not known")
        if name not in self.templates:
            raise NotFollowedError(f"it includes {name}, which nothing defines")
        key = name, self.state.terms.key_of(dot)
        found = self.state.remembered.get(key)
        if found is None:
            found = self._include_afresh(name, dot, key)
        self.obligations += (self._grant_here(one) for one in found.obligations)
        return found.rope

    def _include_afresh(self, name: str, dot: Any, key: object) -> RememberedCall:
        """Executes a template, and remembers it if it changes nothing that others see."""
        outer, self.state.oldest_changed = self.state.oldest_changed, _NEVER_CHANGED
        start = self.state.next_serial()
        inner = SymbolicExecution(self.templates, self.functions, self.budget, self.state, self.current)
        made = RememberedCall(inner.run(name, dot), tuple(inner.obligations))
        if self.state.oldest_changed > start:
            self.state.remembered[key] = made
        self.state.oldest_changed = min(outer, self.state.oldest_changed)
        return made

    def _execute_list(self, nodes: list[Statement], dot: Any) -> None:
        """Executes statements; the variables that they declare end with them."""
        for node in nodes:
            self.budget.step()
            outer, self.current = self.current, self._frame_at(node.offset)
            if isinstance(node, TextNode):
                self._rope.add_text(node.text, self.current, is_verbatim=True)
            elif isinstance(node, ActionNode):
                value = self._evaluate_pipe(node.pipe, dot)
                if not node.pipe.variables:
                    self._print_value(value)
            elif isinstance(node, BranchNode):
                self._execute_branch(node, dot)
            elif isinstance(node, TemplateNode):
                given = self._evaluate_pipe(node.pipe, dot) if node.pipe is not None else None
                self._print_value(self.include(node.name, given))
            elif isinstance(node, JumpNode):
                raise _LoopEndError(node.keyword)
            self.current = outer

    def _print_value(self, value: Any) -> None:
        """Prints a value."""
        if isinstance(value, Rope):
            for piece in value.pieces:
                self._rope.add(piece)
        elif isinstance(value, SymbolicTerm):
            for part in value.parts if value.kind == "text" else (value,):
                if isinstance(part, SymbolicTerm):
                    self._rope.add(Hole(part, self.current))
                else:
                    self._rope.add_text(part, self.current)
        elif value is not None and value is not NIL_ITEM:
            value = self.plain_value(value)
            if isinstance(value, dict | list):
                value = self.state.terms.call("print", (value,), spell_value)
                self._rope.add(Hole(value, self.current))
            else:
                self._rope.add_text(spell_value(value), self.current)

    def _execute_branch(self, node: BranchNode, dot: Any) -> None:
        """Executes both sides of an `if` or a `with`, or a loop."""
        mark = len(self._variables)
        if node.keyword == "range":
            self._execute_loop(node, dot)
        else:
            value = self._evaluate_pipe(node.pipe, dot)
            condition = self.truth(value)
            inner = self.plain_value(value) if node.keyword == "with" else dot
            if condition in (FALSE, TRUE):
                self._execute_list(node.body if condition == TRUE else node.otherwise, inner if condition else dot)
            else:
                self._execute_sides(node, condition, (inner, dot))
        del self._variables[mark:]

    def _execute_sides(self, node: BranchNode, condition: Condition, dots: tuple[Any, Any]) -> None:
        """Executes both sides, each on its dot; a variable that they set becomes one of two values."""
        before = list(self._variables)
        first = self._execute_under(condition, node.body, dots[0])
        after, self._variables = self._variables, before
        second = self._execute_under(self.state.terms.conditions.negate(condition), node.otherwise, dots[1])
        choose = self.state.terms.choose
        self._variables = [
            one
            if one[1] is other[1]
            else (one[0], choose(condition, *map(self.plain_value, (one[1], other[1]))), one[2])
            for one, other in zip(after, self._variables, strict=True)
        ]
        if first.pieces or second.pieces:
            self._rope.add(Alternative(condition, first, second))

    def _execute_under(self, condition: Condition, nodes: list[Statement], dot: Any) -> Rope:
        """What statements print under a condition; that they fail there is not granted."""
        state, conditions = self.state, self.state.terms.conditions
        outer = self._rope, self.condition, state.condition, self.current, self.budget.depth
        self._rope = RopeBuilder()
        self.condition = conditions.both(self.condition, condition)
        state.condition = conditions.both(state.condition, condition)
        mark = len(self._variables)
        try:
            if self.condition != FALSE:
                self._execute_list(nodes, dot)
            return self._rope.rope()
        except ExecutionError:
            self.obligations.append(conditions.negate(self.condition))
            return Rope()
        except _LoopEndError:
            raise NotFollowedError("it leaves a loop under a condition") from None
        finally:
            self._rope, self.condition, state.condition, self.current, self.budget.depth = outer
            del self._variables[mark:]

    def _execute_loop(self, node: BranchNode, dot: Any) -> None:
        """Executes the body of a loop for each item, or once for any item."""
        value = self.plain_value(self._evaluate_pipe(node.pipe, dot, declares=not node.pipe.is_assignment))
        if isinstance(value, SymbolicTerm):
            self._execute_once(node, value, dot)
            return
        mark, is_done = len(self._variables), False
        for key, item in self._list_items(value):
            is_done = True
            self._set_loop_variables(node.pipe, key, item)
            try:
                self._execute_list(node.body, item)
            except _LoopEndError as ended:
                if ended.keyword == "break":
                    break
            finally:
                del self._variables[mark:]
        if not is_done:
            self._execute_list(node.otherwise, dot)

    def _execute_once(self, node: BranchNode, over: SymbolicTerm, dot: Any) -> None:
        """Executes the body of a loop for any item of a term; what the loop sets is not known in it, nor behind it."""
        state, table = self.state, self.state.terms
        self._forget_variables(node, over, "state")
        depth = str(state.loops.count(over)) if over in state.loops else ""
        item, key = (table.make(kind, depth, (over,), UNTOLD) for kind in ("item", "key"))
        mark = len(self._variables)
        self._set_loop_variables(node.pipe, key, item)
        condition = table.truth(over)
        state.loops.append(over)
        body = self._execute_under(condition, node.body, item)
        state.loops.pop()
        del self._variables[mark:]
        self._forget_variables(node, over, "state")
        otherwise = self._execute_under(table.conditions.negate(condition), node.otherwise, dot)
        if body.pieces or otherwise.pieces:
            self._rope.add(Repetition(over, condition, body, otherwise))

    def _forget_variables(self, node: BranchNode, over: SymbolicTerm, kind: str) -> None:
        """Makes variables that a loop sets unknown ones."""
        names = set(_list_assigned(node.body))
        for number, (name, _, is_item) in enumerate(self._variables):
            if name in names:
                serial = self.state.next_serial()
                term = self.state.terms.make(kind, f"{name} {serial}", (over,), UNTOLD)
                self._variables[number] = name, term, is_item

    def _set_loop_variables(self, pipe: PipeNode, key: Any, item: Any) -> None:
        """Sets the variables of a loop: one gets the item, the first of two the key."""
        values = (item,) if len(pipe.variables) == 1 else (key, item)
        for name, value in zip(pipe.variables, values, strict=False):
            self._set_variable(name, value, is_item=True)

    def _list_items(self, value: Any) -> Iterator[tuple[Any, Any]]:
        """The items of a value that is known, or whose own are not known."""
        if isinstance(value, dict):
            return ((key, entry_of(value, key)) for key in sorted(value))
        if isinstance(value, list):
            return ((number, item_of(value, number)) for number in range(len(value)))
        if isinstance(value, int) and not isinstance(value, bool):
            return ((number, number) for number in range(min(value, 100)))
        if isinstance(value, TemplateObject) and (items := value.items()) is not None:
            return iter(items)
        if value is None:
            return iter(())
        raise self.error(f"range can't iterate over {spell_value(value)}")


def _list_assigned(nodes: list[Statement]) -> Iterator[str]:
    """The variables that statements set without declaring them."""
    for node in nodes:
        pipe = getattr(node, "pipe", None)
        if isinstance(pipe, PipeNode) and pipe.is_assignment:
            yield from pipe.variables
        if isinstance(node, BranchNode):
            yield from _list_assigned(node.body)
            yield from _list_assigned(node.otherwise)
