"""NetworkPolicies, with everything the API says of absent and empty fields.

Absent and empty mean different things at every level of a NetworkPolicy, and that is where most engines differ:

- no `policyTypes`: ingress is governed always, egress if the policy has egress rules (`model.kinds.networkpolicy` defaults it);
- no rule in a direction that is governed: everything is denied;
- a rule without peers, or with an empty list of them: everybody;
- a peer with an empty selector: all pods, or all namespaces;
- a rule without ports: all ports of all protocols.

https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
"""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.model.kinds.networkpolicy import (
    IPBlock,
    NetworkPolicy,
    NetworkPolicyPeer,
    NetworkPolicyPort,
    NetworkPolicyRule,
)
from kubeqed.model.values.fields import Listing
from kubeqed.model.values.known import is_known
from kubeqed.parse import Unknown
from kubeqed.reach.algebra.addresses import Ranges, parse_cidr, without_holes
from kubeqed.reach.algebra.ports import EMPTY, PortSet, all_ports_of, make_ports, union_of
from kubeqed.reach.algebra.terms import (
    EVERYTHING,
    AddressTerm,
    PodTerm,
    PortTerms,
    Spelling,
    Term,
    encode_selector,
    names_unknown,
    spell_selector,
)
from kubeqed.reach.namespaces import NAME_LABEL, namespace_of
from kubeqed.reach.peer import Representative
from kubeqed.reach.policy.assumptions import Assumptions
from kubeqed.reach.policy.compiled import Caveat, CompiledPolicy, CompiledRule, Tier

OPEN_VALUE = "a value of its selector is unknown: it is taken to equal nothing but itself"


class NetworkPolicyLowering:
    """Compiles NetworkPolicies, as the CNI that is assumed reads them."""

    def __init__(self, assumptions: Assumptions) -> None:
        self.caveats: list[Caveat] = []
        self._pods_by_address = assumptions.pods_by_address
        self._lacking = assumptions.lacking

    def policy(self, item: NetworkPolicy) -> CompiledPolicy | None:
        """A policy in the common form; None when it cannot be told which pods it selects."""
        namespace = namespace_of(item)
        selected = encode_selector(item.pod_selector)
        if not is_known(selected):
            self._add_caveat(item, "spec.podSelector", "its podSelector cannot be read: it is taken to select nothing")
            return None
        if names_unknown(selected):
            self._add_caveat(item, "spec.podSelector", OPEN_VALUE)
        for kind in item.types:
            if isinstance(kind, Unknown):
                self._add_caveat(
                    item, "spec.policyTypes", "its policyTypes are unknown: only those that are known count"
                )
        # A direction that `policyTypes` names and that has no rules is not the same as one that it does not name: the
        # first is an empty tuple and isolates, the second None and leaves the pods as they are.
        types = {kind for kind in item.types if isinstance(kind, str)}
        return CompiledPolicy(
            item,
            Tier.NAMESPACE,
            0,
            PodTerm(namespace, EVERYTHING, selected),
            self._lower_rules(item, item.ingress, namespace) if "Ingress" in types else None,
            self._lower_rules(item, item.egress, namespace) if self._governs_egress(item, types) else None,
        )

    def _governs_egress(self, item: NetworkPolicy, types: set[str]) -> bool:
        return "Egress" in types and not self._ignores_feature("egress", item, "spec.policyTypes")

    def _ignores_feature(self, feature: str, item: NetworkPolicy, path: str) -> bool:
        """Whether the CNI leaves out a feature that a policy uses, which is then said."""
        if feature not in self._lacking:
            return False
        self._add_caveat(item, path, f"the CNI that was named does not support {feature} of policies: it ignores it")
        return True

    def _add_caveat(self, item: NetworkPolicy, path: str, text: str) -> None:
        self.caveats.append(Caveat(item, path, text))

    def _lower_rules(
        self, item: NetworkPolicy, rules: Listing[NetworkPolicyRule], namespace: str
    ) -> tuple[CompiledRule, ...]:
        """The rules of a direction, each of which allows by itself."""
        if rules.more is not None:
            self._add_caveat(item, "spec", "it may hold rules that the input does not show; they are left out")
        return tuple(
            CompiledRule(
                rule.path,
                f"#{number}",
                "Allow",
                self._lower_peers(item, rule, namespace),
                self._lower_ports(item, rule.ports),
                tuple(_spell_peer(peer, namespace) for peer in rule.peers if peer.ip_block is None),
            )
            for number, rule in enumerate(rules, 1)
        )

    def _lower_peers(self, item: NetworkPolicy, rule: NetworkPolicyRule, namespace: str) -> tuple[Term, ...] | None:
        """The peers of a rule as terms; None for everybody."""
        if rule.peers.more is not None:
            self._add_caveat(item, rule.path, "its peers are unknown: they are taken to match nothing")
        # No `from` at all means everybody, and so does an empty list: None stands for that, () for nobody.
        elif not rule.peers.items:
            return None
        return tuple(term for peer in rule.peers for term in self._lower_peer(item, peer, namespace))

    def _lower_peer(self, item: NetworkPolicy, peer: NetworkPolicyPeer, namespace: str) -> Iterator[Term]:
        """The term of one peer; nothing for one that matches nothing."""
        if peer.ip_block is not None:
            ranges = self._lower_block(item, peer.ip_block)
            if ranges:
                yield AddressTerm(ranges, pods=self._pods_by_address)
            return
        if peer.pod_selector is None and peer.namespace_selector is None:
            self._add_caveat(item, peer.path, "a peer without a field is refused by the API server: it matches nothing")
            return
        pods, namespaces = encode_selector(peer.pod_selector), encode_selector(peer.namespace_selector)
        if not is_known(pods) or not is_known(namespaces):
            self._add_caveat(item, peer.path, "its selector cannot be read: it is taken to match nothing")
            return
        if names_unknown(pods) or names_unknown(namespaces):
            self._add_caveat(item, peer.path, OPEN_VALUE)
        # An empty namespaceSelector selects all namespaces, an absent one only the policy's own.
        yield PodTerm(namespace if peer.namespace_selector is None else None, namespaces, pods)

    def _lower_block(self, item: NetworkPolicy, block: IPBlock) -> Ranges:
        """The addresses of an ipBlock without its exceptions."""
        if self._ignores_feature("ipBlock", item, block.path):
            return ()
        if block.exceptions.items and self._ignores_feature("ipBlock_except", item, f"{block.path}.except"):
            return ()
        whole_range = parse_cidr(block.cidr) if isinstance(block.cidr, str) else None
        if whole_range is None:
            self._add_caveat(item, f"{block.path}.cidr", "its CIDR is no known range: it is taken to match nothing")
            return ()
        # A hole that is not known is left out, so the block lets in too much rather than too little; the caveat says
        # so.
        holes = [parse_cidr(hole) if isinstance(hole, str) else None for hole in block.exceptions]
        if None in holes or block.exceptions.more is not None:
            self._add_caveat(item, f"{block.path}.except", "an exception is no known range: it is left out")
        return without_holes(whole_range, [hole for hole in holes if hole is not None])

    def _lower_ports(self, item: NetworkPolicy, entries: Listing[NetworkPolicyPort]) -> PortTerms:
        """The ports of a rule, those by name apart."""
        if entries.more is not None:
            self._add_caveat(item, "spec", "its ports are unknown: they are taken to be none")
        elif not entries.items:
            return PortTerms()
        fixed: list[PortSet] = []
        names: list[tuple[str | None, str]] = []
        for entry in entries:
            # A named port means what the destination's containers call so. It stays a name until the destination is
            # known.
            if isinstance(entry.protocol, str) and isinstance(entry.port, str):
                if self._ignores_feature("namedPorts", item, f"{entry.path}.port"):
                    fixed.append(all_ports_of(entry.protocol))
                else:
                    names.append((entry.protocol, entry.port))
            else:
                fixed.append(self._lower_port(item, entry))
        return PortTerms(union_of(fixed), tuple(sorted(set(names), key=str)))

    def _lower_port(self, item: NetworkPolicy, entry: NetworkPolicyPort) -> PortSet:
        """The ports of one entry; none for one that is not known."""
        if (
            isinstance(entry.protocol, Unknown)
            or isinstance(entry.port, Unknown)
            or isinstance(entry.end_port, Unknown)
        ):
            self._add_caveat(item, entry.path, "a port is unknown: it is taken to be none")
            return EMPTY
        if entry.protocol == "SCTP" and self._ignores_feature("sctp", item, f"{entry.path}.protocol"):
            return EMPTY
        if not isinstance(entry.port, int):
            return all_ports_of(entry.protocol)
        single = entry.end_port is None or self._ignores_feature("endPort", item, f"{entry.path}.endPort")
        return make_ports(entry.protocol, entry.port, entry.port if single else entry.end_port or entry.port)


def _spell_peer(peer: NetworkPolicyPeer, namespace: str) -> Representative:
    own = Spelling(labels=((NAME_LABEL, namespace),))
    spaces = own if peer.namespace_selector is None else spell_selector(peer.namespace_selector)
    return Representative(spaces, spell_selector(peer.pod_selector))
