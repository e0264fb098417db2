"""Exposure: peers that are not in the input but that policies speak of, each standing for all pods of its kind.

A representative is a pair of selectors of some rule. A rule matches it when the rule asks for nothing that the pair
does not say. Policies never select representatives, so only the workload's own side counts; a named port stays a name
where the absent destination would have to resolve it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from kubeqed.model.kinds.adminnetworkpolicy import AdminNetworkPolicy
from kubeqed.model.kinds.baselineadminnetworkpolicy import BaselineAdminNetworkPolicy
from kubeqed.model.kinds.clusternetworkpolicy import ClusterNetworkPolicy
from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.reach.algebra.ports import ALL, EMPTY, PortSet, difference, intersection, union
from kubeqed.reach.algebra.terms import PodTerm, Requirements, RequirementTerm, Spelling, Term, are_met, spell_selector
from kubeqed.reach.namespaces import NAME_LABEL, namespace_of
from kubeqed.reach.peer import WHOLE_CLUSTER, Peer, Representative
from kubeqed.reach.policy.compiled import CompiledPolicy, CompiledRule, Direction, Tier
from kubeqed.reach.query.answer import ConnectionQuery, ReachResult
from kubeqed.reach.query.pairs import ExternalConnection, list_external
from kubeqed.reach.topology.classes import PodClass

Name = tuple[str | None, str]


class OpenPorts(NamedTuple):
    """Ports by number and, towards absent pods, by name."""

    ports: PortSet = EMPTY
    names: frozenset[Name] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.ports or self.names)


class ExposedPeer(NamedTuple):
    """A workload, and what absent pods may send to it or receive from it."""

    workload: Peer
    representative: Representative
    open: OpenPorts


class DirectionExposure(NamedTuple):
    """What is asked about in one direction.

    `external` are the connections with addresses of the workloads that are exposed in one direction at least;
    `unprotected` are the workloads that no policy isolates or judges.
    """

    direction: Direction
    exposed: tuple[ExposedPeer, ...]
    external: tuple[ExternalConnection, ...]
    unprotected: tuple[Peer, ...]


def find_exposure(answer: ReachResult, question: ConnectionQuery) -> tuple[DirectionExposure, ...]:
    """What a question asks of the exposure, egress before ingress."""
    exposure = Exposure(answer)
    found: dict[Direction, list[ExposedPeer]] = {side: list(exposure.of(side)) for side in ("Egress", "Ingress")}
    names = {str(one.workload) for several in found.values() for one in several}
    return tuple(
        DirectionExposure(
            direction,
            tuple(one for one in several if _is_asked(question, one.workload, direction)),
            tuple(one for one in list_external(answer, question, direction) if one.workload in names),
            tuple(one for one in exposure.unprotected(direction) if _is_asked(question, one, direction)),
        )
        for direction, several in found.items()
    )


def _is_asked(question: ConnectionQuery, peer: Peer, direction: Direction) -> bool:
    wanted, other = question.sources, question.destinations
    if direction == "Ingress":
        wanted, other = other, wanted
    named = other is None if wanted is None else peer in wanted.workloads
    about = question.about is None or peer in question.about
    return named and about and question.namespace in (None, peer.namespace)


class Exposure:
    """The exposure of the workloads of an answer."""

    def __init__(self, answer: ReachResult) -> None:
        self._answer = answer
        self._reach = answer.reach
        self._matches: dict[tuple[Term, Representative], bool] = {}

    def of(self, direction: Direction) -> Iterator[ExposedPeer]:
        """Every workload with every representative that is open to it, or that an administrator closes."""
        for number in range(len(self._reach.classes)):
            lines = self._lines(direction, number)
            for shown in self._answer.names.of(number):
                yield from (ExposedPeer(shown, representative, opened) for representative, opened in lines)

    def unprotected(self, direction: Direction) -> list[Peer]:
        """The workloads that no policy isolates or judges in a direction."""
        return sorted(
            shown
            for number in range(len(self._reach.classes))
            if not self.is_protected(number, direction)
            for shown in self._answer.names.of(number)
        )

    def is_protected(self, number: int, direction: Direction) -> bool:
        """Whether some policy speaks of a class in a direction."""
        for policy in self._reach.policies_for(number):
            rules = policy.rules(direction)
            if rules or (rules is not None and policy.tier is Tier.NAMESPACE):
                return True
        return False

    def _lines(self, direction: Direction, number: int) -> list[tuple[Representative, OpenPorts]]:
        whole, _ = self._open(direction, number, WHOLE_CLUSTER)
        lines = [(WHOLE_CLUSTER, whole)] if whole else []
        if not self.is_protected(number, direction):
            return lines
        for representative in self._representatives:
            found, denied = self._open(direction, number, representative)
            if (found or denied) and found != whole:
                lines.append((representative, found))
        return lines

    @cached_property
    def _representatives(self) -> list[Representative]:
        """One for each pair of selectors that rules write, of those that mean the same the first."""
        found: dict[tuple[Requirements, Requirements], Representative] = {}
        for one in _spelt(self._reach.policies.items):
            found.setdefault((_asked(one.namespaces), _asked(one.pods)), one)
        return sorted(one for one in found.values() if one != WHOLE_CLUSTER and not self._is_real(one))

    def _is_real(self, one: Representative) -> bool:
        """Whether the labels are those of a pod of the input, so that the list has its connections already."""
        if not one.namespaces.labels or not one.pods.labels or not one.namespaces.plain or not one.pods.plain:
            return False
        term = PodTerm(None, _asked(one.namespaces), _asked(one.pods))
        return bool(self._reach.index.match(term, "Ingress") & self._reach.shown)

    def _open(self, direction: Direction, number: int, peer: Representative) -> tuple[OpenPorts, bool]:
        """What is open between a class and absent pods, and whether an administrator's rule denies them something."""
        subject = self._reach.classes[number]
        tiers: dict[Tier, list[CompiledPolicy]] = {tier: [] for tier in Tier}
        for policy in self._reach.policies_for(number):
            if policy.rules(direction) is not None:
                tiers[policy.tier].append(policy)
        opened, left, denied = self._ordered(direction, tiers[Tier.ADMIN], subject, peer, ALL)
        if tiers[Tier.NAMESPACE]:
            for rule in self._matching(direction, tiers[Tier.NAMESPACE], peer):
                ports, names = _ports(rule, direction, subject)
                opened = OpenPorts(union(opened.ports, intersection(ports, left)), opened.names | names)
            return _settled(opened), denied
        more, rest, denied_last = self._ordered(direction, tiers[Tier.BASELINE], subject, peer, left)
        ports = union(union(opened.ports, more.ports), rest)
        return _settled(OpenPorts(ports, opened.names | more.names)), denied or denied_last

    def _ordered(
        self,
        direction: Direction,
        policies: list[CompiledPolicy],
        subject: PodClass,
        peer: Representative,
        asked: PortSet,
    ) -> tuple[OpenPorts, PortSet, bool]:
        """What rules in order open, what they pass on, and whether they deny something."""
        opened, passed, denied = OpenPorts(), EMPTY, False
        for rule in self._matching(direction, policies, peer):
            ports, names = _ports(rule, direction, subject)
            hit = intersection(asked, ports)
            asked = difference(asked, ports)
            if rule.action == "Allow":
                opened = OpenPorts(union(opened.ports, hit), opened.names | names)
            elif rule.action == "Pass":
                passed = union(passed, hit)
            else:
                denied = denied or bool(hit)
        return opened, union(passed, asked), denied

    def _matching(
        self, direction: Direction, policies: list[CompiledPolicy], peer: Representative
    ) -> Iterator[CompiledRule]:
        for policy in policies:
            for rule in policy.rules(direction) or ():
                if rule.peers is None or any(self._match(term, peer) for term in rule.peers):
                    yield rule

    def _match(self, term: Term, peer: Representative) -> bool:
        key = (term, peer)
        if key not in self._matches:
            self._matches[key] = self._means(term, peer) if isinstance(term, PodTerm) else term.holds(())
        return self._matches[key]

    def _means(self, asked: PodTerm, peer: Representative) -> bool:
        """Whether a representative says all that a term asks; of a namespace in the input all labels are known."""
        namespaces = asked.namespaces
        if asked.namespace is not None:
            namespaces = (RequirementTerm(NAME_LABEL, "In", (asked.namespace,)),)
        labels = self._reach.index.namespaces.get(dict(peer.namespaces.labels).get(NAME_LABEL, ""))
        there = _implies(peer.namespaces, namespaces) if labels is None else are_met(namespaces, labels)
        return there and _implies(peer.pods, asked.pods)


def _spelt(policies: Iterable[CompiledPolicy]) -> Iterator[Representative]:
    """The pairs of selectors, as they are written, of all rules of the directions that their policies govern."""
    for policy in policies:
        item = policy.object
        if isinstance(item, NetworkPolicy):
            own = Spelling(labels=((NAME_LABEL, namespace_of(item)),))
            rules = (
                *(item.ingress if policy.ingress is not None else ()),
                *(item.egress if policy.egress is not None else ()),
            )
            for rule in rules:
                for peer in rule.peers:
                    if peer.ip_block is None:
                        spaces = own if peer.namespace_selector is None else spell_selector(peer.namespace_selector)
                        yield Representative(spaces, spell_selector(peer.pod_selector))
        elif isinstance(item, AdminNetworkPolicy | BaselineAdminNetworkPolicy | ClusterNetworkPolicy):
            for admin_rule in (*item.ingress, *item.egress):
                for admin_peer in admin_rule.peers:
                    if admin_peer.selector is not None:
                        namespaces, pods = admin_peer.selector.namespaces, admin_peer.selector.pods
                        yield Representative(spell_selector(namespaces), spell_selector(pods))


def _implies(said: Spelling, asked: Requirements) -> bool:
    labels, have = dict(said.labels), _asked(said)
    return all(one in have or (one.key in labels and one.met(labels)) for one in asked)


def _asked(said: Spelling) -> Requirements:
    """What a selector asks, however it is written."""
    labels = (RequirementTerm(key, "In", (value,)) for key, value in said.labels)
    expressions = (one._replace(values=tuple(sorted(set(one.values)))) for one in said.expressions)
    return tuple(sorted({*labels, *expressions}))


def _ports(rule: CompiledRule, direction: Direction, subject: PodClass) -> tuple[PortSet, frozenset[Name]]:
    if direction == "Ingress":
        return union(rule.ports.fixed, subject.resolve(rule.ports.names)), frozenset()
    return rule.ports.fixed, frozenset(rule.ports.names)


def _settled(opened: OpenPorts) -> OpenPorts:
    """Names say nothing more where every port is open."""
    return OpenPorts(ALL) if opened.ports == ALL else opened
