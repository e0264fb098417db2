"""Which policies of other engines may say otherwise about an intent."""

from __future__ import annotations

from collections.abc import Sequence

from kubeqed.model.intents import EndClaim, EndKind, Expectation
from kubeqed.prove.intents.claims import choose_classes, is_dns
from kubeqed.prove.intents.outcome import IntentVerdict
from kubeqed.prove.packets.logic import Side
from kubeqed.prove.packets.packet import AddressEnd, PacketEnd
from kubeqed.prove.packets.space import Spaces, Vocabulary
from kubeqed.reach import PodsAsked, PolicyLimits, UnmodelledPolicy
from kubeqed.reach.policies import PodClass


def find_doubts(
    verdict: IntentVerdict, limits: PolicyLimits, classes: Sequence[PodClass], declared: Spaces
) -> tuple[UnmodelledPolicy, ...]:
    """The policies that may turn a verdict: of a packet those about its two ends, of a claim that holds those about its pods."""
    if not limits.foreign or verdict.holds is None or not verdict.speaks:
        return ()
    expect = verdict.intent.expect
    if verdict.witness is not None:
        ends = [_ask_of_end(end) for end in (verdict.witness.source, verdict.witness.destination)]
        return limits.doubting(*ends, passes=expect is not Expectation.ALLOWED)
    intent = verdict.intent
    claims = {Side.SOURCE: intent.source, Side.DESTINATION: intent.destination}
    if expect is Expectation.ISOLATED:
        claims = dict.fromkeys(Side, intent.destination)
    asked = [_ask_of_claim(end, several, classes, declared) for end, several in claims.items()]
    return limits.doubting(*asked, passes=expect is Expectation.ALLOWED)


def _ask_of_end(end: PacketEnd) -> PodsAsked:
    if isinstance(end, AddressEnd):
        return PodsAsked(outside=True)
    if end.endpoint is None:
        return PodsAsked(any_pod=True, namespace=end.namespace)
    return PodsAsked(frozenset([end.endpoint.workload]))


def _ask_of_claim(side: Side, several: Sequence[EndClaim], classes: Sequence[PodClass], declared: Spaces) -> PodsAsked:
    dns_shown = any(map(is_dns, classes))
    numbers = choose_classes(side, several, classes, declared, Vocabulary().build(), dns_shown=dns_shown)
    workloads = frozenset(one.workload for number in numbers for one in classes[number].endpoints)
    unseen = any(one.any_pod or (one.kind is EndKind.DNS and not dns_shown) for one in several)
    outside = any(one.kind in (EndKind.EXTERNAL, EndKind.INTERNET) for one in several)
    return PodsAsked(workloads, unseen, None, outside)
