"""Whether the CNI enforces NetworkPolicies, and supports what they use.

https://kubernetes.io/docs/concepts/services-networking/network-policies/#prerequisites: a NetworkPolicy without a
controller that implements it has no effect.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kubeqed.diagnostic import Certainty
from kubeqed.model.cni.capabilities import Feature
from kubeqed.model.cni.policy_use import PolicyCount, PolicyUse, count_limits, find_uses
from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.parse import Place, Unknown
from kubeqed.prove.clauses.policy_engines import (
    Engine,
    Undocumented,
    UnlikelySupport,
    enforcement_formula,
    enforcing_profiles,
    find_engines,
    other_engine,
    support_formula,
    unnamed_engine,
)
from kubeqed.prove.clauses.support import Shortfall, support_of
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision, Verdict
from kubeqed.prove.engine.decide import decide
from kubeqed.prove.engine.facts import make_fact
from kubeqed.prove.engine.formula import And, Equal, Fact, Formula, Holds, Not, Or
from kubeqed.resolve import Resolver


class PolicyAnswer(Answer):
    """Whether an engine does what a policy asks; `engines` are those that were found."""

    def __init__(self, decision: Decision, found: tuple[Engine, ...]) -> None:
        super().__init__(decision)
        self.engines = found

    @property
    def named(self) -> bool:
        """Whether anybody said which CNI the cluster has."""
        return bool(self.engines)

    @property
    def by(self) -> str:
        """The engines in words."""
        named = [engine.name for engine in self.engines if engine.profiles] or [engine.name for engine in self.engines]
        return " and ".join(named)

    @property
    def places(self) -> tuple[tuple[Place, str], ...]:
        """Where the engines are stated or installed, and where enforcement is switched off."""
        return tuple(_list_places(self.engines))

    @property
    def at_most(self) -> Certainty | None:
        """POSSIBLE when the answer depends on something that no source tells."""
        values = [item.value for item in self.unknowns]
        doubtful = any(isinstance(value, Undocumented) and not isinstance(value, UnlikelySupport) for value in values)
        return Certainty.POSSIBLE if doubtful else None


class CniNamed(NamedTuple):
    """The configuration or the manifests say which CNI the cluster has."""

    def answer(self, graph: Resolver) -> PolicyAnswer:
        """Fails when it is not stated."""
        found = find_engines(graph)
        return PolicyAnswer(HOLDS if found else Decision(Verdict.FAILS), found)


class PolicyEnforced(NamedTuple):
    """An engine of the cluster enforces NetworkPolicies; which one the policy is makes no difference."""

    networkpolicy: NetworkPolicy

    def answer(self, graph: Resolver) -> PolicyAnswer:
        """Depends on the CNI when it is not named, and on engines outside the input when it was only detected."""
        return _answer_enforcement(graph)


class FeatureAnswer(PolicyAnswer):
    """Whether what a policy uses is supported; `predicate` says how an engine falls short, `path` which field is at fault."""

    def __init__(self, decision: Decision, found: tuple[Engine, ...], shortfall: Shortfall | None) -> None:
        super().__init__(decision, found)
        self.predicate, self.path = shortfall or ("", "")


class PolicyFeatureSupported(NamedTuple):
    """Where the policy is enforced, what it uses is supported. Where it is not, another question says that."""

    networkpolicy: NetworkPolicy
    use: PolicyUse | PolicyCount

    def answer(self, graph: Resolver) -> FeatureAnswer:
        """Depends on versions that are not stated and on support that no source tells."""
        found = find_engines(graph)
        known = tuple(engine for engine in found or (unnamed_engine(),) if enforcing_profiles(engine))
        if not known:
            return FeatureAnswer(HOLDS, found, None)
        held = [support_of(graph, engine, self.use) for engine in known]
        formula = Or(
            (
                *_unused_formulas(self.networkpolicy, self.use),
                *(support_formula(engine, formulas) for engine, (formulas, _) in zip(known, held, strict=True)),
                *(other_engine(graph, found) if found else ()),
            )
        )
        shortfall = next((shortfall for _, shortfall in held if shortfall), None)
        return FeatureAnswer(decide(formula, _given_formula(known)), found, shortfall)


def used_features(policy: NetworkPolicy) -> Iterator[PolicyUse | PolicyCount]:
    """What a policy uses that a CNI may lack, in the order of its fields."""
    yield from find_uses(policy)
    yield from count_limits(policy)


def _unused_formulas(policy: NetworkPolicy, use: PolicyUse | PolicyCount) -> Iterator[Formula]:
    """That a policy does not use the feature after all; open where a placeholder stands."""
    if isinstance(use, PolicyCount):
        return
    if use.feature is Feature.SCTP and isinstance(use.value, str | Unknown):
        yield Not(Equal(make_fact(policy, use.path, use.value), "SCTP"))
    elif use.feature is Feature.NAMED_PORTS and isinstance(use.value, Unknown):
        number = Undocumented(f"a number in {use.value.text}")
        yield Holds(Fact(number, f"{policy} {use.path} is {use.value.text}", policy.at(use.path)))
    else:
        yield Holds(Fact(False, f"{policy} uses {use.text}", policy.at(use.path)))


@lru_cache(maxsize=4)  # the same for every policy
def _answer_enforcement(graph: Resolver) -> PolicyAnswer:
    found = find_engines(graph)
    known = found or (unnamed_engine(),)
    besides = other_engine(graph, found) if found else ()
    return PolicyAnswer(decide(Or((_any_formula(known), *besides)), _given_formula(known)), found)


def _any_formula(found: tuple[Engine, ...]) -> Formula:
    return Or(tuple(enforcement_formula(engine) for engine in found))


def _given_formula(found: tuple[Engine, ...]) -> Formula:
    return And(tuple(engine.given for engine in found))


def _list_places(found: tuple[Engine, ...]) -> Iterator[tuple[Place, str]]:
    """Where the CNIs of an answer are chosen."""
    for engine in found:
        place = engine.chosen.place
        if place is not None:
            yield place, f"{engine.name} is {'shown' if engine.detected else 'stated'} here"
        if engine.detected is not None and engine.detected.off is not None:
            yield engine.detected.off.place, "policies are switched off here"
