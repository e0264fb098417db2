"""The values of expressions (text/template's exec): pipelines, fields, methods and calls."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from kubeqed.build.gotemplate.arguments import count_error, fit_argument
from kubeqed.build.gotemplate.nodes import (
    ChainNode,
    CommandNode,
    ConstantNode,
    DotNode,
    FieldNode,
    IdentifierNode,
    Operand,
    PipeNode,
    SyntaxNode,
    VariableNode,
)
from kubeqed.build.gotemplate.origin import Origin, TemplateSource
from kubeqed.build.gotemplate.resources import Budget, Call, DefinedTemplate, ExecutionError, Function, FunctionTable
from kubeqed.build.gotemplate.spelling import position_of, spell_node
from kubeqed.build.gotemplate.text import TextBuilder
from kubeqed.build.gotemplate.values import (
    ArgumentError,
    MethodMap,
    PlacedMap,
    TemplateError,
    TemplateObject,
    TooLargeError,
    entry_of,
    is_true,
    made_of,
    type_of,
)
from kubeqed.parse import Place

_LAZY = ("and", "or")
_UNLIKE = frozenset(
    "adler32sum kindOf len sha1sum sha256sum sha512sum typeOf".split()
)  # hold nothing of their arguments


_VARIABLES_LOOKED_AT = 32  # in a microsecond


class Evaluation:
    """The values of one template's expressions. `within` is the action that asked for it."""

    def __init__(
        self,
        templates: Mapping[str, DefinedTemplate],
        functions: FunctionTable,
        budget: Budget,
        within: Origin | None = None,
    ) -> None:
        self.templates = templates
        self.functions = functions
        self.budget = budget
        self.within = within
        self._source = TemplateSource("", "", "")
        self._name = ""
        self._variables: list[tuple[str, Any, bool]] = []  # the last: whether it is an item of a `range`
        self._output = TextBuilder()
        self.current: Origin | None = within
        self._at: SyntaxNode = DotNode(0, 0)  # what is evaluated: Go's errors stand there
        self._dot_is_item = False
        self._bool_read: tuple[bool, Place | None] = False, None  # of a map, where no bool itself knows its place

    def _frame_at(self, offset: int) -> Origin:
        """The frame of an offset of the template that is executed."""
        return Origin(None, self.within, source=self._source, offset=offset)

    def error(self, reason: str, node: SyntaxNode | None = None) -> ExecutionError:
        """What Go says when it refuses a node; without one, what was evaluated last."""
        at, source = node or self._at, self._source
        offset = position_of(at, source.text)
        where = f"{source.name}:{source.line_of(offset)}:{source.column_of(offset)}"
        shown = spell_node(at, source.text)
        message = f'template: {where}: executing "{self._name}" at <{shown}>: {reason}'
        return ExecutionError(reason, message, self._frame_at(offset))

    def _evaluate_pipe(self, pipe: PipeNode, dot: Any, *, declares: bool = True) -> Any:
        """The value of a pipeline, which its variables get."""
        value: Any = NOTHING
        self._at = pipe
        for command in pipe.commands:
            value = self._evaluate_command(command, dot, value)
        for name in pipe.variables:
            if pipe.is_assignment:
                self._set_variable(name, value)
            elif declares:
                self._variables.append((name, value, False))
        return value

    def _set_variable(self, name: str, value: Any, *, is_item: bool = False) -> None:
        """Sets the innermost variable of a name."""
        for number in range(len(self._variables) - 1, -1, -1):
            if self._variables[number][0] == name:
                self._variables[number] = (name, value, is_item)
                return
        raise self.error(f"undefined variable: {name}")

    def _evaluate_command(self, command: CommandNode, dot: Any, final: Any) -> Any:
        """The value of a command; `final` is what comes down the pipeline."""
        first = command.arguments[0]
        if isinstance(first, IdentifierNode):
            return self._call_function(first, command, dot, final)
        arguments = command.arguments[1:]
        if isinstance(first, FieldNode | VariableNode | ChainNode):
            return self._evaluate_fields(first, dot, arguments, final)
        if not isinstance(first, PipeNode):
            self._at = first
        if arguments or final is not NOTHING:
            raise self._not_a_function(first)
        if isinstance(first, ConstantNode) and first.value is None:
            raise self.error("nil is not a command")
        return self._evaluate_operand(first, dot)

    def _not_a_function(self, node: Operand) -> ExecutionError:
        """What is said of a value that gets arguments."""
        return self.error(f"can't give argument to non-function {spell_node(node, self._source.text)}")

    def _evaluate_operand(self, node: Operand, dot: Any) -> Any:
        """The value of one operand."""
        if isinstance(node, PipeNode):
            return self._evaluate_pipe(node, dot)
        self._at = node
        if isinstance(node, ConstantNode):
            return node.value
        if isinstance(node, DotNode):
            return None if dot is NIL_ITEM else dot
        if isinstance(node, IdentifierNode):
            return self._call_function(node, CommandNode(node.offset, node.end, [node]), dot, NOTHING)
        return self._evaluate_fields(node, dot, [], NOTHING)

    def _evaluate_fields(
        self, node: FieldNode | VariableNode | ChainNode, dot: Any, arguments: list[Operand], final: Any
    ) -> Any:
        """The value of a chain of fields; the arguments are those of a method at its end."""
        self._at = node
        is_untyped = False  # whether Go knows no more of the value than that it is one
        if isinstance(node, FieldNode):
            value, is_untyped = dot, self._dot_is_item
        elif isinstance(node, ChainNode):
            value = self._evaluate_operand(node.of, dot)
        else:
            value, is_untyped = self._find_variable(node)
            if not node.names:
                if arguments or final is not NOTHING:
                    raise self._not_a_function(node)
                return None if value is NIL_ITEM else value
        if value is None:
            return None  # nothing has all fields; only what is nil in a map or a list has none
        has_arguments = bool(arguments) or final is not NOTHING
        for number, name in enumerate(node.names, 1):
            value = self._find_field(value, name, is_untyped=is_untyped)
            is_untyped, is_last = True, number == len(node.names)
            if callable(value):
                value = self._call_method(node, value, arguments if is_last else [], dot, final if is_last else NOTHING)
            elif is_last and has_arguments:
                raise self.error(f"{name} is not a method but has arguments")
        return value

    def _find_variable(self, node: VariableNode) -> tuple[Any, bool]:
        """The value of a variable, and whether it is an item of a `range`."""
        self.budget.work.spend(len(self._variables) // _VARIABLES_LOOKED_AT)
        for name, value, is_item in reversed(self._variables):
            if name == node.name:
                return value, is_item
        raise self.error(f"undefined variable: {node.name}")

    def _find_field(self, value: Any, name: str, *, is_untyped: bool) -> Any:
        """A field of a value, which may be a method."""
        if isinstance(value, dict):
            method = value.method(name) if isinstance(value, MethodMap) else None
            if self.budget.reads is not None:
                self.budget.reads.note_entry(value, name) if method is None else self.budget.reads.note_whole(value)
            found = entry_of(value, name) if method is None else method
            if isinstance(found, bool) and isinstance(value, PlacedMap):
                self._bool_read = found, value.places.get(name)
            return found
        if value is None or value is NIL_ITEM:
            raise self.error(f"nil pointer evaluating interface {{}}.{name}")
        if isinstance(value, TemplateObject):
            try:
                return value.field(name)
            except TemplateError as error:
                raise self.error(error.reason) from None
        raise self.error(f"can't evaluate field {name} in type {'interface {}' if is_untyped else type_of(value)}")

    def _call_method(
        self,
        node: FieldNode | VariableNode | ChainNode,
        method: Function,
        arguments: list[Operand],
        dot: Any,
        final: Any,
    ) -> Any:
        """Calls a method of a value."""
        return self._apply_function(Call(node, node, node.names[-1], arguments), method, dot, final)

    def _call_function(self, node: IdentifierNode, command: CommandNode, dot: Any, final: Any) -> Any:
        """Calls a function; `and` and `or` ask for no more arguments than decide."""
        self._at = node
        arguments = command.arguments[1:]
        if node.name in _LAZY:
            return self._evaluate_lazily(node, arguments, dot, final)
        asking = self.functions.asking.get(node.name)
        function = self.functions.plain[node.name] if asking is None else partial(asking, self)
        return self._apply_function(Call(command, node, node.name, arguments), function, dot, final)

    def _evaluate_lazily(self, node: IdentifierNode, arguments: list[Operand], dot: Any, final: Any) -> Any:
        """`and` and `or`: the first argument that decides, or the last."""
        if not arguments and final is NOTHING:
            raise self.error(f"wrong number of args for {node.name}: want at least 1 got 0")
        value = None
        for one in arguments:
            value = self._evaluate_operand(one, dot)
            if is_true(value) is (node.name == "or"):
                return value
        return value if final is NOTHING else final

    def _apply_function(self, call: Call, function: Function, dot: Any, final: Any) -> Any:
        """Calls a function, and says where it was called if that is refused."""
        given, places = [], []
        try:
            for one in call.arguments:
                given.append(self._evaluate_operand(one, dot))
                places.append(self._at)
        except ExecutionError:
            self._check_count(call, function, is_piped=final is not NOTHING)  # which Go does first
            raise
        if final is not NOTHING:
            given.append(final)
            places.append(self._at)
        return self._invoke_function(call, function, given, places, is_piped=final is not NOTHING)

    def _invoke_function(
        self, call: Call, function: Function, given: list[Any], places: list[SyntaxNode], *, is_piped: bool
    ) -> Any:
        """Calls a function on its arguments; the last of them came down a pipeline if it `is_piped`."""
        self.budget.begin_call(call.name, given)
        while True:
            try:
                self.budget.work.call(call.name, getattr(function, "func", function), given)
                made = function(*given)
                self.budget.work.text(made)
                return made if call.name in _UNLIKE else made_of(made, given)
            except ArgumentError as error:
                number = error.number
                if number is None:
                    reason = error.reason.replace("number of args", f"number of args for {call.name}")
                    raise self.error(reason, call.callee) from None
                given[number] = self._fit_argument(error, call, given[number], places[number])
            except ExecutionError as error:
                raise self._place_error(call, error.message, error) from None
            except TooLargeError:
                raise
            except TemplateError as error:
                raise self._place_error(call, error.reason, error) from None
            except TypeError as error:
                if error.__traceback__ is not None and error.__traceback__.tb_next is None:  # raised by the call itself
                    self._check_count(call, function, is_piped=is_piped)
                raise

    def _check_count(self, call: Call, function: Function, *, is_piped: bool) -> None:
        """Refuses a call with too few or too many arguments."""
        given = len(call.arguments) + is_piped
        if (reason := count_error(call.name, function, given)) is not None:
            raise self.error(reason, call.callee) from None

    def _fit_argument(self, error: ArgumentError, call: Call, value: Any, at: SyntaxNode) -> Any:
        """An argument that is of another type than the function takes, as Go makes it one."""
        number = error.number or 0
        node = call.arguments[number] if number < len(call.arguments) else None
        try:
            return fit_argument(error, value, node, spell_node(at, self._source.text))
        except TemplateError as refused:
            raise self.error(refused.reason, at) from None

    def _place_error(self, call: Call, message: str, error: TemplateError) -> ExecutionError:
        """An error out of a function; it stands where it began."""
        made = self.error(f"error calling {call.name}: {message}", call.node)
        made.cause = error
        if isinstance(error, ExecutionError):
            made.origin, made.cause = error.origin, error.cause
        return made


class _Nothing:
    """That nothing comes down a pipeline, not even nil."""


NOTHING = _Nothing()
NIL_ITEM = _Nothing()  # nil that `range` gives: it has no fields, whereas what is not there has all
