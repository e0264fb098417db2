"""Verdicts on intents, with what is said beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from kubeqed.model.cluster import Stated
from kubeqed.model.intents import Expectation, Intent
from kubeqed.model.units.unit import Unit
from kubeqed.prove.intents.claims import list_ends
from kubeqed.prove.packets.deciding import DecidingRule
from kubeqed.prove.packets.packet import Packet
from kubeqed.prove.packets.texts import describe_packet
from kubeqed.reach import Caveat, UnmodelledPolicy
from kubeqed.reach.policies import PolicyEdit


class Repair(NamedTuple):
    """Edits after which an intent holds, and what they change besides, in words."""

    edits: tuple[PolicyEdit, ...]
    effects: tuple[str, ...] = ()


class IntentVerdict(NamedTuple):
    """The verdict on an intent in a unit.

    `holds` is None where the budget was spent. `witness` is a packet that refutes it, `deciding` what lets that packet
    through or keeps it out; of an intent that holds, what it rests on. `speaks` is false where no packet can be meant.
    `facts` are what was taken for granted. `repair` is the smallest change that makes it hold, where one was looked for and found.
    `doubts` are policies of engines that are not modelled and that may say otherwise.
    """

    intent: Intent
    unit: Unit
    holds: bool | None
    witness: Packet | None = None
    deciding: tuple[DecidingRule, ...] = ()
    speaks: bool = True
    facts: tuple[str, ...] = ()
    repair: Repair | None = None
    doubts: tuple[UnmodelledPolicy, ...] = ()


class MissingNamespace(NamedTuple):
    """A namespace that an intent names and no manifest shows; `closed` says that the manifests are the whole cluster."""

    intent: Intent
    namespace: Stated[str]
    closed: bool


def find_missing(intents: Iterable[Intent], shown: Collection[str], *, closed: bool) -> Iterator[MissingNamespace]:
    """The namespaces that intents name and that are not among those that manifests show."""
    for intent in intents:
        named = {stated.value: stated for end in list_ends(intent) for stated in reversed(end.namespaces)}
        yield from (MissingNamespace(intent, one, closed) for name, one in named.items() if name not in shown)


def describe_missing(one: MissingNamespace) -> str:
    """What is wrong with a namespace that no manifest shows."""
    why = "it is misspelt, or not there" if one.closed else "it is misspelt, or declared elsewhere"
    named = f"the intent {one.intent.name} names the namespace {one.namespace.value}"
    return f"{named}, which no manifest shows: {why}"


def describe_refuted(one: IntentVerdict) -> str:
    """That an intent does not hold, and the packet that shows it; raises a ValueError for a verdict without one."""
    if one.witness is None:
        raise ValueError("a refuted intent has a witness")
    claim = "is denied" if one.intent.expect is Expectation.ALLOWED else "is allowed"
    unless = f", {describe_doubts(one)}" if one.doubts else ""
    return f"the intent {one.intent.name} does not hold: {describe_packet(one.witness)} {claim}{unless}"


def describe_doubts(one: IntentVerdict) -> str:
    """`unless CiliumNetworkPolicy shop/db says otherwise`; of several the first and how many more."""
    first, more = one.doubts[0], len(one.doubts) - 1
    return f"unless {first.title}{f' or one of {more} more' if more else ''} says otherwise"


def describe_without_packets(one: IntentVerdict) -> str:
    """That an intent speaks of no packet."""
    return f"the intent {one.intent.name} speaks of no packet: no pod or address is meant by one of its ends"


class IntentsOutcome(NamedTuple):
    """The verdicts on all intents, what is wrong with what they name, and what the verdicts leave out or depend on."""

    verdicts: tuple[IntentVerdict, ...]
    absent: tuple[MissingNamespace, ...] = ()
    caveats: tuple[Caveat, ...] = ()
