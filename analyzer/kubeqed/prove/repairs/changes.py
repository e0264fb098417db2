"""What might be changed so that one packet is kept out, or let through: a few edits each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kubeqed.model.intents import EndClaim, Expectation, Intent
from kubeqed.prove.intents.claims import claims_isolated, name_namespaces
from kubeqed.prove.packets.concrete import ConcreteLogic, Spaces
from kubeqed.prove.packets.logic import Side
from kubeqed.prove.packets.overlap import may_share_pods
from kubeqed.prove.packets.packet import Packet, PodEnd
from kubeqed.prove.packets.semantics import PEER, SUBJECT, allows_side, leaves_open, matches
from kubeqed.prove.repairs.alternatives import (
    EndsMeant,
    PodsMeant,
    Written,
    list_meant,
    list_others,
    meet_peers,
    write_selector,
)
from kubeqed.prove.repairs.edited import is_taken_out, write_out
from kubeqed.reach.algebra import ALL, ALL_V4, ALL_V6, EMPTY, difference
from kubeqed.reach.policies import (
    CompiledPolicy,
    CompiledRule,
    Direction,
    PolicyEdit,
    Requirements,
    RequirementTerm,
    Tier,
    are_met,
    name_of,
    peers_key,
    write_admin_rule,
    write_networkpolicy,
    write_rule,
)

ORDER: tuple[Direction, ...] = ("Ingress", "Egress")  # who receives says who may send, sooner than the other way round


class PolicyChange(NamedTuple):
    """Edits that belong together; the less they change, the less they cost. `blunt` ones may well change more than was asked."""

    edits: tuple[PolicyEdit, ...]
    cost: int
    blunt: bool = True


class PacketChanges:
    """What might be changed for a packet that refutes an intent, by the policies as they are now."""

    def __init__(
        self,
        intent: Intent,
        packet: Packet,
        policies: Sequence[CompiledPolicy],
        declared: Spaces,
        known: frozenset[str],
    ) -> None:
        self._intent = intent
        self._policies = policies
        self._declared = declared
        self._known = known
        self._packet = packet
        self._logic = ConcreteLogic(packet, declared)

    def list_all(self) -> Iterator[PolicyChange]:
        """The changes after which the packet fares as the intent asks; if both sides have to let it through, those for the first."""
        if self._intent.expect is Expectation.DENIED:
            for direction in ORDER:
                yield from self._list_closing(direction)
        elif self._intent.expect is Expectation.ISOLATED:
            for direction in ORDER:
                claimed = claims_isolated(self._logic, self._intent, SUBJECT[direction])
                if claimed and leaves_open(self._logic, self._policies, direction):
                    yield from self._list_isolating(direction)
        else:
            sides = [one for one in ORDER if not allows_side(self._logic, self._policies, one)]
            for direction in sides[:1]:
                yield from self._list_opening(direction)

    def _list_closing(self, direction: Direction) -> Iterator[PolicyChange]:
        if not self._logic.is_governed(SUBJECT[direction]):
            return
        isolating, first = self._find_deciding(direction)
        if first is not None and first[1].action == "Allow":
            yield from self._insert_before(*first, direction, denies=True)
        elif isolating:
            allowing = self._find_first(isolating, direction)
            yield from () if allowing is None else self._take_out(*allowing, direction)
        else:
            yield from self._isolate_subject(direction)

    def _list_opening(self, direction: Direction) -> Iterator[PolicyChange]:
        isolating, first = self._find_deciding(direction)
        if first is not None and first[1].action == "Deny":
            yield from self._insert_before(*first, direction, denies=False)
            return
        meant = list_meant(self._ends_of(PEER[direction]))
        for policy in isolating:
            peers = meant.write_peers(_namespace_of(policy))
            rule = write_rule(direction, peers, self._intent.ports)
            if peers:
                yield PolicyChange((PolicyEdit("add", policy.object, f"spec.{direction.lower()}", [rule]),), 10)
        yield from self._make_policy(direction, meant, 20)

    def _take_out(self, policy: CompiledPolicy, rule: CompiledRule, direction: Direction) -> Iterator[PolicyChange]:
        """The peers of a rule that mean the packet's, the rule, or the rule with what the claim does not mean."""
        if not policy.object.holds(rule.path):  # a rule that an edit before this one has made
            return
        key = peers_key(direction)
        peers = (write_out(policy.object)["spec"][direction.lower()][_index_of(rule)] or {}).get(key) or []
        meant = [at for at, term in enumerate(rule.peers or ()) if self._logic.is_meant(PEER[direction], term)]
        left = set(range(len(peers))) - set(meant)
        if rule.peers is not None and len(peers) == len(rule.peers) and left:
            edits = tuple(PolicyEdit("remove", policy.object, f"{rule.path}.{key}[{at}]") for at in meant)
            yield PolicyChange(edits, 9 + len(edits))
        removal = PolicyEdit("remove", policy.object, rule.path)
        kept = _keep_types(policy, rule, direction)
        yield PolicyChange((removal, *kept), 12 + len(kept))
        yield from self._narrow_rule(policy, rule, direction, removal)

    def _narrow_rule(
        self, policy: CompiledPolicy, rule: CompiledRule, direction: Direction, removal: PolicyEdit
    ) -> Iterator[PolicyChange]:
        others = self._find_others(direction)
        if others is None or rule.ports.names:
            return
        meant = meet_peers(rule.peers, others)
        outside = difference(rule.ports.fixed, self._intent.ports)
        namespace = _namespace_of(policy)
        rules = [write_rule(direction, meant.write_peers(namespace), rule.ports.fixed)] if any(meant) else []
        whole = meet_peers(rule.peers, EndsMeant((PodsMeant(),), (ALL_V4, ALL_V6)))
        rules += (
            [write_rule(direction, whole.write_peers(namespace), outside)] if outside != EMPTY and any(whole) else []
        )
        rules += self._except_from(direction, namespace)
        if rules:
            edits = (removal, PolicyEdit("add", policy.object, f"spec.{direction.lower()}", rules))
            yield PolicyChange(edits, 22 + 2 * len(rules), blunt=False)

    def _isolate_subject(self, direction: Direction) -> Iterator[PolicyChange]:
        """Policies for the pods that nothing isolates: with rules for all that is not claimed, or without a rule."""
        more = 8 if direction == "Egress" else 0  # whoever is to be kept from many is rather kept out there
        others = self._find_others(direction)
        if others is not None:
            yield from self._make_policy(direction, others, 20 + more, closes=True)
        yield from self._make_policy(direction, EndsMeant((), ()), 24 + more, closes=True)

    def _list_isolating(self, direction: Direction) -> Iterator[PolicyChange]:
        for name, selector in self._list_subjects(direction, self._intent.destination):
            spec = {"podSelector": selector, "policyTypes": ["Ingress", "Egress"]}
            value = write_networkpolicy(self._choose_name(), name, spec)
            yield PolicyChange((PolicyEdit("create", None, "", value),), 20)

    def _make_policy(
        self, direction: Direction, peers: EndsMeant, cost: int, *, closes: bool = False
    ) -> Iterator[PolicyChange]:
        for namespace, selector in self._list_subjects(direction, self._ends_of(SUBJECT[direction])):
            key = direction.lower()
            rules = self._write_rules(direction, peers, namespace, closes=closes)
            spec: Written = {"podSelector": selector, "policyTypes": [direction], **({key: rules} if rules else {})}
            value = write_networkpolicy(self._choose_name(), namespace, spec)
            yield PolicyChange((PolicyEdit("create", None, "", value),), cost, blunt=not rules)

    def _write_rules(self, direction: Direction, peers: EndsMeant, namespace: str, *, closes: bool) -> list[Written]:
        """What a new policy allows: the peers on the claimed ports, or these on all, all others on the other ports, exceptions."""
        if not any(peers):
            return []
        written = peers.write_peers(namespace)
        if not closes:
            return [write_rule(direction, written, self._intent.ports)]
        rest = difference(ALL, self._intent.ports)
        others = [{"ports": write_rule(direction, [], rest)["ports"]}] if rest != EMPTY else []
        return [write_rule(direction, written, ALL), *others, *self._except_from(direction, namespace)]

    def _except_from(self, direction: Direction, namespace: str) -> list[Written]:
        """Rules for what an intent leaves out, where they name a peer."""
        found = []
        for one in self._intent.exceptions:
            ends = one.source if direction == "Ingress" else one.destination
            peers = list_meant(ends).write_peers(namespace) if ends is not None else []
            found += [write_rule(direction, peers, one.ports)] if peers else []
        return found

    def _insert_before(
        self, policy: CompiledPolicy, rule: CompiledRule, direction: Direction, *, denies: bool
    ) -> Iterator[PolicyChange]:
        """A rule of an administrator before the one that decides."""
        meant = list_meant(self._ends_of(PEER[direction]))
        addressed = direction == "Egress"
        peers = (meant if addressed else meant._replace(addresses=())).write_admin_peers()
        if peers and not self._intent.apart:
            name = name_of("deny" if denies else "allow", self._intent.name)
            written = write_admin_rule(policy.object, name, direction, peers, self._intent.ports, denies=denies)
            yield PolicyChange((PolicyEdit("insert", policy.object, rule.path, [written]),), 15)

    def _list_subjects(self, direction: Direction, ends: Sequence[EndClaim]) -> Iterator[tuple[str, Written]]:
        """The packet's namespace, and selectors of the claimed pods there, or of the packet's pod alone; none of a namespace that nobody names."""
        pod = self._packet.source if direction == "Egress" else self._packet.destination
        if not isinstance(pod, PodEnd) or pod.namespace not in self._known:
            return
        spaces = {**self._declared.get(pod.namespace, dict(pod.space)), **_name_label(pod.namespace)}
        for one in list_meant(ends).pods:
            if are_met(one.pods, dict(pod.labels)) and are_met(one.spaces, spaces):
                yield pod.namespace, write_selector(one.pods)
        own = _label_alone(pod)
        if own:
            yield pod.namespace, write_selector(own)

    def _find_others(self, direction: Direction) -> EndsMeant | None:
        """All that the claim does not mean at the other end."""
        if self._intent.apart:
            pod = self._packet.source if direction == "Egress" else self._packet.destination
            here = name_namespaces((pod.namespace,)) if isinstance(pod, PodEnd) else ()
            return EndsMeant((PodsMeant((), here),), (ALL_V4, ALL_V6))
        return list_others(self._ends_of(PEER[direction]))

    def _ends_of(self, side: Side) -> tuple[EndClaim, ...]:
        return self._intent.source if side is Side.SOURCE else self._intent.destination

    def _list_selecting(self, direction: Direction) -> list[CompiledPolicy]:
        return [
            one
            for one in self._policies
            if one.rules(direction) is not None and self._logic.is_meant(SUBJECT[direction], one.subject)
        ]

    def _find_deciding(
        self, direction: Direction
    ) -> tuple[list[CompiledPolicy], tuple[CompiledPolicy, CompiledRule] | None]:
        """The policies of the namespace that isolate the subject, and the first rule of an administrator that decides."""
        selecting = self._list_selecting(direction)
        isolating = [one for one in selecting if one.tier is Tier.NAMESPACE]
        first = self._find_first([one for one in selecting if one.tier is Tier.ADMIN], direction)
        if (first is None or first[1].action == "Pass") and not isolating:
            first = self._find_first([one for one in selecting if one.tier is Tier.BASELINE], direction)
        return isolating, first

    def _find_first(
        self, policies: Sequence[CompiledPolicy], direction: Direction
    ) -> tuple[CompiledPolicy, CompiledRule] | None:
        rules = ((policy, rule) for policy in policies for rule in policy.rules(direction) or ())
        return next((one for one in rules if matches(self._logic, *one, direction)), None)

    def _choose_name(self) -> str:
        """The name of the intent as one of a policy, which no other policy has."""
        taken = {one.object.name for one in self._policies if isinstance(one.object.name, str)}
        name = name_of(self._intent.name) or "intent"
        several = (name if at == 1 else f"{name[:59]}-{at}" for at in range(1, len(taken) + 2))
        return next(one for one in several if one not in taken)


def may_open(created: CompiledPolicy, policies: Sequence[CompiledPolicy]) -> bool:
    """Whether a new policy may allow something to a pod that another one isolates already."""
    return any(
        created.rules(direction)
        and one.tier is Tier.NAMESPACE
        and one.rules(direction) is not None
        and one is not created
        and may_share_pods(one.subject, created.subject)
        for one in policies
        for direction in ORDER
    )


def _keep_types(policy: CompiledPolicy, rule: CompiledRule, direction: Direction) -> tuple[PolicyEdit, ...]:
    """Without its last egress rule a policy that states no types would no longer isolate egress."""
    last = all(one is rule or is_taken_out(one) for one in policy.egress or ())
    if direction == "Egress" and last and not policy.object.holds("spec.policyTypes[0]"):
        return (PolicyEdit("add", policy.object, "spec.policyTypes", ["Ingress", "Egress"]),)
    return ()


def _label_alone(pod: PodEnd) -> Requirements:
    """The labels of a pod that is shown, those that policies look at."""
    labels = pod.endpoint.labels if pod.endpoint is not None else {}
    known = ((key, labels.get(key)) for key, _ in pod.labels)
    return tuple(RequirementTerm(key, "In", (value,)) for key, value in known if isinstance(value, str))


def _namespace_of(policy: CompiledPolicy) -> str:
    return policy.subject.namespace or ""


def _name_label(namespace: str) -> dict[str, str]:
    return {one.key: one.values[0] for one in name_namespaces((namespace,))}


def _index_of(rule: CompiledRule) -> int:
    return int(rule.path.rpartition("[")[2].rstrip("]"))
