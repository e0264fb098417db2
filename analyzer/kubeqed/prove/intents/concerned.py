"""What an intent is about: the units that it concerns, and of a unit at first the policies of the pods that it names."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from kubeqed.model.intents import EndClaim, EndKind, Expectation, Intent
from kubeqed.prove.intents.claims import list_named, term_of_end
from kubeqed.prove.packets.overlap import may_share_pods
from kubeqed.reach.policies import CompiledPolicy, Tier


def list_concerned(policies: Sequence[CompiledPolicy], intent: Intent) -> list[CompiledPolicy]:
    """The policies of administrators, and those that may mean a pod of an end of an intent.

    Of a claim that packets are denied, ends that mean pods of every namespace are left out; not so under a baseline, which
    a policy keeps from deciding about the pods that it isolates.
    """
    ends = {"Egress": intent.source, "Ingress": intent.destination}
    if intent.expect is Expectation.ISOLATED:
        ends = dict.fromkeys(ends, intent.destination)
    wide = intent.expect is Expectation.ALLOWED or any(one.tier is Tier.BASELINE for one in policies)
    return [
        one
        for one in policies
        if one.tier is not Tier.NAMESPACE
        or (one.egress is not None and _is_meant(one, ends["Egress"], wide=wide))
        or (one.ingress is not None and _is_meant(one, ends["Ingress"], wide=wide))
    ]


def _is_meant(policy: CompiledPolicy, several: Sequence[EndClaim], *, wide: bool) -> bool:
    for one in several:
        if one.kind in (EndKind.EXTERNAL, EndKind.INTERNET):
            continue
        everywhere = one.kind is EndKind.PODS and one.any_pod and not one.namespaces
        if (wide or not everywhere) and may_share_pods(policy.subject, term_of_end(one)):
            return True
    return False


def with_allies(chosen: Sequence[CompiledPolicy], policies: Sequence[CompiledPolicy]) -> list[CompiledPolicy]:
    """The chosen policies, with all that may allow something to the pods that these isolate, in the order of all policies.

    Only so do the chosen ones keep out nothing that all policies together let through.
    """
    by_namespace: dict[str | None, list[CompiledPolicy]] = {}
    for one in policies:
        if one.tier is Tier.NAMESPACE:
            by_namespace.setdefault(one.subject.namespace, []).append(one)
    found = {id(one): one for one in chosen}
    waiting = [one for one in chosen if one.tier is Tier.NAMESPACE]
    while waiting:
        isolating = waiting.pop()
        for one in by_namespace.get(isolating.subject.namespace, ()):
            if id(one) not in found and may_share_pods(one.subject, isolating.subject):
                found[id(one)] = one
                waiting.append(one)
    return [one for one in policies if id(one) in found]


def choose_units(intent: Intent, shown: Sequence[Collection[str]]) -> list[int]:
    """The units that an intent concerns, by number, where `shown` are the namespaces of each: those that show most that it names.

    One that names none, or none that is shown, concerns them all.
    """
    named = list_named(intent)
    counts = [sum(name in spaces for name in named) for spaces in shown]
    return [number for number, count in enumerate(counts) if count == max(counts)]
