"""The lines of a file as a report may show them: `*` stands for each confidential character, so that columns stay."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import NamedTuple

from kubeqed.model.confidential import EMBEDDED_SECRET, Steps, hides, hides_key, is_program_text, masked, visible
from kubeqed.parse import Document, Mapping, Mark, Parsed, Sequence, Value, split_lines, unpack

_NAMED = re.compile(r"\s*(- )?[\"']?(apiVersion|kind|name|namespace|type)[\"']?\s*:\s*[^{\[]*\Z")
_ENTRY = re.compile(r"(?P<head>\s*(?:- )*[\"']?[^\s\"':,{}\[\]]+[\"']?\s*:)(?=\s|\Z)(?P<rest>.*)\Z")
_SENSITIVE = re.compile(
    r"\b(value|args?|cmd|commands?|env|data|literals|httpHeaders|last-applied-configuration)[\"']?\s*:"
)


class _Hidden(NamedTuple):
    """A confidential place and its text; of a program's text a part may be shown."""

    mark: Mark
    text: str | None = None
    of_program: bool = False


def masked_lines(parsed: Parsed, services: Collection[str]) -> list[str]:
    """The lines of a file, masked; `services` are the names of the Services of its units, which may be shown."""
    lines = split_lines(parsed.text)
    if not parsed.documents:  # nothing of it was parsed
        return _without_tree(lines)
    starts = [placed.first_line for placed in parsed.documents]
    for placed, start, end in zip(parsed.documents, starts, [*starts[1:], len(lines)], strict=True):
        lines[start:end] = _masked_document(lines[start:end], placed.document, services)
    return lines


def _masked_document(lines: list[str], document: Document, services: Collection[str]) -> list[str]:
    merges = any("<<" in line for line in lines)
    if document.root is None or document.problems or merges:  # the tree lacks what is defined twice or merged
        lines = _without_tree(lines)
    marks: set[Mark] = set()
    found = list(_hidden(document.root, marks))
    if document.aliases:
        found += _anchored(document.root, {item.text for item in found if item.text})
    order = sorted(marks)
    following = dict(pairwise(order))
    for item in found:
        _mask(lines, item, following.get(item.mark), services)
    return lines


def _hidden(root: Value, marks: set[Mark]) -> Iterator[_Hidden]:
    """The confidential scalars and keys below `root`; `marks` takes the mark of every key, value and item."""
    stack: list[tuple[Value, Steps, int]] = [(root, (), 0)]
    seen: set[tuple[int, bool]] = set()
    while stack:
        node, above, depth = stack.pop()
        if not isinstance(node, Mapping | Sequence) or (id(node), depth > 0) in seen:
            continue
        seen.add((id(node), depth > 0))
        marks.update(node.marks)
        for step, value, mark in _children(node):
            below = depth + 1 if depth or hides(node, step, above) else 0
            yield from _hidden_here(node, step, value, mark, (*above, step), (depth, below))
            stack.append((value, (*above, step), below))


def _hidden_here(
    node: Mapping | Sequence, step: str | int, value: Value, mark: Mark, steps: Steps, depths: tuple[int, int]
) -> Iterator[_Hidden]:
    depth, below = depths
    if isinstance(node, Mapping) and isinstance(step, str) and hides_key(step, value, depth):
        yield _Hidden(node.key_mark(step))
    text = value if isinstance(value, str) else None
    if below and not isinstance(value, Mapping | Sequence):
        yield _Hidden(mark, text, is_program_text(steps))
    elif text is not None and EMBEDDED_SECRET.search(text):
        yield _Hidden(mark)


def _children(node: Mapping | Sequence) -> Iterator[tuple[str | int, Value, Mark]]:
    if isinstance(node, Mapping):
        for (key, value), mark in zip(node.items(), node.marks[1::2], strict=False):
            yield key, value, mark
    else:
        yield from zip(range(len(node)), node, node.marks, strict=False)


def _anchored(root: Value, texts: set[str]) -> Iterator[_Hidden]:
    """Where an anchor holds what an alias puts into a confidential place."""
    stack = [root]
    seen: set[int] = set()
    while stack:
        node = stack.pop()
        if isinstance(node, Mapping | Sequence) and id(node) not in seen:
            seen.add(id(node))
            for _, value, mark in _children(node):
                stack.append(value)
                if isinstance(value, str) and value in texts:
                    yield _Hidden(mark)


def _mask(lines: list[str], item: _Hidden, following: Mark | None, services: Collection[str]) -> None:
    """Masks a scalar up to the next key or item: where a scalar of several lines ends, no mark says."""
    line, column, end = unpack(item.mark)
    next_line, next_column, _ = unpack(following) if following is not None else (len(lines), 0, 0)
    if line >= len(lines):
        return
    text = lines[line]
    lines[line] = text[:column] + _seen(text[column:end], item, services) + text[end:]
    for number in range(line + 1, min(next_line, len(lines))):
        lines[number] = masked(lines[number])
    if line < next_line < len(lines):
        text = lines[next_line]
        head = text[:next_column]
        lines[next_line] = (masked(head) if head.strip(" -[{,?") else head) + text[next_column:]


def _seen(written: str, item: _Hidden, services: Collection[str]) -> str:
    """What may be seen of a scalar as written, of the same length."""
    quoted = len(written) > 1 and written[0] in "'\"" and written[-1] == written[0]
    inner = written[1:-1] if quoted else written
    if not item.of_program or item.text != inner:
        return masked(written)
    return written.replace(inner, visible(inner, services))


def _without_tree(lines: list[str]) -> list[str]:
    """Lines of which no tree says what is confidential."""
    secret = EMBEDDED_SECRET.search("\n".join(lines)) is not None
    return [_without_values(line, secret=secret) for line in lines]


def _without_values(line: str, *, secret: bool) -> str:
    """A line whose context is lost: keys are left, and values under keys that hold no secrets."""
    sensitive = secret or _SENSITIVE.search(line) is not None
    entry = _ENTRY.match(line)
    if not line.strip() or line.startswith(("---", "...")) or (_NAMED.match(line) and not _SENSITIVE.search(line)):
        return line
    if entry is None:
        return masked(line)
    return entry["head"] + masked(entry["rest"]) if sensitive else line
