"""The edits that would change an answer for the one pair that was asked about.

One that opens changes it for this pair alone: a rule or a policy that speaks of others too is left alone, and a rule beside
it, or a policy of its own, opens what was asked and no more. One that closes says whom else it cuts off.
"""

from __future__ import annotations

from kubeqed.reach.algebra.ports import ALL, PortSet, difference, intersection, single_port, union_of
from kubeqed.reach.ends import End, Pair
from kubeqed.reach.query.answer import ReachResult
from kubeqed.reach.query.decision import PairVerdict, SamePods
from kubeqed.reach.remedy.closing import find_closing_edit
from kubeqed.reach.remedy.edit import PolicyEdit, make_advice
from kubeqed.reach.remedy.opening import find_opening_edits
from kubeqed.reach.remedy.subject import Subject

__all__ = ["PolicyEdit", "find_edits"]

_OUTSIDE = "its pods share the node's network: no policy governs them"


def find_edits(answer: ReachResult, decided: PairVerdict) -> tuple[PolicyEdit, ...]:
    """What would open the asked ports that are closed, where none were asked for those that the destination declares;
    what would close them when all are open.

    None where no edit of a policy changes the verdict: for a pod to itself, for a controller of which it is not known where
    it runs or from what addresses it sends.
    """
    if decided.pair.source.group.controller:
        answer = answer.placed
    if decided.same is SamePods.POD or decided.depending or _is_unplaced(answer, decided.pair.source):
        return ()
    found = decided.found
    asked = decided.ports if decided.ports != ALL or not found.allowed else found.allowed
    ends = [Subject(answer.reach, answer.names, decided.pair, side) for side in (found.egress, found.ingress)]
    closed = difference(asked, found.allowed)
    if not closed:
        return (_close_pair(decided.pair, ends, asked)._replace(purpose="forbid"),)
    if asked == ALL:
        closed = intersection(closed, _list_declared_ports(decided.pair.destination)) or closed
    return tuple(edit for end in ends for edit in find_opening_edits(end, difference(closed, end.side.allowed)))


def _is_unplaced(answer: ReachResult, source: End) -> bool:
    """Whether it is a controller that sends from addresses that are not known, so that no rule can name it."""
    return source.group.controller and source.node >= len(answer.reach.classes)


def _close_pair(pair: Pair, ends: list[Subject], asked: PortSet) -> PolicyEdit:
    """One change is enough: one of an object, where there is one, rather at the destination."""
    closings = [find_closing_edit(end, asked) for end in reversed(ends) if end.governed]
    if not closings:
        outside = pair.destination.text if pair.destination.pods else pair.source.text
        return make_advice(f"{outside}: {_OUTSIDE}")
    return min(closings, key=lambda one: one.object is None)


def _list_declared_ports(end: End) -> PortSet:
    """The ports that the containers of an end's pods declare."""
    known = ((one.protocol, one.number) for pod in end.pods for one in pod.workload.template.ports())
    return union_of(
        single_port(protocol, number)
        for protocol, number in known
        if isinstance(protocol, str) and isinstance(number, int)
    )
