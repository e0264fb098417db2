"""Policies as they are after edits: the manifest with them, read and compiled anew."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kubeqed.model.kinds.object import Object
from kubeqed.model.units.read import objects_of
from kubeqed.model.units.unit import Unit
from kubeqed.parse import Unknown, as_written, parse, split_path
from kubeqed.reach import Assumptions
from kubeqed.reach.policies import CompiledPolicy, CompiledRule, PodTerm, PolicyEdit, compile_policies
from kubeqed.sources import SourceFile

_NEW_FILE = "<edit>"
_NO_KEY = "kubeqed.invalid/none"
# What no pod meets stands where something was taken out, so that all else keeps its path while edits are looked for.
_NOBODY = {
    "podSelector": {
        "matchExpressions": [
            {"key": _NO_KEY, "operator": "Exists"},
            {"key": _NO_KEY, "operator": "DoesNotExist"},
        ]
    }
}
_PEERS = {"ingress": "from", "egress": "to"}


class EditedPolicies:
    """The policies of a unit with edits, each compiled once."""

    def __init__(self, unit: Unit, policies: Sequence[CompiledPolicy], assumptions: Assumptions) -> None:
        self._unit, self._policies, self._assumptions = unit, policies, assumptions
        self._known: dict[str, CompiledPolicy | None] = {}

    def compile(self, edits: Sequence[PolicyEdit]) -> tuple[CompiledPolicy, ...]:
        """All policies after the edits, compiled; a rule that is taken out becomes one that matches nothing, so that paths stay."""
        by_object = _group_edits(edits)
        found = []
        for policy in self._policies:
            mine = by_object.get(id(policy.object))
            edited = policy if mine is None else self._compile_edited(policy, mine)
            found += [edited] if edited is not None else []
        made = (self._compile_value(edit.value, _NEW_FILE) for edit in edits if edit.operation == "create")
        found += [one for one in made if one is not None]
        return tuple(sorted(found, key=lambda one: (one.tier, one.priority)))

    def reads_alike(self, policy: CompiledPolicy) -> bool:
        """Whether a policy means the same when it is written out and read again, so that an edit of it can be proved."""
        again = self._compile_value(write_out(policy.object), policy.object.file)
        return again is not None and again._replace(object=policy.object) == policy

    def _compile_edited(self, policy: CompiledPolicy, edits: Sequence[PolicyEdit]) -> CompiledPolicy | None:
        found = self._compile_value(edit_value(write_out(policy.object), edits, keep_places=True), policy.object.file)
        # The object that people know is the one that they wrote.
        return None if found is None else found._replace(object=policy.object)

    def _compile_value(self, value: dict[str, Any], file: str) -> CompiledPolicy | None:
        key = json.dumps(value)
        if key not in self._known:
            part = self._unit.holding(tuple(_read_value(value, file)))
            self._known[key] = next(iter(compile_policies(part, self._assumptions).items), None)
        return self._known[key]


def is_new(policy: CompiledPolicy) -> bool:
    """Whether an edit has made a policy."""
    return policy.object.file == _NEW_FILE


def is_taken_out(rule: CompiledRule) -> bool:
    """Whether an edit has taken a rule out, which keeps its place."""
    return bool(rule.peers) and all(
        isinstance(term, PodTerm) and any(one.key == _NO_KEY for one in term.pods) for term in rule.peers or ()
    )


def edit_unit(unit: Unit, edits: Sequence[PolicyEdit]) -> Unit:
    """The unit after the edits: each edited policy is written out and read again."""
    by_object = _group_edits(edits)
    objects: list[Object] = []
    for item in unit.objects:
        mine = by_object.get(id(item))
        objects += [item] if mine is None else _read_value(edit_value(write_out(item), mine), item.file)
    for edit in edits:
        objects += _read_value(edit.value, _NEW_FILE) if edit.operation == "create" else ()
    return unit.holding(tuple(objects))


def edit_value(value: dict[str, Any], edits: Sequence[PolicyEdit], *, keep_places: bool = False) -> dict[str, Any]:
    """A manifest after edits, whose paths are those of the manifest before all of them."""
    found = json.loads(json.dumps(value))
    for edit in edits:
        if edit.operation == "add":
            _find_list(found, split_path(edit.path)).extend(edit.value)
    others = [edit for edit in edits if edit.operation in ("remove", "insert")]
    for edit in sorted(others, key=lambda one: _rank_path(one.path), reverse=True):
        *where, at = split_path(edit.path)
        items = _find_list(found, where)
        if edit.operation == "insert":
            items[at:at] = edit.value
        elif keep_places:
            items[at] = _NOBODY if len(where) > 2 else {_PEERS[str(where[-1])]: [_NOBODY]}
        else:
            items.pop(at)
    return dict(found)


def _rank_path(path: str) -> tuple[int, int]:
    """Of what stands deeper or later nothing moves what comes before it."""
    steps = split_path(path)
    return len(steps), int(steps[-1])


def write_out(item: Object) -> dict[str, Any]:
    """An object as JSON values; a placeholder is the text that stands in the manifest."""
    return dict(_write_value(item.identity.root))


def _write_value(value: Any) -> Any:
    value = as_written(value)
    if isinstance(value, Unknown):
        return value.text
    if isinstance(value, dict):
        return {key: _write_value(one) for key, one in value.items()}
    return [_write_value(one) for one in value] if isinstance(value, list) else value


def _read_value(value: dict[str, Any], file: str) -> Iterator[Object]:
    for placed in parse(SourceFile(file, json.dumps(value).encode())).documents:
        yield from objects_of(placed)


def _find_list(value: Any, steps: Iterable[str | int]) -> Any:
    """The list at a path, which is made where it is not there."""
    *where, last = steps
    for step in where:
        value = value[step]
    if value.get(last) is None:
        value[last] = []
    return value[last]


def _group_edits(edits: Iterable[PolicyEdit]) -> dict[int, list[PolicyEdit]]:
    found: dict[int, list[PolicyEdit]] = {}
    for edit in edits:
        if edit.object is not None and edit.operation != "create":
            found.setdefault(id(edit.object), []).append(edit)
    return found
