"""From a formula to a verdict: `judge` first, Z3 only for what stays open."""

from __future__ import annotations

from kubeqed.prove.answer import HOLDS, Decision, Verdict
from kubeqed.prove.formula import TRUE, Formula, distinct_facts, unknown_in, unknowns_of
from kubeqed.prove.judge import core, judge, unseen_that_matter


def decide(formula: Formula, given: Formula = TRUE) -> Decision:
    """The verdict on a property over all completions in which `given`, what is known of the unknowns, is true."""
    judged = judge(formula)
    if judged is True:
        return HOLDS
    if judged is False:
        return Decision(Verdict.FAILS, core(formula, distinct_facts(formula)))
    unseen = unseen_that_matter(formula)
    if unseen:
        completion = {unknown_in(fact).term: False for fact in unknowns_of(formula)}
        facts = core(formula, distinct_facts(formula), completion)
        return Decision(Verdict.DEPENDS, facts, unseen, tuple((unknown_in(fact).text, False) for fact in unseen))
    from kubeqed.prove.solver import solve  # z3 takes 70 ms to import

    return solve(formula, given)
