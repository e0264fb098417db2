"""How packets, and what decides about them, are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kubeqed.diagnostic import more_text
from kubeqed.prove.intents.outcome import IntentVerdict, MissingNamespace, describe_missing
from kubeqed.prove.packets.deciding import DecidingRule
from kubeqed.prove.packets.packet import Packet, PacketEnd
from kubeqed.prove.packets.texts import describe_deciding, describe_end, describe_packet
from kubeqed.reach import UnmodelledPolicy
from kubeqed.report.block import flow_text
from kubeqed.report.edits import describe_edit, edit_lines
from kubeqed.report.reach.caveats import unless_text
from kubeqed.report.words import escape_text

MOST_DOUBTS = 5
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


def doubt_lines(several: Sequence[UnmodelledPolicy]) -> Iterator[str]:
    """`unless CiliumNetworkPolicy shop/db says otherwise`, with `file:line`; of many the first, and how many more."""
    for one in several[:MOST_DOUBTS]:
        yield escape_text(f"{unless_text([one])}  {one.place.span.file}:{one.place.span.line}")
    yield from more_text(len(several) - MOST_DOUBTS, "policies of other engines may say otherwise")


def repair_lines(one: IntentVerdict) -> Iterator[str]:
    """The edits after which an intent holds, with the YAML to write, and what they change besides."""
    if one.repair is not None:
        yield from map(escape_text, (*edit_lines(one.repair.edits), *one.repair.effects))


def suggestion_text(one: IntentVerdict) -> str | None:
    """The same in a sentence, each value on the line of its edit; None where there is no such edit."""
    if one.repair is None:
        return None
    edits = (
        f"{describe_edit(edit)}{'' if edit.value is None else f': {flow_text(edit.value)}'}"
        for edit in one.repair.edits
    )
    return "; ".join((f"it would hold after this: {', and '.join(edits)}", *one.repair.effects))


def absent_text(one: MissingNamespace) -> str:
    """What is wrong with a namespace that no manifest shows."""
    return escape_text(describe_missing(one))
