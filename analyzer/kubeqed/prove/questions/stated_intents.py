"""Whether what a team declares of its network holds in a unit.

An intent that names namespaces is judged in the units that show them; where none does, that is said, in each.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from kubeqed.model.intents import Intent
from kubeqed.model.kinds.namespace import Namespace
from kubeqed.parse import Place
from kubeqed.prove.engine.answer import Answer, Decision, Verdict
from kubeqed.prove.engine.formula import Fact
from kubeqed.prove.intents.claims import list_ends
from kubeqed.prove.intents.outcome import IntentVerdict, describe_missing
from kubeqed.prove.packets.texts import describe_deciding, describe_packet
from kubeqed.reach import assumptions_of_cluster, namespace_of
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
    return tuple(map(_describe_refuted, (one for one in _judge_all(graph) if one.holds is False)))


def find_without_packets(graph: Resolver) -> tuple[JudgedIntent, ...]:
    """The intents that speak of no packet of the unit; those of whole namespaces may well do so in one unit of several."""
    found, shown = [], _list_namespaces(graph, whole=True)
    for one in _judge_all(graph) if len(graph.input.units) == 1 else ():
        if not one.speaks and _list_named(one.intent) <= shown:
            text = f"the intent {one.intent.name} speaks of no packet: no pod or address is meant by one of its ends"
            found.append(_make_judged(one.intent, one.intent.place, text))
    return tuple(found)


def find_missing_namespaces(graph: Resolver) -> tuple[JudgedIntent, ...]:
    """The namespaces that intents name and no unit of the input shows."""
    shown = _list_namespaces(graph, whole=True)
    found = []
    for intent in graph.cluster.intents:
        named = {one.value: one for end in list_ends(intent) for one in reversed(end.namespaces)}
        for name, stated in named.items():
            if name not in shown:
                text = describe_missing(intent.name, name, closed=graph.unit.closed)
                found.append(_make_judged(intent, stated.place or intent.place, text))
    return tuple(found)


@lru_cache(maxsize=2)
def _judge_all(graph: Resolver) -> tuple[IntentVerdict, ...]:
    """The verdicts on the intents that concern a unit."""
    here, anywhere = _list_namespaces(graph, whole=False), _list_namespaces(graph, whole=True)
    concerned = [one for one in graph.cluster.intents if (_list_named(one) & anywhere) <= here]
    if not concerned or not graph.unit.workloads:
        return ()
    from kubeqed.prove.intents.judge import IntentJudge  # loads z3

    judge = IntentJudge(graph.unit, concerned, assumptions_of_cluster(graph.cluster))
    return tuple(map(judge.judge, concerned))


def _list_named(intent: Intent) -> frozenset[str]:
    return frozenset(one.value for end in (*intent.source, *intent.destination) for one in end.namespaces)


def _list_namespaces(graph: Resolver, *, whole: bool) -> frozenset[str]:
    """The namespaces that the objects of a unit, or of the whole input, show."""
    objects = graph.input.objects if whole else graph.unit.objects
    declared = (item.name for item in objects if isinstance(item, Namespace) and isinstance(item.name, str))
    return frozenset({*map(namespace_of, objects), *declared})


def _describe_refuted(one: IntentVerdict) -> JudgedIntent:
    packet = one.witness
    if packet is None:
        raise ValueError("a refuted intent has a packet")
    claim = "is denied" if one.intent.expect.value == "allowed" else "is allowed"
    text = f"the intent {one.intent.name} does not hold: {describe_packet(packet)} {claim}"
    related = ((rule.place, describe_deciding(rule)) for rule in one.deciding)
    stated = tuple((place, said) for place, said in related if place is not None)
    return _make_judged(one.intent, one.intent.place, text)._replace(related=stated)


def _make_judged(intent: Intent, place: Place, text: str) -> JudgedIntent:
    return JudgedIntent(intent, place, text, Answer(Decision(Verdict.FAILS, (Fact(False, text, place),))))
