"""Edits of policies, for people and as JSON: what `why` says of a pair, and `prove` of an intent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kubeqed.model.kinds.object import Object
from kubeqed.reach.verdicts import PolicyEdit
from kubeqed.report.block import yaml_block
from kubeqed.report.entries import changed_json, object_json, place_json
from kubeqed.report.words import changed_text, escape_text

_PURPOSES = {"allow": "to allow", "forbid": "to forbid", "hold": "it would hold"}


def edit_lines(edits: Sequence[PolicyEdit]) -> Iterator[str]:
    """The edits, all of which it takes, each with the YAML to write."""
    for number, edit in enumerate(edits):
        start = "and" if number else _PURPOSES[edit.purpose]
        yield f"{start}: {describe_edit(edit)}" + (":" if edit.value is not None else "")
        yield from (f"    {line}" for line in (yaml_block(edit.value) if edit.value is not None else ()))


def describe_edit(edit: PolicyEdit) -> str:
    """What to do, and where."""
    item = edit.object
    where = f"{item}, {object_place(item, edit.path)}" if item is not None else ""
    said = {
        "create": "add this object" + (f", beside {where}" if where else ""),
        "add": f"add this to {edit.path} of {where}",
        "insert": f"put this before {edit.path} of {where}",
        "remove": f"remove {edit.path} of {where}",
        "advice": edit.text + (f": {edit.path} of {where}" if edit.path else f": {where}" if where else ""),
    }[edit.operation]
    return f"{said} ({edit.text})" if edit.text and edit.operation != "advice" else said


def object_place(item: Object, path: str) -> str:
    """`file:line` of a field, and the lines of patches that set a part of it."""
    span = item.at(path).span
    return f"{span.file}:{span.line}{changed_text(item.changed_at(path))}"


def edit_json(edit: PolicyEdit) -> dict[str, Any]:
    """A change that turns the verdict."""
    return {
        "purpose": edit.purpose,
        "operation": edit.operation,
        "object": object_json(edit.object.key) if edit.object is not None else None,
        "path": edit.path,
        **changed_place_json(edit.object, edit.path),
        "value": edit.value,
        "text": escape_text(edit.text),
    }


def changed_place_json(item: Object | None, path: str) -> dict[str, Any]:
    """The place of a field; with the lines of patches that set a part of it, if there are some."""
    if item is None:
        return place_json(None)
    return {**place_json(item.at(path).span), **changed_json(item.changed_at(path))}
