"""Whether two rules may mean one packet, told at a glance: what surely shares nothing need not be looked at."""

from __future__ import annotations

from functools import cache

from kubeqed.reach.algebra import intersect, intersection
from kubeqed.reach.policies import NAME_LABEL, AddressTerm, CompiledRule, PodTerm, PortTerms, Requirements, Term


def may_share_pods(one: PodTerm, other: PodTerm) -> bool:
    """Whether a pod may be meant by both terms."""
    if one.namespace is not None and other.namespace is not None and one.namespace != other.namespace:
        return False
    return (
        _may_be_named(one, other.namespace)
        and _may_be_named(other, one.namespace)
        and _may_both_be_met(one.namespaces, other.namespaces)
        and _may_both_be_met(one.pods, other.pods)
    )


def may_share_peers(one: CompiledRule, other: CompiledRule) -> bool:
    """Whether a peer may be meant by both rules."""
    if one.peers is None or other.peers is None:
        return True
    return any(_may_share(term, each) for term in one.peers for each in other.peers)


def may_share_ports(one: PortTerms, other: PortTerms) -> bool:
    """Whether a port may be meant by both; a name may be any port."""
    if (one.names and (other.fixed or other.names)) or (other.names and one.fixed):
        return True
    return bool(intersection(one.fixed, other.fixed))


def _may_share(term: Term, other: Term) -> bool:
    if isinstance(term, AddressTerm) and isinstance(other, AddressTerm):
        return bool(intersect(term.ranges, other.ranges)) or (term.pods and other.pods)
    if isinstance(term, AddressTerm) or isinstance(other, AddressTerm):
        return (isinstance(term, AddressTerm) and term.pods) or (isinstance(other, AddressTerm) and other.pods)
    return may_share_pods(term, other)


def _may_be_named(term: PodTerm, name: str | None) -> bool:
    return name is None or all(one.key != NAME_LABEL or one.met({NAME_LABEL: name}) for one in term.namespaces)


@cache
def _may_both_be_met(one: Requirements, other: Requirements) -> bool:
    """False where a key must have values that the other does not allow."""
    for asked, others in ((one, other), (other, one)):
        for each in asked:
            if each.operator == "In" and not any(
                all(it.key != each.key or it.met({each.key: value}) for it in others) for value in each.values
            ):
                return False
    return True
