"""What a comparison does not claim: policies that may decide otherwise about what changed, and what was not compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.producer import Producer
from kubeqed.model.units.unit import Unit
from kubeqed.reach.caveats.unmodelled import UnmodelledPolicy
from kubeqed.reach.caveats.unseen import find_gaps
from kubeqed.reach.namespaces import NAME_LABEL, namespace_of
from kubeqed.reach.peer import Group, Representative
from kubeqed.reach.query.answer import ReachResult
from kubeqed.report.reach.caveats import UnlessLine, missing_text, policies_with_peers, unless_lines, unless_text
from kubeqed.report.words import escape_text

Pair = tuple[Group, Group]


class DiffUnless(NamedTuple):
    """The policies of other engines that may decide otherwise about connections, and lines that say so.

    `absent_lines` are about pods that no manifest shows.
    """

    unless: tuple[UnlessLine, ...] = ()
    lines: tuple[str, ...] = ()
    absent_lines: tuple[str, ...] = ()


def find_unless_lines(old: ReachResult, new: ReachResult, pairs: list[Pair]) -> DiffUnless:
    """What may be otherwise about connections between groups."""
    found: list[UnlessLine] = []
    lines: list[str] = []
    absent_lines: list[str] = []
    if not pairs:
        return DiffUnless()
    for answer, other in ((new, None), (old, new)):
        known = {one.title for one in other.foreign.every} if other is not None else set()
        policies = [one for one in _about(answer, pairs) if one.title not in known]
        found += policies_with_peers(answer, policies)
        lines += unless_lines(policies, answer)
        unseen = [one for one in _about_absent(answer, pairs) if one.title not in known and one not in policies]
        absent_lines += _absent_lines(
            [one for one in unseen if all(one.object is not mine.object for mine in policies)]
        )
    return DiffUnless(tuple(found), tuple(lines), tuple(absent_lines))


def unread_lines(old: Unit, new: Unit) -> Iterator[Producer]:
    """What may hold or create objects without being one that could be compared itself; of both versions once."""
    objects = {str(item) for unit in (old, new) for item in unit.objects}
    found = {one.text: one for unit in (old, new) for one in find_gaps(unit) if one.text not in objects}
    yield from found.values()


PARTIAL = (
    "incomplete: policies may treat pods that no manifest shows in too many ways to compare them all; only some of those"
    " that differing policies select were compared"
)


def missing_line(missing: Iterable[Producer]) -> str:
    """The line that names what was not compared."""
    return escape_text(f"incomplete: {missing_text(list(missing))} may hold or create what is not compared")


def _about(answer: ReachResult, pairs: list[Pair]) -> list[UnmodelledPolicy]:
    sources, destinations = (_workloads(answer, (pair[at] for pair in pairs)) for at in (0, 1))
    return answer.foreign.about(sources, destinations)


def _workloads(answer: ReachResult, groups: Iterable[Group]) -> frozenset[Workload]:
    peers = {peer for group in groups for peer in group.workloads}
    return frozenset(
        endpoint.workload
        for peer, endpoints in answer.names.endpoints.items()
        if peer._replace(stopped=False) in peers
        for endpoint in endpoints
    )


def _about_absent(answer: ReachResult, pairs: list[Pair]) -> Iterator[UnmodelledPolicy]:
    """Policies of the namespaces that absent pods are said to be of, and of all namespaces."""
    absent = {one for pair in pairs for group in pair for one in group.absent}
    spaces = {name for one in absent if (name := _namespace(one)) is not None}
    for policy in answer.foreign.every if absent else ():
        if policy.object.namespace is None or namespace_of(policy.object) in spaces:
            yield policy


def _namespace(one: Representative) -> str | None:
    return dict(one.namespaces.labels).get(NAME_LABEL)


def _absent_lines(policies: list[UnmodelledPolicy]) -> Iterator[str]:
    by_kind: dict[str, list[UnmodelledPolicy]] = {}
    for one in policies:
        by_kind.setdefault(one.kind, []).append(one)
    for several in by_kind.values():
        yield escape_text(f"{unless_text(several)} about pods that no manifest shows")
