"""Verdicts on intents, with what is said beside them."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.cluster import Stated
from kubeqed.model.intents import Intent
from kubeqed.model.units.unit import Unit
from kubeqed.prove.packets.deciding import DecidingRule
from kubeqed.prove.packets.packet import Packet


class IntentVerdict(NamedTuple):
    """The verdict on an intent in a unit.

    `holds` is None where the budget was spent. `witness` is a packet that refutes it, `deciding` what lets that packet
    through or keeps it out; of an intent that holds, what it rests on. `speaks` is false where no packet can be meant.
    `facts` are what was taken for granted.
    """

    intent: Intent
    unit: Unit
    holds: bool | None
    witness: Packet | None = None
    deciding: tuple[DecidingRule, ...] = ()
    speaks: bool = True
    facts: tuple[str, ...] = ()


class MissingNamespace(NamedTuple):
    """A namespace that an intent names and no manifest shows; `closed` says that the manifests are the whole cluster."""

    intent: Intent
    namespace: Stated[str]
    closed: bool


def describe_missing(intent: str, namespace: str, *, closed: bool) -> str:
    """What is wrong with a namespace that an intent names and nobody shows."""
    why = "it is misspelt, or not there" if closed else "it is misspelt, or declared elsewhere"
    return f"the intent {intent} names the namespace {namespace}, which no manifest shows: {why}"


class IntentsOutcome(NamedTuple):
    """The verdicts on all intents, and what is wrong with what they name."""

    verdicts: tuple[IntentVerdict, ...]
    absent: tuple[MissingNamespace, ...] = ()
