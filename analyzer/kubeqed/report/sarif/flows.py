"""The way of the traffic through the objects that a finding reasons about, as GitHub shows under *Show paths*."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sarif_om import CodeFlow, ThreadFlow, ThreadFlowLocation

from kubeqed.report.sarif.places import MOST_LINKS, build_location, build_logical_location, build_message, escape_links

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kubeqed.diagnostic import Diagnostic, EvidenceFact

ENTRIES = frozenset({"Gateway", "Ingress"})
WORKLOADS = frozenset(
    {"CronJob", "DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet", "ReplicationController", "StatefulSet"}
)
ENTRY, ROUTE, SERVICE, WORKLOAD = range(4)


def build_code_flows(finding: Diagnostic, root: str | None) -> list[CodeFlow] | None:
    """One flow of the stated facts, from where traffic enters to the pods; None where they tell of no way."""
    if finding.evidence and finding.evidence.way:
        return _build_flow([step for fact in finding.evidence.way for step in _list_located(fact, root)])
    facts = finding.evidence.facts if finding.evidence else ()
    way = sorted((step for fact in facts for step in _list_steps(fact, root)), key=lambda step: step[0])
    if len({station for station, _ in way}) < 2:
        return None
    return _build_flow([step for _, step in way])


def _build_flow(steps: list[ThreadFlowLocation]) -> list[CodeFlow] | None:
    return [CodeFlow(thread_flows=[ThreadFlow(locations=steps[:MOST_LINKS])])] if steps else None


def _list_steps(fact: EvidenceFact, root: str | None) -> Iterator[tuple[int, ThreadFlowLocation]]:
    """The step that a fact is, unless no line states it or its object is none of the way."""
    station = _rank_kind(fact.object.kind) if fact.object else None
    if station is not None:
        yield from ((station, step) for step in _list_located(fact, root))


def _list_located(fact: EvidenceFact, root: str | None) -> Iterator[ThreadFlowLocation]:
    """The step of a fact, unless no line states it."""
    if fact.span and fact.object:
        there = build_location(fact.span, root)
        there.message = build_message(f"{escape_links(fact.text).removesuffix('.')}.")
        there.logical_locations = [build_logical_location(fact.object, "")]
        yield ThreadFlowLocation(location=there)


def _rank_kind(kind: str) -> int | None:
    """How far along the way an object of this kind stands."""
    if kind in ENTRIES:
        return ENTRY
    if kind.endswith("Route"):
        return ROUTE
    if kind == "Service":
        return SERVICE
    return WORKLOAD if kind in WORKLOADS else None
