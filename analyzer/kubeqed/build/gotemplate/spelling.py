"""How Go shows a node in a message, and where it says that the node is (text/template/parse's String and Position)."""

from __future__ import annotations

from kubeqed.build.gotemplate.nodes import (
    ChainNode,
    CommandNode,
    DotNode,
    FieldNode,
    Operand,
    PipeNode,
    SyntaxNode,
    TemplateNode,
    VariableNode,
)
from kubeqed.build.gotemplate.printing import quote_text


def spell_node(node: SyntaxNode, text: str) -> str:
    """A node as Go shows it; `text` is that of its file."""
    if isinstance(node, PipeNode):
        names = f"{', '.join(node.variables)} {'=' if node.is_assignment else ':='} " if node.variables else ""
        return names + " | ".join(spell_node(command, text) for command in node.commands)
    if isinstance(node, CommandNode):
        return " ".join(_spell_operand(one, text) for one in node.arguments)
    if isinstance(node, FieldNode):
        return "".join(f".{name}" for name in node.names)
    if isinstance(node, VariableNode):
        return ".".join((node.name, *node.names))
    if isinstance(node, ChainNode):
        return ".".join((_spell_operand(node.of, text), *node.names))
    if isinstance(node, TemplateNode):
        pipe = "" if node.pipe is None else f" {spell_node(node.pipe, text)}"
        return f"{{{{template {quote_text(node.name)}{pipe}}}}}"
    return "." if isinstance(node, DotNode) else text[node.offset : node.end]


def _spell_operand(node: Operand, text: str) -> str:
    """An operand, with its parentheses."""
    return f"({spell_node(node, text)})" if isinstance(node, PipeNode) else spell_node(node, text)


def position_of(node: SyntaxNode, text: str) -> int:
    """Where Go says that a node is: a chain of fields is where its second name is, a template where its name is."""
    if isinstance(node, FieldNode) and len(node.names) > 1:
        return node.offset + len(node.names[0]) + 1
    if isinstance(node, VariableNode) and node.names:
        return node.offset + len(node.name)
    if isinstance(node, TemplateNode):
        quotes = [found for quote in '"`' if (found := text.find(quote, node.offset)) >= 0]
        return min(quotes, default=node.offset)
    if isinstance(node, PipeNode) and text.startswith("(", node.offset):
        inside = text[node.offset + 1 : node.end]
        return node.offset + 1 + len(inside) - len(inside.lstrip())
    return node.of.end if isinstance(node, ChainNode) else node.offset
