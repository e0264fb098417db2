"""Which policies, rules and peers change nothing, for any pod that there may be."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.parse import Place
from kubeqed.prove.clauses.traffic import traffic_of
from kubeqed.prove.engine.answer import Answer, Decision, Verdict
from kubeqed.prove.engine.formula import Fact
from kubeqed.prove.redundancy.search import Redundant, find_redundant
from kubeqed.reach.policies import CompiledPolicy, namespace_labels
from kubeqed.resolve import Resolver


class RedundantPart(NamedTuple):
    """A part of a policy that changes nothing; `what` says which, `covers` where others do the same.

    `by_policy` says that the others are whole policies. Without covers the other side denies all that the part allows.
    """

    policy: str
    what: str
    place: Place
    answer: Answer
    covers: tuple[tuple[Place, str], ...]
    by_policy: bool


@lru_cache(maxsize=2)
def find_redundant_parts(graph: Resolver) -> tuple[RedundantPart, ...]:
    """The parts of NetworkPolicies that change nothing for any packet."""
    policies = traffic_of(graph).reach.policies
    return tuple(_describe_part(one) for one in find_redundant(policies, namespace_labels(graph.unit)))


def _describe_part(one: Redundant) -> RedundantPart:
    policy, path = one.part.policy.object, one.part.path
    whole = one.part.rule is None
    place = policy.at("metadata.name") if whole else policy.at(path)
    covers = tuple(_cover_place(cover, cover_path, whole=whole) for cover, cover_path in one.covers)
    fact = Fact(False, f"{policy}{'' if whole else f' {path}'} is needed by no packet", place)
    answer = Answer(Decision(Verdict.FAILS, (fact,)))
    return RedundantPart(str(policy), "" if whole else path, place, answer, covers, whole)


def _cover_place(policy: CompiledPolicy, path: str, *, whole: bool) -> tuple[Place, str]:
    item = policy.object
    if whole:
        return item.at("metadata.name"), f"{item} does a part of the same"
    name = f"{item} {path}" if isinstance(item, NetworkPolicy) else str(item)
    return item.at(path), f"{name} allows a part of the same"
