"""The values of expressions (text/template's exec): pipelines, fields, methods and calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from kubeqed.build.gotemplate.nodes import (
    ChainNode,
    CommandNode,
    ConstantNode,
    Definition,
    DotNode,
    FieldNode,
    IdentifierNode,
    Operand,
    PipeNode,
    SyntaxNode,
    VariableNode,
)
from kubeqed.build.gotemplate.origin import Origin, TemplateSource
from kubeqed.build.gotemplate.text import TextBuilder
from kubeqed.build.gotemplate.values import (
    ArgumentError,
    TemplateError,
    TemplateObject,
    TooLargeError,
    entry_of,
    is_true,
)

Function = Callable[..., Any]
_LAZY = ("and", "or")
_SHOWN = 20  # characters of a node in a message
_MOST_STEPS = 500_000
_LONGEST = 10_000_000  # characters of what is printed
_MOST_INSIDE = 90  # templates inside of templates; Python's stack ends where Go's would not


class DefinedTemplate(NamedTuple):
    """A template, and the file that defines it."""

    definition: Definition
    source: TemplateSource


class ExecutionError(TemplateError):
    """What Go refuses while it executes a template: where, and in its words with all that led to it.

    `cause` is what a function refused at first, if one did.
    """

    def __init__(self, reason: str, message: str, origin: Origin) -> None:
        super().__init__(reason)
        self.message = message
        self.origin = origin
        self.cause: TemplateError = self


class FunctionTable(NamedTuple):
    """The functions of a template by name; `asking` get the execution that calls them first, to execute others in it."""

    plain: Mapping[str, Function]
    asking: Mapping[str, Function]

    def __contains__(self, name: object) -> bool:
        return name in self.plain or name in self.asking


class Budget:
    """What an execution may still do: steps, and characters that it prints."""

    def __init__(self, steps: int = _MOST_STEPS, characters: int = _LONGEST) -> None:
        self._steps = steps
        self._characters = characters
        self.depth = 0

    def step(self) -> None:
        """Counts a step."""
        self._steps -= 1
        if self._steps < 0:
            raise TooLargeError("it takes too many steps")

    def spend(self, characters: int) -> None:
        """Counts what is printed."""
        self._characters -= characters
        if self._characters < 0:
            raise TooLargeError("it makes too long a text")


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
        self._variables: list[tuple[str, Any]] = []
        self._output = TextBuilder()
        self.current: Origin | None = within

    def _origin(self, offset: int) -> Origin:
        """The frame of an offset of the template that is executed."""
        return Origin(None, self.within, source=self._source, offset=offset)

    def error(self, node: SyntaxNode, reason: str) -> ExecutionError:
        """What Go says of a node that it refuses."""
        source, offset = self._source, _position(node)
        shown = " ".join(source.text[node.offset : node.end].split())
        shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."
        where = f"{source.name}:{source.line_of(offset)}:{source.column_of(offset)}"
        message = f'template: {where}: executing "{self._name}" at <{shown}>: {reason}'
        return ExecutionError(reason, message, self._origin(offset))

    def _pipe(self, pipe: PipeNode, dot: Any, *, declares: bool = True) -> Any:
        """The value of a pipeline, which its variables get."""
        value: Any = _NOTHING
        for command in pipe.commands:
            value = self._command(command, dot, value)
        for name in pipe.variables:
            if pipe.is_assignment:
                self._set(name, value)
            elif declares:
                self._variables.append((name, value))
        return value

    def _set(self, name: str, value: Any) -> None:
        """Sets the innermost variable of a name."""
        for number in range(len(self._variables) - 1, -1, -1):
            if self._variables[number][0] == name:
                self._variables[number] = (name, value)
                return
        self._variables.append((name, value))

    def _command(self, command: CommandNode, dot: Any, final: Any) -> Any:
        """The value of a command; `final` is what comes down the pipeline."""
        first = command.arguments[0]
        if isinstance(first, IdentifierNode):
            return self._call(first, command, dot, final)
        arguments = command.arguments[1:]
        if isinstance(first, FieldNode | VariableNode | ChainNode):
            return self._fields(first, dot, arguments, final)
        if arguments or final is not _NOTHING:
            raise self.error(
                first, f"can't give argument to non-function {self._source.text[first.offset : first.end]}"
            )
        if isinstance(first, ConstantNode) and first.value is None:
            raise self.error(first, "nil is not a command")
        return self._operand(first, dot)

    def _operand(self, node: Operand, dot: Any) -> Any:
        """The value of one operand."""
        if isinstance(node, ConstantNode):
            return node.value
        if isinstance(node, DotNode):
            return dot
        if isinstance(node, PipeNode):
            return self._pipe(node, dot)
        if isinstance(node, IdentifierNode):
            return self._call(node, CommandNode(node.offset, node.end, [node]), dot, _NOTHING)
        return self._fields(node, dot, [], _NOTHING)

    def _fields(
        self, node: FieldNode | VariableNode | ChainNode, dot: Any, arguments: list[Operand], final: Any
    ) -> Any:
        """The value of a chain of fields; the arguments are those of a method at its end."""
        if isinstance(node, FieldNode):
            value = dot
        elif isinstance(node, ChainNode):
            value = self._operand(node.of, dot)
        else:
            value = self._variable(node)
        if not node.names and (arguments or final is not _NOTHING):
            raise self.error(
                node, f"can't give argument to non-function {node.name if isinstance(node, VariableNode) else ''}"
            )
        if value is None:
            return None  # nothing has all fields; only what is nil in a map has none
        for number, name in enumerate(node.names):
            is_last = number == len(node.names) - 1
            value = self._field(node, value, name)
            if callable(value):
                given = [self._operand(one, dot) for one in arguments] if is_last else []
                given += [final] if is_last and final is not _NOTHING else []
                value = self._apply(node, name, value, given)
            elif is_last and (arguments or final is not _NOTHING):
                raise self.error(node, f"{name} is not a method but has arguments")
        return value

    def _variable(self, node: VariableNode) -> Any:
        """The value of a variable."""
        for name, value in reversed(self._variables):
            if name == node.name:
                return value
        raise self.error(node, f"undefined variable: {node.name}")

    def _field(self, node: SyntaxNode, value: Any, name: str) -> Any:
        """A field of a value, which may be a method."""
        if isinstance(value, dict):
            return entry_of(value, name)
        if value is None:
            raise self.error(node, f"nil pointer evaluating interface {{}}.{name}")
        if isinstance(value, TemplateObject):
            try:
                return value.field(name)
            except TemplateError as error:
                raise self.error(node, error.reason) from None
        raise self.error(node, f"can't evaluate field {name} in type interface {{}}")

    def _call(self, node: IdentifierNode, command: CommandNode, dot: Any, final: Any) -> Any:
        """Calls a function; `and` and `or` ask for no more arguments than decide."""
        arguments = command.arguments[1:]
        if node.name in _LAZY:
            return self._lazy(node, arguments, dot, final)
        given = [self._operand(one, dot) for one in arguments]
        if final is not _NOTHING:
            given.append(final)
        asking = self.functions.asking.get(node.name)
        function = self.functions.plain[node.name] if asking is None else partial(asking, self)
        return self._apply(command, node.name, function, given)

    def _lazy(self, node: IdentifierNode, arguments: list[Operand], dot: Any, final: Any) -> Any:
        """`and` and `or`: the first argument that decides, or the last."""
        if not arguments and final is _NOTHING:
            raise self.error(node, f"wrong number of args for {node.name}: want at least 1 got 0")
        value = None
        for one in arguments:
            value = self._operand(one, dot)
            if is_true(value) is (node.name == "or"):
                return value
        return value if final is _NOTHING else final

    def _apply(self, node: SyntaxNode, name: str, function: Function, given: list[Any]) -> Any:
        """Calls a function, and says where it was called if that is refused."""
        self.budget.step()
        try:
            return function(*given)
        except ExecutionError as error:
            raise self._calling(node, name, error.message, error) from None
        except TooLargeError:
            raise
        except ArgumentError as error:
            raise self.error(
                node, error.reason.replace("wrong number of args", f"wrong number of args for {name}")
            ) from None
        except TemplateError as error:
            raise self._calling(node, name, error.reason, error) from None
        except TypeError as error:
            if error.__traceback__ is not None and error.__traceback__.tb_next is None:  # raised by the call itself
                raise self.error(node, f"wrong number of args for {name}: got {len(given)}") from None
            raise

    def _calling(self, node: SyntaxNode, name: str, message: str, error: TemplateError) -> ExecutionError:
        """An error out of a function; it stands where it began."""
        made = self.error(node, f"error calling {name}: {message}")
        made.cause = error
        if isinstance(error, ExecutionError):
            made.origin, made.cause = error.origin, error.cause
        return made


class _Nothing:
    """That nothing comes down a pipeline, not even nil."""


_NOTHING = _Nothing()


def _position(node: SyntaxNode) -> int:
    """Where Go says that a node is: a chain of fields is where its second name is."""
    if isinstance(node, FieldNode) and len(node.names) > 1:
        return node.offset + len(node.names[0]) + 1
    if isinstance(node, VariableNode) and node.names:
        return node.offset + len(node.name)
    return node.of.end if isinstance(node, ChainNode) else node.offset
