"""What a comparison does not claim: policies that may decide otherwise about what changed, and what was not compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.producer import Producer
from kubeqed.model.units.unit import Unit
from kubeqed.reach.caveats.limits import find_gaps
from kubeqed.reach.caveats.unmodelled import UnmodelledPolicy
from kubeqed.reach.namespaces import NAME_LABEL, namespace_of
from kubeqed.reach.peer import Group, Representative
from kubeqed.reach.query.answer import ReachResult
from kubeqed.reach.query.policy_doubts import PolicyDoubt, name_doubted_peers

Pair = tuple[Group, Group]


class VersionDoubts(NamedTuple):
    """The policies of other engines of one version that may decide otherwise about connections.

    `doubts` are about pods that manifests show, the policies of `about_absent` about pods that no manifest shows.
    """

    unit: Unit
    doubts: tuple[PolicyDoubt, ...]
    about_absent: tuple[UnmodelledPolicy, ...]


def find_version_doubts(old: ReachResult, new: ReachResult, pairs: list[Pair]) -> Iterator[VersionDoubts]:
    """What may be otherwise about connections between groups: by the new version, then by policies of the old one alone."""
    for answer, other in ((new, None), (old, new)) if pairs else ():
        known = {one.title for one in other.foreign.every} if other is not None else set()
        policies = [one for one in _find_doubts(answer, pairs) if one.title not in known]
        more = [one for one in _about_absent(answer, pairs) if one.title not in known and one not in policies]
        others = tuple(one for one in more if all(one.object is not mine.object for mine in policies))
        yield VersionDoubts(answer.unit, tuple(name_doubted_peers(answer, policies)), others)


def find_uncompared_gaps(old: Unit, new: Unit) -> Iterator[Producer]:
    """What may hold or create objects without being one that could be compared itself; of both versions once."""
    objects = {str(item) for unit in (old, new) for item in unit.objects}
    found = {one.text: one for unit in (old, new) for one in find_gaps(unit) if one.text not in objects}
    yield from found.values()


def _find_doubts(answer: ReachResult, pairs: list[Pair]) -> list[UnmodelledPolicy]:
    sources, destinations = (_collect_workloads(answer, (pair[at] for pair in pairs)) for at in (0, 1))
    return answer.foreign.about(sources, destinations)


def _collect_workloads(answer: ReachResult, groups: Iterable[Group]) -> frozenset[Workload]:
    """The workloads of some groups."""
    peers = {peer for group in groups for peer in group.workloads}
    return frozenset(
        endpoint.workload
        for peer, endpoints in answer.names.endpoints.items()
        if peer.identity in peers
        for endpoint in endpoints
    )


def _about_absent(answer: ReachResult, pairs: list[Pair]) -> Iterator[UnmodelledPolicy]:
    """Policies of the namespaces that absent pods are said to be of, and of all namespaces."""
    absent = {one for pair in pairs for group in pair for one in group.absent}
    spaces = {name for one in absent if (name := _find_namespace(one)) is not None}
    for policy in answer.foreign.every if absent else ():
        if policy.object.namespace is None or namespace_of(policy.object) in spaces:
            yield policy


def _find_namespace(one: Representative) -> str | None:
    return dict(one.namespaces.labels).get(NAME_LABEL)
