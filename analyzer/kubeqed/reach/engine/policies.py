"""All policies of a unit, in the order in which they are asked, and what they look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

from kubeqed.model.kinds.adminnetworkpolicy import AdminNetworkPolicy
from kubeqed.model.kinds.baselineadminnetworkpolicy import BaselineAdminNetworkPolicy
from kubeqed.model.kinds.clusternetworkpolicy import ClusterNetworkPolicy
from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.model.kinds.object import Object
from kubeqed.model.units.unit import Unit
from kubeqed.reach.algebra.addresses import ALL_V4, ALL_V6, V6, Ranges, cut_atoms, is_v6
from kubeqed.reach.algebra.terms import AddressTerm, PodTerm, Term
from kubeqed.reach.policy import adminpolicies, networkpolicies
from kubeqed.reach.policy.adminpolicies import AdminPolicy
from kubeqed.reach.policy.assumptions import Assumptions
from kubeqed.reach.policy.compiled import Caveat, CompiledPolicy, CompiledRule, Direction
from kubeqed.reach.topology.classes import PolicyVocabulary, group_alike_values

Kind = TypeVar("Kind", bound=Object)


class CompiledPolicies(NamedTuple):
    """The policies, first asked first, and what compiling them left open."""

    items: tuple[CompiledPolicy, ...]
    caveats: tuple[Caveat, ...]

    def seen(self, also: Iterable[Term] = (), names: Iterable[str] = ()) -> PolicyVocabulary:
        """What the policies look at, and other terms and names of ports that are asked about."""
        asked: dict[str, set[tuple[str, ...]]] = {}
        port_names = set(names)
        edges: set[int] = set()
        for _, rule in self.rules():
            port_names.update(name for _, name in rule.ports.names)
        for term in (*self.terms(), *also):
            if isinstance(term, PodTerm):
                for one in term.pods:
                    asked.setdefault(one.key, set()).add(one.values)
            elif term.pods:
                edges.update(edge for low, high in term.ranges for edge in (low, high + 1))
        cuts = tuple(sorted({0, V6, *edges})) if edges else ()
        alike = {key: group_alike_values(several) for key, several in asked.items()}
        return PolicyVocabulary(alike, frozenset(port_names), cuts)

    def rules(self) -> Iterator[tuple[Direction, CompiledRule]]:
        """Every rule, with its direction."""
        for policy in self.items:
            yield from (("Ingress", rule) for rule in policy.ingress or ())
            yield from (("Egress", rule) for rule in policy.egress or ())

    def pieces(self) -> tuple[Ranges, Ranges]:
        """The addresses that ingress rules tell apart, and those of egress rules."""
        named, wholes = self._named_addresses, (ALL_V4, ALL_V6)
        return cut_atoms(named["Ingress"], wholes), cut_atoms(named["Egress"], wholes)

    @property
    def name_ipv6(self) -> bool:
        """Whether a rule names an IPv6 address: else a list has none."""
        return any(is_v6(one) for ranges in self._named_addresses.values() for several in ranges for one in several)

    @property
    def _named_addresses(self) -> dict[Direction, set[Ranges]]:
        found: dict[Direction, set[Ranges]] = {"Ingress": set(), "Egress": set()}
        for direction, rule in self.rules():
            found[direction].update(term.ranges for term in rule.peers or () if isinstance(term, AddressTerm))
        return found

    def terms(self) -> Iterator[Term]:
        """The terms of all policies."""
        for policy in self.items:
            yield policy.subject
        for _, rule in self.rules():
            yield from rule.peers or ()


def compile_policies(unit: Unit, assumptions: Assumptions) -> CompiledPolicies:
    """The policies of a unit."""
    if not assumptions.enforced:
        ignored = "the CNI that was named obeys no policies: it is left out"
        return CompiledPolicies((), tuple(Caveat(item, "metadata.name", ignored) for item in unit.of(NetworkPolicy)))
    spaced = networkpolicies.NetworkPolicyLowering(assumptions)
    admin = adminpolicies.AdminPolicyLowering()
    compiled: list[CompiledPolicy | None] = [spaced.policy(item) for item in unit.of(NetworkPolicy)]
    kinds: tuple[type[AdminPolicy], ...] = (AdminNetworkPolicy, BaselineAdminNetworkPolicy, ClusterNetworkPolicy)
    read = [kind for kind in kinds if kind.__name__ not in assumptions.lacking]
    for kind in read:
        compiled += [admin.policy(item) for item in unit.of(kind)]
    items = sorted((one for one in compiled if one is not None), key=_rank_policy)
    unread = "the CNI that was named does not read policies of this kind: it is left out"
    left = [Caveat(item, "metadata.name", unread) for kind in kinds if kind not in read for item in unit.of(kind)]
    return CompiledPolicies(tuple(items), (*spaced.caveats, *admin.caveats, *left))


def _rank_policy(policy: CompiledPolicy) -> tuple[int, int, str]:
    """Equal priorities are undefined by the API; the name decides here, so that answers stay the same."""
    return policy.tier, policy.priority, str(policy.object.name) if isinstance(policy.object.name, str) else ""
