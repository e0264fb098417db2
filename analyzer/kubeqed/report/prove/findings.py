"""What is refuted as findings, for the formats of `check`, for suppression and for exit statuses."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.diagnostic import Certainty, Diagnostic, Evidence, EvidenceFact, Related, Severity
from kubeqed.prove.intents.outcome import (
    IntentsOutcome,
    IntentVerdict,
    MissingNamespace,
    describe_refuted,
    describe_without_packets,
)
from kubeqed.prove.packets.deciding import DecidingRule
from kubeqed.prove.packets.packet import PacketEnd, PodEnd
from kubeqed.report.prove.words import absent_text, deciding_text, end_text, packet_text, suggestion_text
from kubeqed.report.words import escape_text
from kubeqed.rule.reasons import INTENT_NAMESPACE, INTENT_REFUTED, INTENT_WITHOUT_PACKETS


def find_diagnostics(outcome: IntentsOutcome) -> Iterator[Diagnostic]:
    """What is refuted, what speaks of nothing, and namespaces that are not there, in the order of the intents."""
    missing = {one.intent.name for one in outcome.absent}
    for one in outcome.verdicts:
        if one.holds is False:
            yield _make_refuted(one)
        elif not one.speaks and one.intent.name not in missing:
            yield _make_meaningless(one)
    yield from map(_make_absent, outcome.absent)


def _make_refuted(one: IntentVerdict) -> Diagnostic:
    packet = one.witness
    if packet is None:
        raise ValueError("a refuted intent has a witness")
    facts = (_end_fact(packet.source), *map(_rule_fact, one.deciding), _end_fact(packet.destination))
    related = tuple(
        Related(rule.place.span, deciding_text(rule), rule.object.key)
        for rule in one.deciding
        if rule.place is not None and rule.object is not None
    )
    evidence = Evidence("Fails", tuple(facts), (), (("packet", packet_text(packet)),), tuple(facts))
    severity = min(one.intent.severity, Severity.WARNING, key=lambda it: it.rank) if one.doubts else one.intent.severity
    return _make_finding(INTENT_REFUTED, one, describe_refuted(one), severity)._replace(
        related=related, evidence=evidence, suggestion=suggestion_text(one)
    )


def _make_meaningless(one: IntentVerdict) -> Diagnostic:
    return _make_finding(INTENT_WITHOUT_PACKETS, one, describe_without_packets(one), Severity.WARNING)


def _make_finding(rule: str, one: IntentVerdict, text: str, severity: Severity) -> Diagnostic:
    certainty = Certainty.PROVED if rule == INTENT_REFUTED and not one.doubts else Certainty.LIKELY
    fingerprint = f"{rule}, {one.intent.name}"
    return Diagnostic(
        rule,
        certainty,
        severity,
        escape_text(text),
        one.intent.place.span,
        units=(one.unit.root,),
        fingerprint=fingerprint,
    )


def _make_absent(one: MissingNamespace) -> Diagnostic:
    certainty = Certainty.PROVED if one.closed else Certainty.LIKELY
    place = one.namespace.place or one.intent.place
    fingerprint = f"{INTENT_NAMESPACE}, {one.intent.name}, {one.namespace.value}"
    return Diagnostic(
        INTENT_NAMESPACE, certainty, certainty.severity, absent_text(one), place.span, fingerprint=fingerprint
    )


def _end_fact(end: PacketEnd) -> EvidenceFact:
    """The end of a packet, at the manifest that shows it."""
    if isinstance(end, PodEnd) and end.endpoint is not None:
        workload = end.endpoint.workload
        return EvidenceFact(end_text(end), workload.at("metadata.name").span, workload.key)
    return EvidenceFact(end_text(end), None)


def _rule_fact(one: DecidingRule) -> EvidenceFact:
    place = one.place
    return EvidenceFact(
        deciding_text(one), None if place is None else place.span, None if one.object is None else one.object.key
    )
