"""Rules about addresses that may or may not be those of pods, because no manifest says what addresses the pods get."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.reach.algebra.terms import AddressTerm
from kubeqed.reach.engine.reachability import Reachability
from kubeqed.reach.policy.compiled import Caveat

_TEXT = "it may mean pods too, by addresses that no manifest states: those pods are taken not to be among them"


def find_unplaced_addresses(reach: Reachability) -> Iterator[Caveat]:
    """A remark for each rule whose addresses count for pods, but may or may not be those of pods."""
    if all(one.key.addresses for one in reach.classes if one.endpoints):
        return
    for policy in reach.policies.items:
        for rule in (*(policy.ingress or ()), *(policy.egress or ())):
            terms = [term for term in rule.peers or () if isinstance(term, AddressTerm) and term.pods]
            if any(not term.holds(()) for term in terms):
                yield Caveat(policy.object, rule.path, _TEXT)
