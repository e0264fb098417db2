"""From a formula to a verdict: `evaluate_kleene` first, then every value of few unknowns, Z3 only for what stays open.

The order is by cost. Evaluation decides nearly all questions and imports nothing. Enumeration is exact for one or two unknowns.
Z3 takes 75 ms to import and 4 ms or more for each question, so it is the last. Tests compare all three.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from kubeqed.prove.engine.answer import HOLDS, Decision, Verdict
from kubeqed.prove.engine.enumeration import enumerate_completions
from kubeqed.prove.engine.formula import TRUE, Formula, distinct_facts, unknown_in
from kubeqed.prove.engine.kleene import evaluate_kleene, find_core, unseen_that_matter
from kubeqed.prove.engine.memory import decide_with_memory

T = TypeVar("T")
_WORST_FIRST = (Verdict.FAILS, Verdict.DEPENDS, Verdict.GAVE_UP)


def decide(formula: Formula, given: Formula = TRUE) -> Decision:
    """The verdict on a property over all completions in which `given`, what is known of the unknowns, is true."""
    return HOLDS if evaluate_kleene(formula) is True else decide_with_memory(formula, given, _decide_doubted)


def _decide_doubted(formula: Formula, given: Formula) -> Decision:
    """The verdict on a property that does not hold on its face."""
    if evaluate_kleene(formula) is False:
        return Decision(Verdict.FAILS, find_core(formula, distinct_facts(formula)))
    found = unseen_that_matter(formula)
    if found:
        unseen, completion = found
        witness = tuple((unknown_in(fact).text, completion[unknown_in(fact).term]) for fact in unseen)
        return Decision(Verdict.DEPENDS, find_core(formula, distinct_facts(formula), completion), unseen, witness)
    by_trying = enumerate_completions(formula, given)
    if by_trying is not None:
        return by_trying
    from kubeqed.prove.engine.solver import solve  # z3 takes 75 ms to import

    return solve(formula, given)


def first_fault(cases: Iterable[tuple[T, bool, Formula]]) -> tuple[Decision, T | None]:
    """The first case whose property fails, else the first that may fail, else that was given up; HOLDS when none is.

    A case comes with whether it surely applies. Those that do come first; of the others none can fail for sure, so the
    first fault ends the search.
    """
    worst: dict[Verdict, tuple[Decision, T]] = {}
    for case, sure, formula in cases:
        if not sure and Verdict.DEPENDS in worst:
            break
        decision = decide(formula)
        worst.setdefault(decision.verdict, (decision, case))
        if decision.verdict is Verdict.FAILS:
            break
    return next((worst[verdict] for verdict in _WORST_FIRST if verdict in worst), (HOLDS, None))
