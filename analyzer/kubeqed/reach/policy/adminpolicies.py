"""AdminNetworkPolicies, their baseline, and ClusterNetworkPolicies: rules in order, the first that matches decides.

Unlike NetworkPolicies they isolate nobody: a pod that is selected and that no rule mentions is left to the next tier. `Pass`
hands a connection over to the NetworkPolicies at once. Of two policies of one tier the smaller priority is asked first.

https://network-policy-api.sigs.k8s.io/api-overview/
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kubeqed.model.kinds.adminnetworkpolicy import AdminNetworkPolicy
from kubeqed.model.kinds.adminrule import AdminPeer, AdminPort, AdminRule, AdminSelector
from kubeqed.model.kinds.baselineadminnetworkpolicy import BaselineAdminNetworkPolicy
from kubeqed.model.kinds.clusternetworkpolicy import ClusterNetworkPolicy
from kubeqed.model.kinds.object import Object
from kubeqed.model.values.fields import Listing
from kubeqed.model.values.known import is_known
from kubeqed.parse import Unknown
from kubeqed.reach.algebra.addresses import parse_cidr
from kubeqed.reach.algebra.ports import EMPTY, PortSet, all_ports_of, make_ports, union_of
from kubeqed.reach.algebra.terms import (
    AddressTerm,
    PodTerm,
    PortTerms,
    Term,
    encode_selector,
    names_unknown,
    spell_selector,
)
from kubeqed.reach.algebra.tokens import display, encode
from kubeqed.reach.peer import Representative
from kubeqed.reach.policy.compiled import Action, Caveat, CompiledPolicy, CompiledRule, Tier
from kubeqed.reach.policy.networkpolicies import OPEN_VALUE

AdminPolicy = AdminNetworkPolicy | BaselineAdminNetworkPolicy | ClusterNetworkPolicy

_KNOWN_PEERS = frozenset({"namespaces", "pods", "networks", "nodes", "domainNames"})
_ACTIONS: dict[str, Action] = {"Allow": "Allow", "Accept": "Allow", "Deny": "Deny", "Pass": "Pass"}
_LAST = 1001  # a priority that is not known is asked last


class AdminPolicyLowering:
    """Compiles the policies of administrators."""

    def __init__(self) -> None:
        self.caveats: list[Caveat] = []

    def policy(self, item: AdminPolicy) -> CompiledPolicy | None:
        """A policy in the common form; None when it cannot be told which pods it selects."""
        subject = self._lower_selector(item, item.subject) if item.subject is not None else None
        tier = self._read_tier(item)
        if subject is None or tier is None:
            self._add_caveat(item, "spec.subject", "its subject or tier cannot be read: it is taken to select nothing")
            return None
        return CompiledPolicy(
            item,
            tier,
            self._read_priority(item),
            subject,
            self._lower_rules(item, item.ingress),
            self._lower_rules(item, item.egress),
        )

    def _add_caveat(self, item: Object, path: str, text: str) -> None:
        self.caveats.append(Caveat(item, path, text))

    def _read_tier(self, item: AdminPolicy) -> Tier | None:
        """The tier of a policy; None where it is not known."""
        if isinstance(item, ClusterNetworkPolicy):
            if not isinstance(item.tier, str):
                return None
            return {"Admin": Tier.ADMIN, "Baseline": Tier.BASELINE}.get(item.tier)
        return Tier.ADMIN if isinstance(item, AdminNetworkPolicy) else Tier.BASELINE

    def _read_priority(self, item: AdminPolicy) -> int:
        """The place of a policy among those of its tier, the smallest first."""
        # There is one of them in a cluster, so it has no priority to be ordered by.
        if isinstance(item, BaselineAdminNetworkPolicy):
            return 0
        if isinstance(item.priority, int):
            return item.priority
        self._add_caveat(item, "spec.priority", "its priority is unknown: it is asked last")
        return _LAST

    def _lower_selector(self, item: Object, selector: AdminSelector) -> PodTerm | None:
        """A selector as a term; None, with a caveat, where it cannot be read."""
        namespaces, pods = encode_selector(selector.namespaces), encode_selector(selector.pods)
        if not is_known(namespaces) or not is_known(pods):
            self._add_caveat(item, selector.path, "its selector cannot be read: it is taken to match nothing")
            return None
        if names_unknown(namespaces) or names_unknown(pods):
            self._add_caveat(item, selector.path, OPEN_VALUE)
        return PodTerm(None, namespaces, pods)

    def _lower_rules(self, item: Object, rules: Listing[AdminRule]) -> tuple[CompiledRule, ...]:
        if rules.more is not None:
            self._add_caveat(item, "spec", "it may hold rules that the input does not show; they are left out")
        return tuple(self._compile_rules(item, rules.items))

    def _compile_rules(self, item: Object, rules: Sequence[AdminRule]) -> Iterator[CompiledRule]:
        """The rules in their order; one whose action is not known is left out."""
        for number, rule in enumerate(rules, 1):
            action = _ACTIONS.get(rule.action) if isinstance(rule.action, str) else None
            if action is None:
                self._add_caveat(item, f"{rule.path}.action", "its action is unknown: the rule is left out")
                continue
            name = display(encode(rule.name)) if rule.name is not None else f"#{number}"
            peers, ports = self._lower_peers(item, rule, action), self._lower_ports(item, rule.ports)
            selectors = (peer.selector for peer in rule.peers if peer.selector is not None)
            written = (Representative(spell_selector(one.namespaces), spell_selector(one.pods)) for one in selectors)
            yield CompiledRule(rule.path, name, action, peers, ports, tuple(written))

    def _lower_peers(self, item: Object, rule: AdminRule, action: Action) -> tuple[Term, ...] | None:
        """The peers of a rule as terms; None for everybody."""
        terms: list[Term] = []
        for peer in rule.peers:
            if not _KNOWN_PEERS.intersection(peer.fields):
                self._add_caveat(item, peer.path, "a peer of no known field fails closed: an Allow matches nothing")
                # The API asks implementations to fail closed: a Deny of a peer that is not understood denies
                # everybody.
                if action != "Allow":
                    return None
            terms += self._lower_peer(item, peer)
        return tuple(terms)

    def _lower_peer(self, item: Object, peer: AdminPeer) -> Iterator[Term]:
        """The terms of one peer: pods, addresses, both or nothing."""
        for field in ("nodes", "domainNames"):
            if field in peer.fields:
                self._add_caveat(
                    item, peer.path, f"{field} cannot be told from manifests: they are taken to match nothing"
                )
        if peer.selector is not None:
            term = self._lower_selector(item, peer.selector)
            if term is not None:
                yield term
        ranges = [parse_cidr(text) if isinstance(text, str) else None for text in peer.networks]
        if None in ranges or peer.networks.more is not None:
            self._add_caveat(item, peer.path, "a network is no known range: it is taken to match nothing")
        if ranges:
            yield AddressTerm(tuple(one for one in ranges if one is not None), pods=True)

    def _lower_ports(self, item: Object, entries: Listing[AdminPort]) -> PortTerms:
        """The ports of a rule, those by name apart."""
        if entries.more is not None:
            self._add_caveat(item, "spec", "its ports are unknown: they are taken to be none")
        elif not entries.items:
            return PortTerms()
        names = {(None, encode(entry.name)) for entry in entries if entry.name is not None}
        fixed = [self._lower_port(item, entry) for entry in entries if entry.name is None]
        return PortTerms(union_of(fixed), tuple(sorted(names, key=str)))

    def _lower_port(self, item: Object, entry: AdminPort) -> PortSet:
        """The ports of one entry; none for one that is not known."""
        if isinstance(entry.protocol, Unknown) or isinstance(entry.number, Unknown) or isinstance(entry.end, Unknown):
            self._add_caveat(item, entry.path, "a port is unknown: it is taken to be none")
            return EMPTY
        if entry.protocol is None or entry.number is None:
            return all_ports_of(entry.protocol) if entry.protocol is not None else EMPTY
        return make_ports(entry.protocol, entry.number, entry.number if entry.end is None else entry.end)
