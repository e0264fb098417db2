"""What an execution works with: templates, functions, calls and a budget; and how it says what Go refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from kubeqed.build.gotemplate.nodes import Definition, Operand, SyntaxNode
from kubeqed.build.gotemplate.origin import Origin, TemplateSource
from kubeqed.build.gotemplate.tracing.reads import ReadLog
from kubeqed.build.gotemplate.values import TemplateError, TooLargeError
from kubeqed.build.gotemplate.work import WorkBudget

Function = Callable[..., Any]
_MOST_STEPS = 500_000
_LONGEST = 10_000_000  # characters of what is printed


class DefinedTemplate(NamedTuple):
    """A template, and the file that defines it."""

    definition: Definition
    source: TemplateSource


class Call(NamedTuple):
    """A call: all of it, what is called, its name, and its arguments."""

    node: SyntaxNode
    callee: SyntaxNode
    name: str
    arguments: list[Operand]


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
    """What an execution may still do: steps, work of the functions that it calls, and characters that it prints."""

    def __init__(self, steps: int = _MOST_STEPS, characters: int = _LONGEST) -> None:
        self._steps = self._all_steps = steps
        self.work = WorkBudget()
        self._characters = self._all_characters = characters
        self.depth = 0
        self.reads: ReadLog | None = None  # of what is executed, where somebody asks

    def spent(self) -> tuple[int, int, int]:
        """Steps, work and printed characters that were spent, of each at most what there was."""
        steps, printed = self._all_steps - self._steps, self._all_characters - self._characters
        return min(steps, self._all_steps), self.work.spent, min(printed, self._all_characters)

    def step(self) -> None:
        """Counts a step; a TooLargeError where none is left."""
        self._steps -= 1
        if self._steps < 0:
            raise TooLargeError("it takes too many steps")

    def begin_call(self, name: str, arguments: list[Any]) -> None:
        """Counts the step of a call, and notes what it may read."""
        self.step()
        if self.reads is not None:
            self.reads.note_call(name, arguments)

    def spend(self, characters: int) -> None:
        """Counts characters that are printed; a TooLargeError where none are left."""
        self._characters -= characters
        if self._characters < 0:
            raise TooLargeError("it makes too long a text")
