"""Field paths with dots as replacements and variables write them (kyaml's PathGetter and PathMatcher)."""

from __future__ import annotations

import re

from kubeqed.build.kustomize.resources.fields import split_path
from kubeqed.build.kustomize.resources.patterns import compiled, finds
from kubeqed.build.node import Entries, OriginNode
from kubeqed.build.refusal import RefusalError, node_kind

_INDEXED = re.compile(r"(.*)\[(\d+)\]")


def split_field_path(path: str) -> list[str]:
    r"""The steps of `spec.containers.[name=web].image`; dots in brackets and after a backslash do not part steps."""
    steps: list[str] = []
    waiting = list(split_path(path, "."))
    while waiting:
        step = waiting.pop(0)
        if step.startswith("[") and not step.endswith("]"):
            while waiting and not step.endswith("]"):
                step = f"{step}.{waiting.pop(0)}"
            step = step if "=" in step else step.strip("[]")
        steps.append(step)
    return steps


def look_up(root: OriginNode, steps: list[str]) -> OriginNode | None:
    """The node at a path, None where nothing is there; a RefusalError where the path does not fit the tree."""
    node: OriginNode | None = root
    for step in filter(None, (step.strip() for step in steps)):
        if node is None or node.value is None:
            return None
        node = _take_step(node, step)
    return node


def _take_step(node: OriginNode, step: str) -> OriginNode | None:
    """What one step of a path leads to: a key, an index, `-` for the last item, or `[name=value]`."""
    if step.lstrip("-").isdigit() or step == "-":
        return _find_item(node, step)
    if step == "*":
        raise RefusalError("wildcard is not supported in PathGetter")
    if step.startswith("[") and step.endswith("]"):
        name, value = _parse_condition(step)
        _check_type(node, list)
        return next((item for item in node.items if _meets_condition(item, name, value)), None)
    _check_type(node, dict)
    return node.entries.get(step)


def _find_item(node: OriginNode, step: str) -> OriginNode | None:
    _check_type(node, list)
    if step == "-":
        return node.items[-1] if node.items else None
    if int(step) < 0:
        raise RefusalError(f"array index {step} cannot be negative")
    return node.items[int(step)] if int(step) < len(node.items) else None


def _meets_condition(item: OriginNode, name: str, value: str) -> bool:
    return item.is_scalar and item.text == value if not name else name in item.entries and item.text_at(name) == value


def _parse_condition(step: str) -> tuple[str, str]:
    """Name and value of `[name=value]`; the name is empty for an item that is the value."""
    name, sign, value = step.removesuffix("]").removeprefix("[").partition("=")
    if not sign:
        raise RefusalError("list path element must contain fieldName=fieldValue for element to match")
    return name, value


def _check_type(node: OriginNode, wanted: type) -> None:
    if not isinstance(node.value, wanted):
        expected = "MappingNode" if wanted is dict else "SequenceNode"
        raise RefusalError(f"wrong node kind: expected {expected} but got {node_kind(node)}")


def split_indices(steps: list[str]) -> list[str]:
    """`containers[0]` as two steps, as variables write it."""
    parts: list[str] = []
    for step in steps:
        match = _INDEXED.fullmatch(step)
        parts += [part for part in match.groups() if part] if match else [step]
    return parts


class PathMatcher:
    """All nodes at a path, whose `[name=pattern]` and `*` may match several.

    With `create`, what is missing on the way is made: a list where an item is asked for, the last node a copy of
    `create` in kind. What is made has the place of `create`.
    """

    def __init__(self, create: OriginNode | None) -> None:
        self._create = create

    def find(self, node: OriginNode, steps: list[str]) -> list[OriginNode]:
        """The nodes; a RefusalError where the path does not fit the tree."""
        if not steps:
            return [node]
        step, rest = steps[0], steps[1:]
        if step.isdigit():
            return self._at_index(node, int(step), rest)
        if step.startswith("[") and step.endswith("]"):
            return self._enter_matching(node, step, rest)
        if step == "*":
            _check_type(node, list)
            return [found for item in node.items for found in self.find(item, rest)]
        return self._in_field(node, step, rest)

    def _in_field(self, node: OriginNode, step: str, rest: list[str]) -> list[OriginNode]:
        """Goes on into an entry of a mapping; into the text of a scalar it does not lead."""
        if node.value is None:
            return []
        _check_type(node, dict)
        field = node.entries.get(step)
        if field is None:
            if self._create is None:
                return []
            field = self._make_empty(self._create, rest)
            node.set(step, field)
        if field.is_scalar and field.value is not None and rest:
            return []
        return self.find(field, rest)

    def _at_index(self, node: OriginNode, index: int, rest: list[str]) -> list[OriginNode]:
        _check_type(node, list)
        if index == len(node.items) and self._create is not None:
            node.items.append(self._make_empty(self._create, rest))
        if index >= len(node.items):
            raise RefusalError(f"index {index} specified but only {len(node.items)} elements found")
        return self.find(node.items[index], rest)

    def _enter_matching(self, node: OriginNode, step: str, rest: list[str]) -> list[OriginNode]:
        """Goes on into all items that match a pattern, and into one that is made where none does."""
        name, pattern = _parse_condition(step)
        _check_type(node, list)
        meant = compiled(pattern)
        items = [item for item in node.items if name == "" or name in item.entries]
        found = [item for item in items if finds(meant, item.text if name == "" else item.text_at(name))]
        if not found and self._create is not None:
            value = self._create.like(pattern)
            inside: Entries = {name: value}
            node.items.append(value if name == "" else self._create.like(inside))
            found = [node.items[-1]]
        return [below for item in found for below in ([item] if name == "" else self.find(item, rest))]

    @staticmethod
    def _make_empty(by: OriginNode, rest: list[str]) -> OriginNode:
        """An empty node of the kind that the rest of the path asks for."""
        is_list = bool(rest) and (rest[0].isdigit() or (rest[0].startswith("[") and rest[0].endswith("]")))
        if is_list or (not rest and isinstance(by.value, list)):
            return by.like([])
        return by.like({} if rest or isinstance(by.value, dict) else None)
