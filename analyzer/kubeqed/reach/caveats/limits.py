"""What an answer cannot show: pods that something may create, what a kustomization changes, addresses of pods."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.model.kinds.object import NAMESPACE_NOT_SET, Object
from kubeqed.model.units.producer import Producer
from kubeqed.model.units.unit import Unit
from kubeqed.reach.algebra.terms import AddressTerm
from kubeqed.reach.engine.reachability import Reachability
from kubeqed.reach.namespaces import DEFAULT
from kubeqed.reach.policy.compiled import Caveat

_CREATED = "the pods, Services and policies that it may create are not in the answer"
_WITHOUT = f"it names no namespace, as others of the unit do: it is taken to be in {DEFAULT}"
_CHANGED = "a kustomization changes names, labels or fields of its objects: the answer is about them as written"
_UNPLACED = "it may mean pods too, by addresses that no manifest states: those pods are taken not to be among them"


def find_limits(unit: Unit) -> Iterator[Caveat]:
    """A caveat for everything that makes a unit's pods others than those of the answer."""
    yield from find_created(unit)
    if unit.transformed:
        yield Caveat(unit, "", _CHANGED)
        return
    if any(_is_named(item) for item in unit.workloads):
        concerned = (*unit.workloads, *unit.of(NetworkPolicy))
        yield from (Caveat(item, "metadata", _WITHOUT) for item in concerned if not _is_named(item))


def find_created(unit: Unit) -> Iterator[Caveat]:
    """A caveat for everything that may create what the answer lacks."""
    return (Caveat(producer, "", _CREATED) for producer in unit.producers if not _is_said(producer))


def find_gaps(unit: Unit) -> list[Producer]:
    """What may hold or create objects that the answer about a unit lacks; placeholders leave no object out."""
    return [producer for producer in unit.producers if producer.text != "a document with placeholders"]


def find_missing(unit: Unit) -> list[Producer]:
    """The gaps that an answer about a unit names: none where no pod is in the answer."""
    return find_gaps(unit) if unit.workloads else []


def find_unplaced_addresses(reach: Reachability) -> Iterator[Caveat]:
    """A caveat for each rule whose addresses count for pods, but may or may not be those of pods."""
    if all(one.key.addresses for one in reach.classes if one.endpoints):
        return
    for policy in reach.policies.items:
        for rule in (*(policy.ingress or ()), *(policy.egress or ())):
            terms = [term for term in rule.peers or () if isinstance(term, AddressTerm) and term.pods]
            if any(not term.holds(()) for term in terms):
                yield Caveat(policy.object, rule.path, _UNPLACED)


def _is_said(producer: Producer) -> bool:
    """Whether something else says it: what cannot be read is a notice, what has placeholders is in the answer."""
    return producer.text.startswith("a document ")


def _is_named(item: Object) -> bool:
    return item.namespace is not None and item.namespace is not NAMESPACE_NOT_SET
