"""Which values a chart asks before it prints an object: the conditions around `kind: Ingress` and its like.

The templates are walked, not executed: both sides of each branch, over the values that the chart has. What a value is, is
known for fields and variables alone; what functions give is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kubeqed.build.gotemplate.nodes import (
    ActionNode,
    BranchNode,
    ChainNode,
    CommandNode,
    ConstantNode,
    DotNode,
    FieldNode,
    IdentifierNode,
    PipeNode,
    Statement,
    SyntaxNode,
    TemplateNode,
    TextNode,
    VariableNode,
)
from kubeqed.build.gotemplate.resources import DefinedTemplate
from kubeqed.build.gotemplate.values import MethodMap

NETWORK_KINDS = (
    "Service|Ingress|NetworkPolicy|StatefulSet|Gateway|(?:HTTP|GRPC|TCP|TLS|UDP)Route|IngressRoute(?:TCP|UDP)?"
    "|CiliumNetworkPolicy|VirtualService|EndpointSlice|Endpoints"
)
_MOST_STEPS = 20_000
_MOST_ITEMS = 10  # of a list or a map that a loop goes over
_DEEPEST = 12  # helpers inside of helpers
_MOST_CALLS = 40  # when it is looked for what they print; Python's stack ends somewhere
_UNKNOWN = object()

Entry = tuple[dict[str, Any], str]  # a map of the values, and a key of it


class GuardSearch:
    """The entries that templates ask in the conditions of objects of some kinds, which a regular expression names."""

    def __init__(self, templates: Mapping[str, DefinedTemplate], kinds: str) -> None:
        self._templates = templates
        self._kinds = re.compile(rf"^\s*kind:\s*[\"']?(?:{kinds})[\"']?\s*$|\A\s*(?:{kinds})\s*\Z", re.MULTILINE)
        self._prints: dict[str, bool] = {}
        self._left = _MOST_STEPS
        self._calls = 0  # of helpers that are looked at inside of one another
        self._found: dict[tuple[int, str], Entry] = {}
        self._variables: list[tuple[str, Any]] = []

    def entries(self) -> list[Entry]:
        """What was found, in the order in which it stands in the templates."""
        return list(self._found.values())

    def search(self, name: str, dot: Any, depth: int = 0) -> None:
        """Walks a named template and those that it calls."""
        if name not in self._templates or depth > _DEEPEST or not self._is_printer(name):
            return
        outer, self._variables = self._variables, [("$", dot)]
        self._walk_statements(self._templates[name].definition.body, dot, depth)
        self._variables = outer

    def _walk_statements(self, nodes: list[Statement], dot: Any, depth: int) -> None:
        """Walks statements; the variables that they declare end with them."""
        mark = len(self._variables)
        for node in nodes:
            self._left -= 1
            if self._left < 0:
                break
            if isinstance(node, ActionNode):
                self._declare_variables(node.pipe, dot)
                for name, given in self._list_calls(node.pipe, dot):
                    self.search(name, given, depth + 1)
            elif isinstance(node, TemplateNode):
                self.search(node.name, self._evaluate_node(node.pipe, dot) if node.pipe else None, depth + 1)
            elif isinstance(node, BranchNode):
                self._walk_branch(node, dot, depth)
        del self._variables[mark:]

    def _walk_branch(self, node: BranchNode, dot: Any, depth: int) -> None:
        """Notes what a branch asks if an object stands in it, and walks both of its sides."""
        if not any(map(self._prints_object, (*node.body, *node.otherwise))):
            return
        if node.keyword != "range":
            for entry in self._list_asked(node.pipe, dot, depth):
                self._found.setdefault((id(entry[0]), entry[1]), entry)
        mark = len(self._variables)
        value = self._evaluate_node(node.pipe, dot)
        if node.keyword == "range":
            for key, item in _list_items(value):
                self._variables += zip(node.pipe.variables, _bind_variables(node.pipe, key, item), strict=False)
                self._walk_statements(node.body, item, depth)
                del self._variables[mark:]
        else:
            self._declare_variables(node.pipe, dot)
            self._walk_statements(node.body, value if node.keyword == "with" else dot, depth)
        self._walk_statements(node.otherwise, dot, depth)
        del self._variables[mark:]

    def _prints_object(self, node: Statement) -> bool:
        """Whether a statement prints an object that matters."""
        if isinstance(node, TextNode):
            return self._kinds.search(node.text) is not None
        if isinstance(node, TemplateNode):
            return self._is_printer(node.name)
        if isinstance(node, ActionNode):
            return any(self._is_printer(name) for name, _ in self._list_calls(node.pipe, _UNKNOWN))
        return isinstance(node, BranchNode) and any(map(self._prints_object, (*node.body, *node.otherwise)))

    def _is_printer(self, name: str) -> bool:
        """Whether a named template prints an object that matters, or calls one that does."""
        if name not in self._prints and self._calls < _MOST_CALLS:
            self._prints[name] = False  # while it is looked at, for those that call themselves
            template = self._templates.get(name)
            self._calls += 1
            self._prints[name] = template is not None and any(map(self._prints_object, template.definition.body))
            self._calls -= 1
        return self._prints.get(name, False)

    def _list_calls(self, pipe: PipeNode, dot: Any) -> Iterator[tuple[str, Any]]:
        """The templates that `include` calls in a pipeline, and what they get."""
        for node in _list_nodes(pipe):
            if isinstance(node, CommandNode) and isinstance(node.arguments[0], IdentifierNode):
                named, *given = (*node.arguments[1:], None, None)[:2]
                is_call = node.arguments[0].name == "include" and isinstance(named, ConstantNode)
                if is_call and isinstance(named, ConstantNode) and isinstance(named.value, str):
                    yield str(named.value), _UNKNOWN if given[0] is None else self._evaluate_node(given[0], dot)

    def _list_asked(self, pipe: PipeNode, dot: Any, depth: int) -> Iterator[Entry]:
        """The entries of the values that a pipeline reads, itself or in a helper."""
        for node in _list_nodes(pipe):
            if isinstance(node, FieldNode | VariableNode | ChainNode) and node.names:
                of = self._evaluate_node(node, dot, up_to=-1)
                if isinstance(of, dict):
                    yield of, node.names[-1]
        for name, given in self._list_calls(pipe, dot) if depth < _DEEPEST else ():
            yield from self._asked_by(name, given, depth + 1)

    def _asked_by(self, name: str, dot: Any, depth: int) -> Iterator[Entry]:
        """The entries that a helper reads."""
        template = self._templates.get(name)
        outer, self._variables = self._variables, [("$", dot)]
        for node in _all_nodes(template.definition.body if template else []):
            self._left -= 1
            if isinstance(node, PipeNode) and self._left > 0:
                yield from self._list_asked(node, dot, depth)
        self._variables = outer

    def _declare_variables(self, pipe: PipeNode, dot: Any) -> None:
        """Adds the variables of a pipeline."""
        if pipe.variables:
            value = self._evaluate_node(pipe, dot)
            self._variables += ((name, value) for name in pipe.variables)

    def _evaluate_node(self, node: SyntaxNode | None, dot: Any, up_to: int | None = None) -> Any:
        """The value of an expression as far as it is known; `up_to` cuts its fields."""
        if isinstance(node, PipeNode):
            return self._evaluate_node(node.commands[0], dot) if len(node.commands) == 1 else _UNKNOWN
        if isinstance(node, CommandNode):
            if isinstance(node.arguments[0], IdentifierNode):
                return self._make_map(node, dot)
            return self._evaluate_node(node.arguments[0], dot) if len(node.arguments) == 1 else _UNKNOWN
        if isinstance(node, DotNode):
            return dot
        if isinstance(node, FieldNode):
            return _find_field(dot, node.names[:up_to])
        if isinstance(node, VariableNode):
            known = (value for name, value in reversed(self._variables) if name == node.name)
            return _find_field(next(known, _UNKNOWN), node.names[:up_to])
        return (
            _find_field(self._evaluate_node(node.of, dot), node.names[:up_to])
            if isinstance(node, ChainNode)
            else _UNKNOWN
        )

    def _make_map(self, node: CommandNode, dot: Any) -> Any:
        """What `dict` makes, with keys that are written; of other functions it is not known."""
        name, *arguments = node.arguments
        if not isinstance(name, IdentifierNode) or name.name != "dict":
            return _UNKNOWN
        keys = [one.value for one in arguments[::2] if isinstance(one, ConstantNode)]
        values = [self._evaluate_node(one, dot) for one in arguments[1::2]]
        return dict(zip(keys, values, strict=False)) if len(keys) == len(values) else _UNKNOWN


def _find_field(value: Any, names: tuple[str, ...]) -> Any:
    """A field of a field of a map."""
    for name in names:
        if not isinstance(value, dict):
            return _UNKNOWN
        if not (name == "AsMap" and isinstance(value, MethodMap)):
            value = value.get(name, _UNKNOWN)
    return value


def _list_items(value: Any) -> list[tuple[Any, Any]]:
    """What a loop goes over; one item that is not known where that is not known."""
    if isinstance(value, dict) and value:
        return list(value.items())[:_MOST_ITEMS]
    if isinstance(value, list) and value:
        return list(enumerate(value))[:_MOST_ITEMS]
    return [(_UNKNOWN, _UNKNOWN)]


def _bind_variables(pipe: PipeNode, key: Any, item: Any) -> tuple[Any, ...]:
    """What the variables of a loop get."""
    return (item,) if len(pipe.variables) == 1 else (key, item)


def _list_nodes(pipe: PipeNode) -> Iterator[SyntaxNode]:
    """All that a pipeline holds."""
    for command in pipe.commands:
        yield command
        for one in command.arguments:
            of = one.of if isinstance(one, ChainNode) else one
            yield one
            if isinstance(of, PipeNode):
                yield from _list_nodes(of)


def _all_nodes(nodes: list[Statement]) -> Iterator[SyntaxNode]:
    """The pipelines of statements, and of those inside of them."""
    for node in nodes:
        if isinstance(node, ActionNode | BranchNode) or (isinstance(node, TemplateNode) and node.pipe):
            yield node.pipe  # type: ignore[misc]  # mypy does not see that a pipe is there
        if isinstance(node, BranchNode):
            yield from _all_nodes(node.body)
            yield from _all_nodes(node.otherwise)
