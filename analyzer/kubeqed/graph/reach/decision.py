"""The decision about one pair of peers as people name them: who is meant, what was decided, and what to say besides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.graph.reach.addresses import Range, Ranges, block, joined
from kubeqed.graph.reach.advice import Edit, Pair, edits
from kubeqed.graph.reach.answer import Answer
from kubeqed.graph.reach.bits import members
from kubeqed.graph.reach.compiled import Remark
from kubeqed.graph.reach.doubts import Doubt, doubts_about
from kubeqed.graph.reach.explain import Explanation, explain
from kubeqed.graph.reach.hidden_clients import hidden_clients
from kubeqed.graph.reach.ports import ALL, PortSet, intersection, text
from kubeqed.graph.reach.seen_cnis import seen_cnis
from kubeqed.graph.reach.shown import Group
from kubeqed.graph.reach.spoken import CONTROLLER, EXTERNAL, Side, range_named, side
from kubeqed.graph.reach.through import (
    Note,
    NoWayError,
    Through,
    entered,
    in_front,
    no_controller,
    service_named,
    through_service,
)
from kubeqed.graph.reach.unseen import created
from kubeqed.model.object import Object
from kubeqed.model.workload import Workload

NAME_OF_CONTROLLER = "{ingress-controller}"
_MANY = 3


class Decision(NamedTuple):
    """What was decided about a pair of peers on `ports`; `itself` says that both are one workload, which is always allowed.

    `remarks` are what the answer about this pair leaves out or depends on, `doubts` the policies of other engines that
    may decide otherwise.
    """

    source: Group
    destination: Group
    pair: Pair
    found: Explanation
    ports: PortSet
    edits: tuple[Edit, ...]
    notes: tuple[Note, ...]
    remarks: tuple[Remark, ...]
    itself: bool
    doubts: tuple[Doubt, ...] = ()


class AmbiguousError(Exception):
    """A name means several workloads; the message lists them."""


class _End(NamedTuple):
    """One peer of a pair: its node, its name, its workload or its addresses."""

    number: int
    text: str
    item: Workload | None = None
    group: Group = Group()


def decision(answer: Answer, source: str, destination: str, asked: PortSet) -> Decision | None:
    """The decision about what the peers called `source` and `destination` may send on the ports asked about.

    None when the unit does not hold both. Raises NoWayError when it does and nothing can be sent, AmbiguousError when a
    name means several workloads.
    """
    from_side = side(answer, source, "Ingress")
    if source.lower() in CONTROLLER and from_side.empty:
        raise NoWayError(no_controller(answer))
    way = _way(answer, destination, asked)
    if from_side.empty or way.side.empty:
        return None
    if from_side.controller:
        way = entered(answer, way)
    starts, ends = _ends(answer, from_side, source), _ends(answer, way.side, destination, way)
    start, end, others = _alike(answer, starts, ends)
    pair = Pair(
        start.number,
        end.number,
        start.text,
        end.text,
        start.item,
        end.item,
        (*start.group.addresses, *end.group.addresses),
    )
    found = explain(answer.reach, pair.source, pair.destination)
    changing = way.ports if way.ports != ALL or not found.allowed else found.allowed
    itself = start.item is not None and start.item is end.item
    notes = [*way.notes, *_different(answer, pair, way.ports, others), *_hidden(answer, pair)]
    offered = () if itself else tuple(edits(answer.reach, pair, found, changing))
    decided = Decision(start.group, end.group, pair, found, way.ports, offered, tuple(notes), (), itself)
    doubts = () if itself else doubts_about(answer.foreign, start.item, end.item, found, way.ports)
    return decided._replace(remarks=tuple(_remarks(answer, decided)), doubts=doubts)


def _way(answer: Answer, destination: str, asked: PortSet) -> Through:
    """Where a question about `destination` leads: to workloads or addresses of that name, else through a Service."""
    found = side(answer, destination, "Egress")
    if destination.lower() in CONTROLLER and found.controller:
        raise NoWayError("the ingress controller outside the input only sends: name it as SRC")
    if found.empty or destination.endswith("[Service]") or destination.lower().startswith("service/"):
        return through_service(answer, destination, asked)
    wanted = range_named(destination)
    return Through(found, asked, tuple(in_front(answer, destination, asked)), (wanted,) if wanted is not None else ())


def _ends(answer: Answer, found: Side, spoken: str, way: Through | None = None) -> list[_End]:
    """The peers that a name means; several workloads only behind a Service."""
    if found.controller:
        return [_End(answer.controller, NAME_OF_CONTROLLER, group=Group(controller=True))]
    if found.workloads:
        if len(found.workloads) > 1 and not (way and way.notes and service_named(answer, spoken)):
            names = ", ".join(str(shown) for shown in sorted(found.workloads)[:5])
            raise AmbiguousError(f"{spoken!r} means several workloads: {names}")
        names_of = answer.names
        return [
            _End(names_of.classes[one], str(one), names_of.workloads[one], Group((one,)))
            for one in sorted(found.workloads, key=lambda one: (names_of.classes[one], one))
        ]
    wanted = way.ranges if way is not None else ()
    if not wanted and spoken.lower() not in EXTERNAL and (one := range_named(spoken)) is not None:
        wanted = (one,)
    pieces = ((number, answer.reach.index.range_of(number)) for number in members(found.bits))
    return [_End(number, "", group=Group(addresses=_within(piece, wanted))) for number, piece in pieces]


def _within(piece: Range, wanted: Ranges) -> Ranges:
    """What of a piece is meant; all of it where nothing is said."""
    met = ((max(piece[0], one[0]), min(piece[1], one[1])) for one in wanted)
    return tuple(one for one in met if one[0] <= one[1]) or (piece,)


def _alike(answer: Answer, starts: list[_End], ends: list[_End]) -> tuple[_End, _End, list[tuple[_End, _End]]]:
    """One pair for all that have its answer, addresses joined, and one of each other answer."""
    groups: dict[PortSet, list[tuple[_End, _End]]] = {}
    for start in starts:
        for end in ends:
            if start.item is None or start.item is not end.item or len(ends) == 1:
                groups.setdefault(answer.reach.pair(start.number, end.number), []).append((start, end))
    first, *rest = groups.values()
    start, end = _merged([one for one, _ in first]), _merged([one for _, one in first])
    return start, end, [(_merged([one for one, _ in group]), _merged([one for _, one in group])) for group in rest]


def _merged(several: list[_End]) -> _End:
    """The first of several peers; of addresses, their union."""
    first = several[0]
    if not first.group.addresses:
        return first
    ranges = joined(one for end in several for one in end.group.addresses)
    return first._replace(text=_addresses(ranges), group=Group(addresses=ranges))


def _addresses(ranges: Ranges) -> str:
    """Addresses as people write them: a single one plainly, a block with its holes."""
    texts = [
        f"{cidr} except {', '.join(holes)}" if holes else cidr.removesuffix("/32").removesuffix("/128")
        for cidr, holes in block(ranges)
    ]
    more = len(texts) - _MANY
    return ", ".join(texts[:_MANY]) + (f" and {more} more" if more > 0 else "")


def _different(answer: Answer, pair: Pair, asked: PortSet, others: list[tuple[_End, _End]]) -> Iterator[Note]:
    """What to say of peers of the same name that get another answer."""
    for start, end in others[:_MANY]:
        allowed = intersection(answer.reach.pair(start.number, end.number), asked)
        verdict = f"allowed on {'all ports' if allowed == ALL else text(allowed)}" if allowed else "denied"
        names = [one.text for one, own in ((start, pair.source_text), (end, pair.destination_text)) if one.text != own]
        yield Note(f"{' => '.join(names)} gets another answer: {verdict}; ask about it by its own name")
    if len(others) > _MANY:
        yield Note(f"{len(others) - _MANY} more get other answers")


def _hidden(answer: Answer, pair: Pair) -> Iterator[Note]:
    """That a client outside the cluster is seen by a node's address, where a Service in front of the pods does that."""
    if pair.source_item is not None or pair.destination_item is None or not pair.ranges:
        return
    for remark in hidden_clients(answer.reach, answer.services, pair.destination_item):
        yield Note(f"{remark.subject}: {remark.text}", *_place(remark))


def _place(remark: Remark) -> tuple[Object | None, str]:
    return (remark.object if isinstance(remark.object, Object) else None), remark.path


def _remarks(answer: Answer, decided: Decision) -> Iterator[Remark]:
    """What the answer leaves open about the pair and those who decide about it."""
    sides = (decided.found.egress, decided.found.ingress)
    concerned: set[object] = {decided.pair.source_item, decided.pair.destination_item}
    concerned |= {judged.policy.object for side in sides for judged in side.judgements}
    said = {(note.object, note.path) for note in decided.notes}
    for remark in answer.remarks():
        if remark.object in concerned and (remark.object, remark.path) not in said:
            yield remark
    yield from created(answer.unit)
    yield from seen_cnis(answer.unit, answer.reach.policies.items, answer.reach.assumptions)
