"""The decision about one pair of peers as people name them: who is meant, what was decided, and what to say besides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from kubeqed.diagnostic import list_some
from kubeqed.model.kinds.object import Object
from kubeqed.reach.algebra.addresses import Ranges, intersect, join_ranges, to_blocks
from kubeqed.reach.algebra.ports import ALL, PortSet, difference, format_ports, intersection, union_of
from kubeqed.reach.caveats.hidden_clients import find_hidden_clients
from kubeqed.reach.caveats.limits import find_created
from kubeqed.reach.ends import End, Pair
from kubeqed.reach.peer import NAME_OF_CONTROLLER, Group, Peer
from kubeqed.reach.policy.compiled import Caveat, Direction
from kubeqed.reach.policy.installed_cnis import find_installed_cnis
from kubeqed.reach.query.answer import ReachResult
from kubeqed.reach.query.explain import Explanation, explain
from kubeqed.reach.query.placed import PlacementCase, PlacementVerdict
from kubeqed.reach.query.policy_doubts import UnmodelledDoubt, find_doubts
from kubeqed.reach.query.syntax.peers import NO_POD, NamedPeers, is_controller, parse_peer
from kubeqed.reach.query.target import (
    AmbiguousError,
    NoWayError,
    ResolvedTarget,
    TargetNote,
    TargetStop,
    explain_no_controller,
    find_service,
    notes_of_namesake,
    resolve_entry,
    resolve_service,
)
from kubeqed.reach.topology.endpoints import Endpoint

_MANY = 3


class SamePods(Enum):
    """Whether both peers are the same: one pod, which always reaches itself, or pods of one workload."""

    NO = "no"
    POD = "pod"
    WORKLOAD = "workload"


class PairVerdict(NamedTuple):
    """What was decided about a pair of peers on `ports`.

    Of the pods of one workload it is about one pod to another. `caveats` are what the answer about this pair leaves out
    or depends on, `doubts` the policies of other engines that may decide otherwise. `depending` is what depends on where
    an ingress controller outside the input runs: `found` is about a place where the first of it is allowed.
    """

    pair: Pair
    found: Explanation
    ports: PortSet
    notes: tuple[TargetNote, ...]
    caveats: tuple[Caveat, ...]
    same: SamePods
    doubts: tuple[UnmodelledDoubt, ...] = ()
    depending: tuple[PlacementCase, ...] = ()

    @property
    def allowed(self) -> PortSet:
        """Those of the ports asked about that pass, whatever is not known."""
        if self.same is SamePods.POD:
            return self.ports
        return difference(intersection(self.found.allowed, self.ports), union_of(one.ports for one in self.depending))


class _Case(NamedTuple):
    """Two ends, and the ports asked about."""

    source: End
    destination: End
    ports: PortSet
    depending: tuple[PlacementCase, ...] = ()


def decide_pair(answer: ReachResult, source: str, destination: str, asked: PortSet) -> PairVerdict | None:
    """The decision about what the peers called `source` and `destination` may send on the ports asked about.

    None when the unit does not hold both. Raises NoWayError when it does and nothing can be sent, AmbiguousError when a
    name means several workloads.
    """
    named = parse_peer(answer, source, "Ingress")
    if named.empty and is_controller(source):
        raise NoWayError(explain_no_controller(answer))
    way = _resolve_destination(answer, destination, asked)
    if named.empty or not way.stops:
        return None
    if named.controller:
        answer, way = answer.placed, resolve_entry(answer, way)
    starts = [] if named.controller else _named_ends(answer, named, source, "Ingress")
    if not any(end.pods for end in starts) and not any(stop.endpoints for stop in way.stops):
        raise NoWayError(NO_POD)
    if named.controller:
        cases = list(_find_entering_cases(answer, way))
    else:
        cases = [
            _Case(start, end, stop.ports) for stop in way.stops for end in _list_ends(answer, stop) for start in starts
        ]
    return _decide_case(answer, way, _join_alike(answer, cases))


def _find_entering_cases(placed: ReachResult, way: ResolvedTarget) -> Iterator[_Case]:
    """What the ingress controller outside the input sends, from places that show it."""
    for stop in way.stops:
        for end in _list_ends(placed, stop):
            verdict = placed.placements.of(end.pods[0]).on(stop.ports) if end.pods else PlacementVerdict()
            node = placed.controller if verdict.shown_by is None else verdict.shown_by
            start = End(node, NAME_OF_CONTROLLER, Group(controller=True))
            yield _Case(start, end, stop.ports, verdict.cases)


def _decide_case(answer: ReachResult, way: ResolvedTarget, alike: list[_Case]) -> PairVerdict:
    """The decision about the first of some cases that get different answers."""
    first, *others = alike
    pair = Pair(first.source, first.destination)
    found = explain(answer.reach, pair.source.node, pair.destination.node)
    same = compare_ends(pair.source, pair.destination)
    notes = [*way.notes, *_note_differences(answer, first, others), *_note_hidden_clients(answer, pair)]
    decided = PairVerdict(pair, found, first.ports, tuple(notes), (), same, depending=first.depending)
    ends = pair.source.workload, pair.destination.workload
    doubts = () if same is SamePods.POD else find_doubts(answer.foreign, *ends, found, first.ports)
    return decided._replace(caveats=tuple(_select_caveats(answer, decided)), doubts=doubts)


def compare_ends(source: End, destination: End) -> SamePods:
    """Whether two ends are one pod, or pods of one workload, not said which."""
    if not {*source.pods} & {*destination.pods}:
        return SamePods.NO
    names = {source.peer, destination.peer}
    if all(_is_one_pod(end) for end in (source, destination)):
        return SamePods.POD if len(names) == 1 else SamePods.NO
    return SamePods.WORKLOAD


def _is_one_pod(end: End) -> bool:
    called_so = end.peer is not None and end.peer.kind == "Pod"
    return len(end.pods) == 1 and (called_so or end.pods[0].single)


def _resolve_destination(answer: ReachResult, destination: str, asked: PortSet) -> ResolvedTarget:
    """Where a question about `destination` leads: to workloads or addresses of that name, else through a Service."""
    found = parse_peer(answer, destination, "Egress")
    if found.controller:
        raise NoWayError("the ingress controller outside the input only sends: name it as SRC")
    if found.empty or destination.endswith("[Service]") or destination.lower().startswith("service/"):
        service = find_service(answer, destination)
        return ResolvedTarget(()) if service is None else resolve_service(answer, service, asked)
    stops = [TargetStop(peer, pods, asked) for peer, pods in _one_workload(found, destination)]
    stops += [TargetStop(None, (), asked, found.addresses)] if found.addresses else []
    return ResolvedTarget(tuple(stops), tuple(notes_of_namesake(answer, destination, asked)))


def _named_ends(answer: ReachResult, named: NamedPeers, typed: str, direction: Direction) -> list[End]:
    """The ends that a text names."""
    pods = [_make_end(answer, peer, pods) for peer, pods in _one_workload(named, typed)]
    return [*pods, *_list_outside_ends(answer, named.addresses, direction)]


def _one_workload(named: NamedPeers, typed: str) -> Iterator[tuple[Peer, tuple[Endpoint, ...]]]:
    """The peers that are named, if they are of one workload."""
    owners = {endpoint.owner for _, pods in named.pods for endpoint in pods}
    if len(owners) > 1:
        names = ", ".join(str(peer) for peer, _ in named.pods[:5])
        raise AmbiguousError(f"{typed!r} means several workloads: {names}")
    yield from named.pods


def _list_ends(answer: ReachResult, stop: TargetStop) -> list[End]:
    if stop.peer is None:
        return _list_outside_ends(answer, stop.addresses, "Egress")
    return [_make_end(answer, stop.peer, stop.endpoints)]


def _make_end(answer: ReachResult, peer: Peer, pods: tuple[Endpoint, ...]) -> End:
    return End(answer.reach.class_of[pods[0]], str(peer), Group((peer,)), pods)


def _list_outside_ends(answer: ReachResult, wanted: Ranges, direction: Direction) -> list[End]:
    """An end for each piece of some addresses that rules tell apart."""
    index = answer.reach.index
    pieces = ((number, intersect((index.range_of(number),), wanted)) for number in index.numbers(direction))
    return [End(number, "", Group(addresses=ranges)) for number, ranges in pieces if ranges]


def _join_alike(answer: ReachResult, cases: list[_Case]) -> list[_Case]:
    """One case for all that have its answer, addresses joined, the answer of the first case first."""
    apart = [one for one in cases if compare_ends(one.source, one.destination) is not SamePods.POD]
    groups: dict[tuple[object, ...], list[_Case]] = {}
    for one in apart or cases[:1]:
        ports = answer.reach.pair(one.source.node, one.destination.node)
        conditions = tuple((case.ports, case.condition) for case in one.depending)
        groups.setdefault((intersection(ports, one.ports), one.ports, conditions), []).append(one)
    return [
        several[0]._replace(
            source=_merge_ends(one.source for one in several),
            destination=_merge_ends(one.destination for one in several),
        )
        for several in groups.values()
    ]


def _merge_ends(several: Iterable[End]) -> End:
    """The first of several ends; of addresses, their union."""
    ends = list(several)
    if not ends[0].group.addresses:
        return ends[0]
    ranges = join_ranges(one for end in ends for one in end.group.addresses)
    return ends[0]._replace(text=_format_addresses(ranges), group=Group(addresses=ranges))


def _format_addresses(ranges: Ranges) -> str:
    """Addresses as people write them: a single one plainly, a block with its holes."""
    texts = [
        f"{cidr} except {', '.join(holes)}" if holes else cidr.removesuffix("/32").removesuffix("/128")
        for cidr, holes in to_blocks(ranges)
    ]
    return list_some(texts, _MANY)


def _note_differences(answer: ReachResult, first: _Case, others: list[_Case]) -> Iterator[TargetNote]:
    """What to say of peers of the same name that get another answer."""
    for one in others[:_MANY]:
        allowed = intersection(answer.reach.pair(one.source.node, one.destination.node), one.ports)
        verdict = f"allowed on {'all ports' if allowed == ALL else format_ports(allowed)}" if allowed else "denied"
        verdict = "it depends on where the controller runs" if one.depending else verdict
        sides = ((one.source, first.source), (one.destination, first.destination))
        names = [end.text for end, other in sides if end.text != other.text]
        yield TargetNote(f"{' => '.join(names)} gets another answer: {verdict}; ask about it by its own name")
    if len(others) > _MANY:
        yield TargetNote(f"{len(others) - _MANY} more get other answers")


def _note_hidden_clients(answer: ReachResult, pair: Pair) -> Iterator[TargetNote]:
    """That a client outside the cluster is seen by a node's address, where a Service in front of the pods does that."""
    if not pair.source.group.addresses or not pair.destination.pods:
        return
    for caveat in find_hidden_clients(answer.reach, answer.services, pair.destination.pods):
        yield TargetNote(f"{caveat.subject}: {caveat.text}", *_locate_caveat(caveat))


def _locate_caveat(caveat: Caveat) -> tuple[Object | None, str]:
    return (caveat.object if isinstance(caveat.object, Object) else None), caveat.path


def _select_caveats(answer: ReachResult, decided: PairVerdict) -> Iterator[Caveat]:
    """What the answer leaves open about the pair and those who decide about it."""
    sides = (decided.found.egress, decided.found.ingress)
    pods = (*decided.pair.source.pods, *decided.pair.destination.pods)
    concerned: set[object] = {endpoint.workload for endpoint in pods}
    concerned |= {judged.policy.object for side in sides for judged in side.judgements}
    said = {(note.object, note.path) for note in decided.notes}
    for caveat in answer.caveats:
        if caveat.object in concerned and (caveat.object, caveat.path) not in said:
            yield caveat
    yield from find_created(answer.unit)
    yield from find_installed_cnis(answer.unit, answer.reach.policies.items, answer.reach.assumptions)
