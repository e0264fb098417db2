"""What a question is answered with: a verdict, and why."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from kubeqed.prove.engine.formula import Fact, Scalar


class Verdict(Enum):
    """Whether what should be is so."""

    HOLDS = "Holds"
    FAILS = "Fails"
    DEPENDS = "Depends"
    GAVE_UP = "GaveUp"


class Decision(NamedTuple):
    """A verdict with its evidence.

    `facts` together make the property fail: in every completion when it Fails, in that of `witness` when it Depends.
    `unknowns` are the facts on whose unknown values it depends, the first fact of each in source order. `witness` gives
    each of them, by its text, a value with which the property fails.
    """

    verdict: Verdict
    facts: tuple[Fact, ...] = ()
    unknowns: tuple[Fact, ...] = ()
    witness: tuple[tuple[str, Scalar], ...] = ()


class Answer:
    """The answer to a question; questions derive from it what else they found."""

    def __init__(self, decision: Decision) -> None:
        self.verdict = decision.verdict
        self.facts = decision.facts
        self.unknowns = decision.unknowns
        self.witness = decision.witness

    @property
    def holds(self) -> bool:
        """Whether it is as it should be in every completion, or it cannot be told (which is counted elsewhere)."""
        return self.verdict in (Verdict.HOLDS, Verdict.GAVE_UP)

    @property
    def fails(self) -> bool:
        """Whether it is not as it should be in any completion."""
        return self.verdict is Verdict.FAILS


HOLDS = Decision(Verdict.HOLDS)
