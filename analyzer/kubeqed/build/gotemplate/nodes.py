"""The syntax tree of a template. `offset` is where a node begins in its file, `end` where it ends."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class SyntaxNode:
    """What all nodes have."""

    offset: int
    end: int


@dataclass(slots=True)
class TextNode(SyntaxNode):
    """Text that is printed as it stands."""

    text: str


@dataclass(slots=True)
class ConstantNode(SyntaxNode):
    """A constant: a text, a number, true, false or nil."""

    value: str | int | float | bool | None


@dataclass(slots=True)
class DotNode(SyntaxNode):
    """The dot."""


@dataclass(slots=True)
class FieldNode(SyntaxNode):
    """Fields of the dot: `.a.b`."""

    names: tuple[str, ...]


@dataclass(slots=True)
class VariableNode(SyntaxNode):
    """A variable, and fields of it: `$x.a`."""

    name: str
    names: tuple[str, ...]


@dataclass(slots=True)
class ChainNode(SyntaxNode):
    """Fields of what stands in parentheses: `(…).a`."""

    of: Operand
    names: tuple[str, ...]


@dataclass(slots=True)
class IdentifierNode(SyntaxNode):
    """The name of a function."""

    name: str


@dataclass(slots=True)
class CommandNode(SyntaxNode):
    """A function or a method with its arguments, or a value alone."""

    arguments: list[Operand]


@dataclass(slots=True)
class PipeNode(SyntaxNode):
    """Commands, each of which gets the value of the one before, and the variables that get the last value."""

    variables: tuple[str, ...]
    is_assignment: bool
    commands: list[CommandNode]


Operand = ConstantNode | DotNode | FieldNode | VariableNode | ChainNode | IdentifierNode | PipeNode


@dataclass(slots=True)
class ActionNode(SyntaxNode):
    """A pipeline whose value is printed, unless it sets a variable."""

    pipe: PipeNode


@dataclass(slots=True)
class BranchNode(SyntaxNode):
    """`if`, `with` or `range`."""

    keyword: str
    pipe: PipeNode
    body: list[Statement]
    otherwise: list[Statement]


@dataclass(slots=True)
class JumpNode(SyntaxNode):
    """`break` or `continue`."""

    keyword: str


@dataclass(slots=True)
class TemplateNode(SyntaxNode):
    """`template`: prints a named template."""

    name: str
    pipe: PipeNode | None


Statement = TextNode | ActionNode | BranchNode | JumpNode | TemplateNode


@dataclass(slots=True)
class Definition:
    """A named template, or a whole file."""

    name: str
    body: list[Statement] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether it prints blanks at most, so that it replaces no other of its name."""
        return all(isinstance(node, TextNode) and not node.text.strip() for node in self.body)
