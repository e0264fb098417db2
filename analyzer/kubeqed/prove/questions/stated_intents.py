"""Whether what a team declares of its network holds in a unit.

An intent that names namespaces is judged in the units that show them, as `kubeqed prove` chooses them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from kubeqed.diagnostic import Notice, NoticeKind
from kubeqed.model.cluster import Cluster
from kubeqed.model.intents import Intent
from kubeqed.model.units.input import Input
from kubeqed.model.units.unit import Unit
from kubeqed.parse import Place
from kubeqed.prove.engine.answer import Answer, Decision, Verdict
from kubeqed.prove.engine.formula import Fact
from kubeqed.prove.intents.claims import list_named, list_namespaces
from kubeqed.prove.intents.concerned import choose_units
from kubeqed.prove.intents.outcome import (
    IntentVerdict,
    describe_doubts,
    describe_missing,
    describe_refuted,
    describe_without_packets,
    find_missing,
)
from kubeqed.prove.packets.texts import describe_deciding
from kubeqed.reach import assumptions_of_cluster
from kubeqed.resolve import Resolver

if TYPE_CHECKING:
    from kubeqed.prove.intents.judge import IntentJudge


class JudgedIntent(NamedTuple):
    """What is wrong with an intent, at the place where it is stated; `answer` has the packet, or what is not there.

    `doubted` says that a policy of an engine that is not modelled may say otherwise.
    """

    intent: Intent
    place: Place
    text: str
    answer: Answer
    related: tuple[tuple[Place, str], ...] = ()
    doubted: bool = False


def find_refuted(graph: Resolver) -> tuple[JudgedIntent, ...]:
    """The intents that a packet refutes."""
    return tuple(map(_judge_refuted, (one for one in _judge_all(graph) if one.holds is False)))


def find_without_packets(graph: Resolver) -> tuple[JudgedIntent, ...]:
    """The intents that speak of no packet of any unit that they concern; said in the first of these."""
    shown = list_namespaces(graph.input.objects)
    silent = [one for one in _judge_all(graph) if not one.speaks and list_named(one.intent) <= shown]
    return tuple(
        _make_judged(one.intent, one.intent.place, describe_without_packets(one))
        for one in silent
        if not _speaks_elsewhere(graph, one.intent)
    )


def _speaks_elsewhere(graph: Resolver, intent: Intent) -> bool:
    """Whether an intent speaks of a packet in another unit that it concerns, or was said not to in one before."""
    units = graph.input.units
    for number in choose_units(intent, _list_shown(graph.input)):
        if units[number] is graph.unit:
            continue
        earlier = number < units.index(graph.unit)
        if (earlier and units[number].workloads) or _make_judge(units[number], (intent,), graph.cluster).judge(
            intent
        ).speaks:
            return True
    return False


def find_missing_namespaces(graph: Resolver) -> tuple[JudgedIntent, ...]:
    """The namespaces that intents name and no unit of the input shows."""
    shown = list_namespaces(graph.input.objects)
    return tuple(
        _make_judged(one.intent, one.namespace.place or one.intent.place, describe_missing(one))
        for one in find_missing(graph.cluster.intents, shown, closed=graph.unit.closed)
    )


@lru_cache(maxsize=2)
def _judge_all(graph: Resolver) -> tuple[IntentVerdict, ...]:
    """The verdicts on the intents that concern a unit."""
    if not graph.cluster.intents or not graph.unit.workloads:
        return ()
    shown, here = _list_shown(graph.input), graph.input.units.index(graph.unit)
    concerned = tuple(one for one in graph.cluster.intents if here in choose_units(one, shown))
    if not concerned:
        return ()
    judge = _make_judge(graph.unit, concerned, graph.cluster)
    verdicts = tuple(map(judge.judge, concerned))
    graph.noted.extend(_note_doubt(one) for one in verdicts if one.holds and one.doubts)
    return verdicts


def _note_doubt(one: IntentVerdict) -> Notice:
    """That an intent holds unless a policy of another engine says otherwise, which no finding says."""
    text = f"the intent {one.intent.name} holds in {one.unit.root} {describe_doubts(one)}"
    return Notice(NoticeKind.UNMODELLED, one.intent.place.span, text)


@lru_cache(maxsize=2)
def _list_shown(whole: Input) -> tuple[frozenset[str], ...]:
    """The namespaces that each unit shows."""
    return tuple(list_namespaces(unit.objects) for unit in whole.units)


def _make_judge(unit: Unit, intents: tuple[Intent, ...], cluster: Cluster) -> IntentJudge:
    from kubeqed.prove.intents.judge import IntentJudge  # loads z3

    return IntentJudge(unit, intents, assumptions_of_cluster(cluster))


def _judge_refuted(one: IntentVerdict) -> JudgedIntent:
    related = ((rule.place, describe_deciding(rule)) for rule in one.deciding)
    stated = tuple((place, said) for place, said in related if place is not None)
    return _make_judged(one.intent, one.intent.place, describe_refuted(one))._replace(
        related=stated, doubted=bool(one.doubts)
    )


def _make_judged(intent: Intent, place: Place, text: str) -> JudgedIntent:
    return JudgedIntent(intent, place, text, Answer(Decision(Verdict.FAILS, (Fact(False, text, place),))))
