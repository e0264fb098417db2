"""Whether the workload that an autoscaler names is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.model.kinds.autoscaler import Autoscaler
from kubeqed.model.kinds.object import Object, ObjectReference
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.values.match import Match, same_value
from kubeqed.prove.clauses.missing_answer import MissingAnswer
from kubeqed.prove.clauses.named_object import find_named
from kubeqed.prove.engine.answer import HOLDS
from kubeqed.resolve import Resolver
from kubeqed.resolve.missing.reference import Candidate, MissingReference

_SCALED = ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController")
_ROLE = re.compile(r"[-_.](?:hpa|vpa|autoscaler|autoscale|scaler|scaledobject|scaled-object|so)\Z")


class ScaleTargetExists(NamedTuple):
    """The workload that an autoscaler names stands in its namespace. A custom resource, or no name, holds."""

    autoscaler: Autoscaler

    def answer(self, graph: Resolver) -> MissingAnswer:
        """Depends, in an open world, on objects outside the input.

        Besides what is near, a workload of the name and another kind is a candidate, and one that has the autoscaler's own name
        and that nothing scales, where nothing could make the one that is named.
        """
        reference = next(self.autoscaler.references(), None)
        if reference is None or any(_list_of_old_group(graph, reference)):
            return MissingAnswer(HOLDS)
        answer = find_named(graph, reference)
        found = answer.missing
        if found is not None and found.candidate is None:
            beside = [item for item in graph.unit.workloads if _stands_beside(item, reference)]
            others = list(_find_namesakes(graph, self.autoscaler, reference, beside))
            candidate = others[0] if len(others) == 1 else None
            answer.missing = MissingReference(candidate, found.producers, excused=False, alone=len(others) == 1)
        return answer


def _list_of_old_group(graph: Resolver, reference: ObjectReference) -> list[tuple[Object, Match]]:
    """The workloads that are written in the group that they once had."""
    old = ("extensions", reference.target[1])
    return list(graph.named(old, reference.namespace, reference.name))


def _stands_beside(item: Workload, reference: ObjectReference) -> bool:
    return item.kind in _SCALED and same_value(item.namespace, reference.namespace) is Match.YES


def _find_namesakes(
    graph: Resolver, autoscaler: Autoscaler, reference: ObjectReference, beside: list[Workload]
) -> Iterator[Candidate]:
    own = _ROLE.sub("", autoscaler.name) if isinstance(autoscaler.name, str) else ""
    for item in beside:
        if same_value(item.name, reference.name) is Match.YES:
            yield Candidate(item, "kind", f"{item} has this name")
        elif _is_unscaled_namesake(graph, item, own, reference):
            yield Candidate(item, "metadata.name", f"{item} has the name of the autoscaler, and nothing scales it")


def _is_unscaled_namesake(graph: Resolver, item: Workload, name: str, reference: ObjectReference) -> bool:
    named = isinstance(item.name, str) and item.name == name and item.kind == reference.target[1]
    return named and not graph.unit.producers and not graph.scalers.of(item)
