"""What an answer does not claim: policies that may say otherwise, and what the answer lacks. A line for each, in all formats."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from kubeqed.diagnostic import Notice, NoticeKind, list_some, list_text
from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.producer import Producer
from kubeqed.model.units.unit import Unit
from kubeqed.reach import Connection, Guesses, PlacementCondition, UnitConnections, UnmodelledPolicy, namespace_of
from kubeqed.reach.algebra import display, encode, format_ports
from kubeqed.report.reach.words import MOST_NAMES, condition_text, group_text
from kubeqed.report.unit_names import join_text, unit_text
from kubeqed.report.words import escape_text

MOST_LINES = 8
MOST_WORKLOADS = 3
MOST_MISSING = 3
MOST_SORTS = 6

_KIND = re.compile(r"[A-Z]\w*(?= )")
_SORTS = (  # what the text of a producer holds; one of the sort, and several
    ("document that cannot be read", "document that cannot be read", "documents that cannot be read"),
    ("template that was not rendered", "template that was not rendered", "templates that were not rendered"),
    ("document with placeholders", "document with placeholders", "documents with placeholders"),
    ("not among the files read", "reference to what is not read", "references to what is not read"),
    ("which was not read", "file or directory that was not read", "files or directories that were not read"),
    ("which is ", "part that was not built", "parts that were not built"),
    ("could not be built", "part that was not built", "parts that were not built"),
    ("chart", "chart", "charts"),
)
_OTHERS = ("other thing", "other things")


class Traffic(NamedTuple):
    """Whose ingress and egress; `outside` says that only peers outside the cluster count."""

    ingress: frozenset[Workload]
    egress: frozenset[Workload]
    outside: bool


def caveat_sentences(one: UnitConnections) -> list[str]:
    """Sentences without a full stop; none where the answer knows all."""
    return [
        *depending_lines(one.depending),
        *unless_lines([doubt.policy for doubt in one.doubts], one.unit),
        *incomplete_lines(one.missing),
        *map(guess_line, guess_notices(one.guesses)),
    ]


def depending_lines(found: Sequence[tuple[Connection, PlacementCondition]]) -> list[str]:
    """`depends: {ingress-controller} => shop/web[Pod] : TCP 80, if it runs as …`; of many the first, and how many more."""
    lines = [
        f"depends: {group_text(one.sources)} => {group_text(one.destinations)} : {format_ports(one.ports)},"
        f" {condition_text(condition)}"
        for one, condition in found[:MOST_LINES]
    ]
    more = len(found) - len(lines)
    return [*lines, *([f"depends: {more:,} more connections, on where the ingress controller runs"] if more else [])]


def unless_lines(policies: Iterable[UnmodelledPolicy], unit: Unit) -> list[str]:
    """`unless CiliumNetworkPolicy shop/db says otherwise: …`; policies about the same traffic share a line."""
    groups: dict[tuple[str, Traffic], list[UnmodelledPolicy]] = {}
    for one in policies:
        traffic = Traffic(one.ingress, one.egress, one.outside)
        groups.setdefault((one.kind, traffic), []).append(one)
    if len(groups) <= MOST_LINES:
        return [_unless_sentence(several, traffic, unit) for (_, traffic), several in groups.items()]
    by_kind: dict[str, list[UnmodelledPolicy]] = {}
    for (kind, _), several in groups.items():
        by_kind.setdefault(kind, []).extend(several)
    return [_unless_sentence(several, _unite_traffic(several), unit) for several in by_kind.values()]


def incomplete_lines(missing: Sequence[Producer]) -> Iterator[str]:
    """That objects may be missing, and what may hold or create them; at most one line."""
    if missing:
        yield escape_text(
            f"incomplete: {missing_text(missing)} may hold or create pods, Services and policies that are not in the answer"
        )


def guess_line(notice: Notice) -> str:
    """A notice about a guess below an answer."""
    return f"{'warning: ' if notice.kind is NoticeKind.UNMET_POLICIES else ''}{escape_text(notice.text)}"


def guess_notices(guesses: Guesses) -> Iterator[Notice]:
    """What was joined by guess and whom that governs, and the policies that were applied to nothing."""
    for join, governed in guesses.joins:
        whom = governed.workloads
        only = f"only so its policies govern {_list_few([str(peer) for peer in whom])}" if whom else ""
        yield Notice(NoticeKind.GUESSED_JOIN, None, join_text(guesses.unit, join, only))
    yield from unmet_notices(guesses)


def unmet_notices(guesses: Guesses) -> Iterator[Notice]:
    """The policies of a guessed unit that were applied to nothing; at most one notice."""
    if policies := guesses.unmet:
        text = _unmet_sentence(guesses.unit, policies)
        yield Notice(NoticeKind.UNMET_POLICIES, policies[0].at("metadata.name").span, text)


def _unmet_sentence(unit: Unit, policies: Collection[Object]) -> str:
    """That policies select no pod of a unit."""
    alone = len(policies) == 1
    if not unit.workloads:
        count = "only policy was" if alone else f"{len(policies):,} policies were"
        return f"{unit_text(unit)} has no workloads; its {count} applied to nothing"
    names = _list_few([str(policy) for policy in policies])
    return f"{names} {'selects' if alone else 'select'} no pod of {unit_text(unit)}"


def unless_text(several: Sequence[UnmodelledPolicy]) -> str:
    """`unless CiliumNetworkPolicy shop/db says otherwise`; of several of a kind the first twenty by name."""
    first = several[0]
    if len(several) == 1:
        return f"unless {first.kind} {first.name} says otherwise"
    names = list_text([one.name for one in several], MOST_NAMES)
    return f"unless one of {len(several)} {first.kind} ({names}) says otherwise"


def _unless_sentence(several: list[UnmodelledPolicy], traffic: Traffic, unit: Unit) -> str:
    span = several[0].place.span
    where = f" ({span.file}:{span.line})" if len(several) == 1 else ""
    return escape_text(f"{unless_text(several)} about {_traffic_text(traffic, unit)}{where}")


def _unite_traffic(several: list[UnmodelledPolicy]) -> Traffic:
    ingress = frozenset[Workload]().union(*(one.ingress for one in several))
    egress = frozenset[Workload]().union(*(one.egress for one in several))
    return Traffic(ingress, egress, all(one.outside for one in several))


def _traffic_text(traffic: Traffic, unit: Unit) -> str:
    """`ingress of shop/db[Deployment], egress of all pods of shop`."""
    ingress, egress, outside = traffic
    sides = [("ingress", ingress), ("egress", egress)] if ingress != egress else [("ingress and egress", ingress)]
    said = [f"{side} of {_workloads_text(whom, unit)}" for side, whom in sides if whom]
    return ", ".join(said) + (", with addresses outside the cluster" if outside else "")


def _workloads_text(whom: frozenset[Workload], unit: Unit) -> str:
    """The first of some workloads, and how many more there are."""
    every = unit.workloads
    if len(whom) > 1 and len(whom) == len(every):
        return "all pods"
    spaces = sorted({namespace_of(one) for one in whom})
    if len(whom) > MOST_WORKLOADS and len(whom) == sum(namespace_of(one) in spaces for one in every):
        return f"all pods of {_list_few([display(name) for name in spaces])}"
    return _list_few(sorted(_name_workload(one) for one in whom))


def _list_few(names: list[str]) -> str:
    if len(names) <= MOST_WORKLOADS:
        return list_text(names)
    return list_some(names, 1)


def _name_workload(workload: Workload) -> str:
    name = display(encode(workload.name)) if workload.name is not None else "(no name)"
    return f"{display(namespace_of(workload))}/{name}[{workload.kind}]"


def missing_text(producers: Sequence[Producer]) -> str:
    """Few by their names; of many how many there are of each sort."""
    if len(producers) <= MOST_MISSING:
        return list_text([_locate_producer(one) for one in producers])
    counts = Counter(_name_sort(one) for one in producers)
    parts = [f"{count:,} {sort[count > 1]}" for sort, count in counts.most_common()]
    return list_text(parts, MOST_SORTS, "kinds")


def _locate_producer(producer: Producer) -> str:
    span = producer.place.span
    return f"{producer.text} ({span.file}:{span.line})"


def _name_sort(producer: Producer) -> tuple[str, str]:
    """What one of its sort is called, and several; the kind of an object is called the same."""
    if found := _KIND.match(producer.text):
        return found[0], found[0]
    return next(((one, several) for mark, one, several in _SORTS if mark in producer.text), _OTHERS)
