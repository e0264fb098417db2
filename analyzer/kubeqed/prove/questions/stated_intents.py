"""Whether what a team declares of its network holds in a unit.

An intent that names namespaces is judged in the units that show them; where none does, that is said, in each.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from kubeqed.model.intents import Intent
from kubeqed.parse import Place
from kubeqed.prove.engine.answer import Answer, Decision, Verdict
from kubeqed.prove.engine.formula import Fact
from kubeqed.prove.intents.claims import list_named, list_namespaces
from kubeqed.prove.intents.outcome import (
    IntentVerdict,
    describe_missing,
    describe_refuted,
    describe_without_packets,
    find_missing,
)
from kubeqed.prove.packets.texts import describe_deciding
from kubeqed.reach import assumptions_of_cluster
from kubeqed.resolve import Resolver


class JudgedIntent(NamedTuple):
    """What is wrong with an intent, at the place where it is stated; `answer` has the packet, or what is not there."""

    intent: Intent
    place: Place
    text: str
    answer: Answer
    related: tuple[tuple[Place, str], ...] = ()


def find_refuted(graph: Resolver) -> tuple[JudgedIntent, ...]:
    """The intents that a packet refutes."""
    return tuple(map(_judge_refuted, (one for one in _judge_all(graph) if one.holds is False)))


def find_without_packets(graph: Resolver) -> tuple[JudgedIntent, ...]:
    """The intents that speak of no packet of the unit; those of whole namespaces may well do so in one unit of several."""
    shown = list_namespaces(graph.input.objects)
    judged = _judge_all(graph) if len(graph.input.units) == 1 else ()
    return tuple(
        _make_judged(one.intent, one.intent.place, describe_without_packets(one))
        for one in judged
        if not one.speaks and list_named(one.intent) <= shown
    )


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
    here, anywhere = list_namespaces(graph.unit.objects), list_namespaces(graph.input.objects)
    concerned = [one for one in graph.cluster.intents if (list_named(one) & anywhere) <= here]
    if not concerned or not graph.unit.workloads:
        return ()
    from kubeqed.prove.intents.judge import IntentJudge  # loads z3

    judge = IntentJudge(graph.unit, concerned, assumptions_of_cluster(graph.cluster))
    return tuple(map(judge.judge, concerned))


def _judge_refuted(one: IntentVerdict) -> JudgedIntent:
    related = ((rule.place, describe_deciding(rule)) for rule in one.deciding)
    stated = tuple((place, said) for place, said in related if place is not None)
    return _make_judged(one.intent, one.intent.place, describe_refuted(one))._replace(related=stated)


def _make_judged(intent: Intent, place: Place, text: str) -> JudgedIntent:
    return JudgedIntent(intent, place, text, Answer(Decision(Verdict.FAILS, (Fact(False, text, place),))))
