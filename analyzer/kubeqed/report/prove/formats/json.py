"""Verdicts on intents as JSON."""

from __future__ import annotations

from collections import Counter
from json import dumps
from typing import Any

from kubeqed.prove.intents.outcome import IntentsOutcome, IntentVerdict, MissingNamespace
from kubeqed.prove.packets.deciding import DecidingRule
from kubeqed.prove.packets.packet import AddressEnd, Packet, PacketEnd
from kubeqed.reach import UnmodelledPolicy
from kubeqed.reach.algebra import display
from kubeqed.reach.policies import PROTOCOLS, Labels, format_address
from kubeqed.report.edits import edit_json
from kubeqed.report.entries import object_json, place_json
from kubeqed.report.prove.words import absent_text, deciding_text, verdict_word
from kubeqed.report.reach.caveats import unless_text
from kubeqed.report.reach.groups import caveat_json
from kubeqed.report.report import Options
from kubeqed.report.words import escape_text, make_encodable

VERSION = 1


def render(found: IntentsOutcome, _options: Options) -> str:
    """One JSON object."""
    counts = Counter(verdict_word(one) for one in found.verdicts)
    value = {
        "version": VERSION,
        "intents": [_verdict_json(one) for one in found.verdicts],
        "problems": [_absent_json(one) for one in found.absent],
        "notices": [caveat_json(one) for one in found.caveats],
        "summary": {word: counts[word] for word in ("holds", "refuted", "gave-up")},
    }
    return make_encodable(dumps(value, indent=2, ensure_ascii=False) + "\n")


def packet_json(packet: Packet | None) -> dict[str, Any] | None:
    """A packet, or null."""
    if packet is None:
        return None
    return {
        "source": _end_json(packet.source),
        "destination": _end_json(packet.destination),
        "protocol": PROTOCOLS[packet.port >> 16],
        "port": packet.port & 0xFFFF,
        "port_names": sorted(map(display, packet.names)),
    }


def deciding_json(one: DecidingRule) -> dict[str, Any]:
    """What decides, and where."""
    place = one.place
    return {
        **place_json(None if place is None else place.span),
        "object": None if one.object is None else object_json(one.object.key),
        "text": deciding_text(one),
    }


def doubt_json(policy: UnmodelledPolicy) -> dict[str, Any]:
    """A policy of another engine that may say otherwise, and where its selector stands."""
    text = escape_text(unless_text([policy]))
    return {**place_json(policy.place.span), "text": text, "object": object_json(policy.object.key)}


def _verdict_json(one: IntentVerdict) -> dict[str, Any]:
    return {
        "name": one.intent.name,
        "unit": one.unit.root,
        "verdict": verdict_word(one),
        "speaks": one.speaks,
        "severity": one.intent.severity.value,
        **place_json(one.intent.place.span),
        "witness": packet_json(one.witness),
        "deciding": [deciding_json(rule) for rule in one.deciding],
        "facts": [{**place_json(None), "text": fact} for fact in one.facts],
        "unless": [doubt_json(policy) for policy in one.doubts],
        "edits": [edit_json(edit) for edit in one.repair.edits] if one.repair else [],
        "effects": [escape_text(text) for text in one.repair.effects] if one.repair else [],
    }


def _absent_json(one: MissingNamespace) -> dict[str, Any]:
    place = one.namespace.place or one.intent.place
    level = "error" if one.closed else "warning"
    return {**place_json(place.span), "severity": level, "text": absent_text(one)}


def _end_json(end: PacketEnd) -> dict[str, Any]:
    if isinstance(end, AddressEnd):
        return {"address": format_address(end.address)}
    if end.endpoint is not None:
        owner = end.endpoint.owner
        number = {} if end.endpoint.ordinal is None else {"ordinal": end.endpoint.ordinal}
        name = display(owner.name)
        return {"kind": owner.kind, "namespace": display(owner.namespace), "name": name, **number}
    found = {
        "namespace": display(end.namespace),
        "namespace_labels": _labels_json(end.space),
        "labels": _labels_json(end.labels),
    }
    return {**found, "address": format_address(end.addresses[0])} if end.addresses else found


def _labels_json(labels: Labels) -> dict[str, str]:
    return {key: display(value) for key, value in labels}
