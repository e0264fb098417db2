"""How packets, and what decides about them, are written."""

from __future__ import annotations

from kubeqed.prove.intents.outcome import IntentVerdict, MissingNamespace, describe_missing
from kubeqed.prove.packets.deciding import DecidingRule
from kubeqed.prove.packets.packet import Packet, PacketEnd
from kubeqed.prove.packets.texts import describe_deciding, describe_end, describe_packet
from kubeqed.report.words import escape_text

WORDS = {True: "holds", False: "refuted", None: "gave-up"}


def verdict_word(one: IntentVerdict) -> str:
    """`holds`, `refuted` or `gave-up`."""
    return WORDS[one.holds]


def packet_text(packet: Packet) -> str:
    """`payments/web[Deployment] => 8.8.8.8 : TCP 80`."""
    return escape_text(describe_packet(packet))


def end_text(end: PacketEnd) -> str:
    """A workload by its name, another pod by its labels, an address as it is."""
    return escape_text(describe_end(end))


def deciding_text(one: DecidingRule) -> str:
    """`ingress: NetworkPolicy payments/db spec.ingress[0] allows it`."""
    return escape_text(describe_deciding(one))


def deciding_line(one: DecidingRule) -> str:
    """The same, with `file:line` where it stands."""
    place = one.place
    return deciding_text(one) + ("" if place is None else f"  {escape_text(place.span.file)}:{place.span.line}")


def absent_text(one: MissingNamespace) -> str:
    """What is wrong with a namespace that nobody shows."""
    return escape_text(describe_missing(one))
