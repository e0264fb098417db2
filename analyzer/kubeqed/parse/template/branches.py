"""The branches of `{{ if }} … {{ else }} … {{ end }}`, of which one document never holds two.

Read as one text they may make something that neither would: `volumeDevices:` in one branch, `volumeMounts:` in the other, and the list of
both behind the end. Such a text is read without the other branches. Where the branches stand beside one another, as they mostly do,
all are read, so that what is wrong in any of them is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kubeqed.parse.template.action import Action, ActionKind
from kubeqed.parse.tree.mark import Mark
from kubeqed.parse.tree.nodes import Mapping, Sequence, Value

Tree = tuple[Value, Mark]
Holders = dict[tuple[Mark, bool], Mark]
"""By the place of each key, and of each item, the place of the mapping or list that holds it."""


def find_other_branches(text: str, actions: Iterable[Action]) -> Iterator[tuple[int, int]]:
    """(first line, last line) of what stands between an `else` and the end of its block, on lines of its own."""
    opened: list[int | None] = []
    line = seen = 0
    for action in actions:
        line += text.count("\n", seen, action.start)
        seen = action.start
        if action.does is ActionKind.OPENS:
            opened.append(None)
        elif action.does is ActionKind.OTHERWISE and opened and opened[-1] is None:
            opened[-1] = line + text.count("\n", action.start, action.end)
        elif action.does is ActionKind.CLOSES and opened:
            otherwise = opened.pop()
            if otherwise is not None and otherwise + 1 < line:
                yield otherwise + 1, line - 1


def are_tangled(whole: Iterable[Tree], first: Iterable[Tree]) -> bool:
    """Whether the other branches put something of the first ones, or of what follows, into another mapping or list.

    `whole` are the trees of a text, `first` those of the same text without its other branches.
    """
    holders = _find_holders(whole)
    return any(holders.get(place, holder) != holder for place, holder in _find_holders(first).items())


def _find_holders(trees: Iterable[Tree]) -> Holders:
    found: Holders = {}
    seen: set[int] = set()  # aliases make one node stand in several places
    left = list(trees)
    while left:
        node, holder = left.pop()
        if id(node) in seen or not isinstance(node, Mapping | Sequence):
            continue
        seen.add(id(node))
        if isinstance(node, Mapping):
            found |= {(mark, False): holder for mark in node.marks[::2]}
            left += zip(node.values(), node.marks[1::2], strict=True)
        else:
            found |= {(mark, True): holder for mark in node.marks}
            left += zip(node, node.marks, strict=True)
    return found
