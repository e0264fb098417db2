"""What `why` answers, as plain values: the verdict of each unit that holds both peers, and the edits that would change it."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.diagnostic import Notice
from kubeqed.model.units.producer import Producer
from kubeqed.model.units.unit import Unit
from kubeqed.reach.algebra.ports import PortSet, difference
from kubeqed.reach.caveats.limits import find_missing
from kubeqed.reach.ends import Pair
from kubeqed.reach.policy.compiled import CompiledPolicy, Tier
from kubeqed.reach.query.answer import ReachResult
from kubeqed.reach.query.decision import PairVerdict, SamePods, decide_pair
from kubeqed.reach.query.explain import DirectionTrace, PolicyTrace, RuleMatch
from kubeqed.reach.query.guesses import Guesses, find_guesses
from kubeqed.reach.query.placed import PlacementCase
from kubeqed.reach.query.policy_doubts import UnmodelledDoubt
from kubeqed.reach.query.target import AmbiguousError, NoWayError, TargetNote
from kubeqed.reach.remedy import PolicyEdit, find_edits

__all__ = [
    "AmbiguousError",
    "CompiledPolicy",
    "DirectionTrace",
    "NoWayError",
    "Pair",
    "PairAnswers",
    "PairVerdict",
    "PlacementCase",
    "PolicyEdit",
    "PolicyTrace",
    "RuleMatch",
    "SamePods",
    "TargetNote",
    "Tier",
    "UnitVerdict",
    "UnmodelledDoubt",
    "judge_pair",
]


class UnitVerdict(NamedTuple):
    """The verdict of one unit, the edits that would change it, and what of it rests on a guess.

    `missing` may hold or create what the answer lacks. `closed_by_join` says that only policies that were joined by guess
    deny some of what was asked about.
    """

    unit: Unit
    verdict: PairVerdict
    edits: tuple[PolicyEdit, ...]
    missing: tuple[Producer, ...]
    guesses: Guesses
    closed_by_join: bool


class PairAnswers(NamedTuple):
    """The verdicts, what could not be read or answered, and what was guessed of units that have no workloads."""

    verdicts: tuple[UnitVerdict, ...]
    notices: tuple[Notice, ...] = ()
    bare: tuple[Guesses, ...] = ()


def judge_pair(answer: ReachResult, source: str, destination: str, ports: PortSet) -> UnitVerdict | None:
    """The verdict of one unit about two peers as typed, None where it does not hold both; raises what `decide_pair` raises."""
    verdict = decide_pair(answer, source, destination, ports)
    if verdict is None:
        return None
    unit = answer.unit
    joined = bool(unit.joins) and _is_closed_by_join(answer, verdict, (source, destination, ports))
    edits, missing = find_edits(answer, verdict), tuple(find_missing(unit))
    return UnitVerdict(unit, verdict, edits, missing, find_guesses(answer), joined)


def _is_closed_by_join(answer: ReachResult, verdict: PairVerdict, pair: tuple[str, str, PortSet]) -> bool:
    alone = decide_pair(ReachResult(answer.unit.without_joins(), answer.reach.assumptions), *pair)
    return alone is not None and bool(difference(alone.allowed, verdict.allowed))
