"""What a class may accept or send by its policies alone: sets of peers, each with ports.

The tiers are asked in the order of the APIs: administrators' rules by priority and position, the first that matches
decides and Pass goes on; then NetworkPolicies, which are final for a pod that they isolate; then the baseline; then
everything is allowed.

What comes out is per class and direction, not per pair: a list of areas that do not share ports. Classes with equal lists
are equal to `blocks`, and in a real cluster most are.

Which peers there are says a `PeerIndex`: the classes and addresses of a unit, or absent pods that a selector describes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from kubeqed.reach.algebra.ports import ALL, EMPTY, PortSet, difference, intersection, union
from kubeqed.reach.algebra.terms import Term
from kubeqed.reach.policy.compiled import Action, CompiledPolicy, CompiledRule, Direction, Tier
from kubeqed.reach.topology.classes import PodClass


class PeersAndPorts(NamedTuple):
    """A set of peers and ports: every one of the peers on every one of the ports."""

    peers: int
    ports: PortSet


class PeerIndex(Protocol):
    """Peers as bits, and which of them the terms of a rule mean."""

    def everything(self, direction: Direction) -> int:
        """All peers there are in a direction."""

    def every_address(self, direction: Direction) -> int:
        """Those of them that are addresses."""

    def peers(self, terms: tuple[Term, ...], direction: Direction) -> int:
        """What the terms of a rule mean together."""

    def resolutions(self, names: tuple[tuple[str | None, str], ...]) -> dict[PortSet, int]:
        """What named ports mean: for each set of ports the peers that declare them so."""


class PolicyDecision(NamedTuple):
    """What policies allow, and what rules of administrators deny by name; what is denied by default is in neither."""

    allowed: list[PeersAndPorts]
    denied: list[PeersAndPorts]


def match_rules(index: PeerIndex, rule: CompiledRule, direction: Direction, subject: PodClass) -> list[PeersAndPorts]:
    """What a rule of a policy that selects `subject` matches. Named ports are resolved by the destination."""
    peers = index.everything(direction) if rule.peers is None else index.peers(rule.peers, direction)
    if not rule.ports.names:
        return [PeersAndPorts(peers, rule.ports.fixed)] if peers else []
    if direction == "Ingress":
        return [PeersAndPorts(peers, union(rule.ports.fixed, subject.resolve(rule.ports.names)))] if peers else []
    return _by_destination(index, rule, peers)


def _by_destination(index: PeerIndex, rule: CompiledRule, peers: int) -> list[PeersAndPorts]:
    """What a rule with named ports matches: the peers by what the names mean to them."""
    meanings: dict[PortSet, int] = {}
    for ports, classes in index.resolutions(rule.ports.names).items():
        meant = union(rule.ports.fixed, ports)
        meanings[meant] = meanings.get(meant, 0) | (peers & classes)
    outside = peers & index.every_address("Egress")
    meanings[rule.ports.fixed] = meanings.get(rule.ports.fixed, 0) | outside
    return [PeersAndPorts(bits, ports) for ports, bits in meanings.items() if bits and ports]


def allowed_by_policies(
    index: PeerIndex, policies: Sequence[CompiledPolicy], direction: Direction, subject: PodClass
) -> tuple[PeersAndPorts, ...]:
    """What policies that select `subject`, in the order in which they are asked, allow in a direction."""
    return merge_same_ports(decide_by_policies(index, policies, direction, subject).allowed)


def decide_by_policies(
    index: PeerIndex, policies: Sequence[CompiledPolicy], direction: Direction, subject: PodClass
) -> PolicyDecision:
    """What policies that select `subject`, in the order in which they are asked, allow and deny in a direction."""
    admin = [one for one in policies if one.tier is Tier.ADMIN]
    typed = [one for one in policies if one.tier is Tier.NAMESPACE and one.rules(direction) is not None]
    baseline = [one for one in policies if one.tier is Tier.BASELINE]
    everything = [PeersAndPorts(index.everything(direction), ALL)]
    if not admin:
        first: dict[Action, list[PeersAndPorts]] = {"Allow": [], "Deny": [], "Pass": everything}
    else:
        first = decide_in_order(index, admin, direction, subject, everything)
    # NetworkPolicies are final for a pod that one of them isolates: what none of them allows is denied, and the
    # baseline is not asked. Where none isolates, the baseline decides, and what it passes on is allowed.
    left, denied = first["Pass"], first["Deny"]
    if typed:
        within = [
            area
            for one in typed
            for rule in one.rules(direction) or ()
            for area in match_rules(index, rule, direction, subject)
        ]
        left = within if left is everything else intersect_areas(left, within)
    elif baseline:
        last = decide_in_order(index, baseline, direction, subject, left)
        left, denied = [*last["Allow"], *last["Pass"]], [*denied, *last["Deny"]]
    return PolicyDecision([*first["Allow"], *left], denied)


def decide_in_order(
    index: PeerIndex,
    policies: Iterable[CompiledPolicy],
    direction: Direction,
    subject: PodClass,
    asked: list[PeersAndPorts],
) -> dict[Action, list[PeersAndPorts]]:
    """What ordered rules decide of what is asked; what no rule decides counts as passed on."""
    verdict: dict[Action, list[PeersAndPorts]] = {"Allow": [], "Deny": [], "Pass": []}
    for policy in policies:
        for rule in policy.rules(direction) or ():
            # What a rule decides is taken out of what later rules are asked, so the first match wins for each peer
            # and each port, not for the whole connection.
            for area in match_rules(index, rule, direction, subject):
                verdict[rule.action] += intersect_areas(asked, [area])
                asked = [rest for one in asked for rest in subtract_area(one, area)]
    verdict["Pass"] += asked
    return verdict


def merge_same_ports(areas: Iterable[PeersAndPorts]) -> tuple[PeersAndPorts, ...]:
    """The areas, those of the same ports as one."""
    by_ports: dict[PortSet, int] = {}
    for peers, ports in areas:
        if peers and ports:
            by_ports[ports] = by_ports.get(ports, 0) | peers
    return tuple(PeersAndPorts(by_ports[ports], ports) for ports in sorted(by_ports))


def ports_for_peer(areas: Iterable[PeersAndPorts], number: int) -> PortSet:
    """The ports that areas hold for one peer."""
    found = EMPTY
    for peers, ports in areas:
        if peers >> number & 1:
            found = union(found, ports)
    return found


def intersect_areas(ones: Iterable[PeersAndPorts], others: Sequence[PeersAndPorts]) -> list[PeersAndPorts]:
    """What both of two lists of areas hold."""
    met = []
    for one in ones:
        for other in others:
            peers = one.peers & other.peers
            if peers:
                ports = intersection(one.ports, other.ports)
                if ports:
                    met.append(PeersAndPorts(peers, ports))
    return met


def subtract_area(one: PeersAndPorts, taken: PeersAndPorts) -> list[PeersAndPorts]:
    """What one area holds and another does not."""
    inside, outside = one.peers & taken.peers, one.peers & ~taken.peers
    rest = [PeersAndPorts(outside, one.ports)] if outside else []
    ports = difference(one.ports, taken.ports) if inside else EMPTY
    return [*rest, PeersAndPorts(inside, ports)] if ports else rest
