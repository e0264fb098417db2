"""What the API server would say against the objects of a unit, as findings: each rule that stands for a part of it asks here.

The server is asked once for each unit. What belongs to a rule that does not exist is said by `value-rejected`, so that
no refusal is lost.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cache
from weakref import WeakKeyDictionary

from kubeqed.diagnostic import Certainty
from kubeqed.model.admission import Violation, server_of, violations
from kubeqed.model.kustomization import NAMES
from kubeqed.model.object import Object
from kubeqed.model.unit import Found
from kubeqed.parse import Place
from kubeqed.rule.catalogue import rules
from kubeqed.rule.finding import Finding
from kubeqed.rule.world import World

OTHERWISE, MISSPELT = "value-rejected", "field-unknown"

_LAST = re.compile(r"(?:^|(?<=\.))\w+$")  # the last step of a path, when it is a key
ADDED = " (depends on what the kustomization adds to it)"

_Said = dict[str, list[tuple[Object, Violation]]]
_said: WeakKeyDictionary[World, _Said] = WeakKeyDictionary()


def refused(world: World, rule: str) -> Iterator[Finding]:
    """The findings of a rule that speaks for the server."""
    if world not in _said:
        _said[world] = _ask(world)
    for item, violation in _said[world].get(rule, ()):
        place = item.at(violation.place or violation.path)
        added = violation.missing and world.unit.transformed
        yield Finding(
            at=place._replace(path=violation.path),
            message=f"{item} {violation.message}{ADDED if added else ''}",
            at_most=Certainty.POSSIBLE if added else violation.certainty,
            suggestion=violation.suggestion,
            edit=_renamed(item, violation) if rule == MISSPELT else None,
        )


def _renamed(item: Object, violation: Violation) -> tuple[Place, str] | None:
    """The key that a field probably should have, unless the object has that field too."""
    before, meant = _LAST.sub("", violation.path), violation.suggestion
    if meant is None or before == violation.path or item.holds(f"{before}{meant}"):
        return None
    return item.key_at(violation.path), meant


def _ask(world: World) -> _Said:
    server = server_of(world.cluster)
    partial = _partial_directories(world)
    said: _Said = {}
    for item in world.unit.objects:
        for violation in violations(item, server):
            if violation.missing and _is_below(item.file, partial):
                continue
            if violation.rule in _known():
                said.setdefault(violation.rule, []).append((item, violation))
            elif violation.certainty is Certainty.REJECTED:
                said.setdefault(OTHERWISE, []).append((item, violation))
    return said


def _partial_directories(world: World) -> frozenset[str]:
    """The directories with a kustomization: an object below that it does not reach may be a patch of somebody's."""
    if world.unit.found is Found.KUSTOMIZATION:
        return frozenset()
    files = (posixpath.normpath(manifest.file) for manifest in world.graph.input.manifests)
    return frozenset(posixpath.dirname(file) for file in files if posixpath.basename(file) in NAMES)


def _is_below(file: str, directories: frozenset[str]) -> bool:
    directory = posixpath.dirname(posixpath.normpath(file))
    while directory not in directories:
        parent = posixpath.dirname(directory)
        if parent == directory:
            return False
        directory = parent
    return True


@cache
def _known() -> frozenset[str]:
    return frozenset(rule.id for rule in rules())
