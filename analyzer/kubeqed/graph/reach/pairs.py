"""Connections pair by pair, for those who ask for pairs: there may be millions."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.graph.reach.addresses import Range, shown
from kubeqed.graph.reach.answer import Answer, Question
from kubeqed.graph.reach.bits import members
from kubeqed.graph.reach.ports import PortSet, intersection, union
from kubeqed.graph.reach.shown import Shown

Pair = tuple[str, str]


def allowed_pairs(answer: Answer, question: Question, controller: str) -> Iterator[tuple[Pair, PortSet]]:
    """Every pair of different peers with a connection; ranges stay as rules cut them, `controller` names its peer."""
    found: dict[Pair, PortSet] = {}
    for sources, destinations, ports in answer.rectangles(question):
        targets = list(_texts(answer, destinations, question.destinations))
        for source in _texts(answer, sources, question.sources):
            for target in targets:
                if source != target:
                    have = found.get((source, target))
                    found[source, target] = ports if have is None else union(have, ports)
    yield from found.items()
    for target_shown, ports in answer.entering.items() if question.controller else ():
        asked = question.destinations is None or target_shown in question.destinations
        inside = question.namespace is None or question.namespace == target_shown.namespace
        left = intersection(ports, question.ports)
        if left and asked and inside:
            yield (controller, str(target_shown)), left


def range_text(one: Range) -> str:
    """A range of addresses as a peer."""
    return f"{shown(one[0])}-{shown(one[1])}[External]"


def _texts(answer: Answer, bits: int, wanted: frozenset[Shown] | None) -> Iterator[str]:
    for number in members(bits):
        if number < len(answer.reach.classes):
            yield from (str(one) for one in answer.names.of(number) if wanted is None or one in wanted)
        else:
            yield range_text(answer.reach.index.range_of(number))
