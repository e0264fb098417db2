"""Formulas in which one or two unknowns stay open: every value that can make a difference is tried.

Most questions that a placeholder leaves open are such, and Z3 takes a hundred times as long to be loaded and to answer.
Exact: a formula tells apart only the values that it names, the numbers between them, and others. Z3 gives the same
answer, witness and all (tested).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from kubeqed.parse import Term
from kubeqed.prove.engine.answer import HOLDS, Decision, Verdict
from kubeqed.prove.engine.candidates import Candidates, display_value, fresh_value
from kubeqed.prove.engine.formula import Fact, Formula, Scalar, distinct_facts, unknown_in, unknowns_of
from kubeqed.prove.engine.kleene import Completion, evaluate_kleene, find_core, reduce

_MOST_UNKNOWNS = 2
_MOST_TRIED = 512


def enumerate_completions(formula: Formula, given: Formula) -> Decision | None:
    """The verdict over all completions in which `given` is true; None where there are too many to try, or none holds."""
    left = reduce(formula)
    if isinstance(left, bool):
        return None
    facts = unknowns_of(left, given)
    values = _list_values(Candidates(formula, given), facts)
    # Beyond this Z3 is faster. The bound counts combinations, not time, so the same way is taken on every machine.
    if len(facts) > _MOST_UNKNOWNS or _count_completions(values) > _MOST_TRIED:
        return None
    terms = [unknown_in(fact).term for fact in facts]
    completions = (dict(zip(terms, chosen, strict=True)) for chosen in product(*values))
    table = [
        (one, evaluate_kleene(left, completion=one) is True)
        for one in completions
        if evaluate_kleene(given, completion=one) is True
    ]
    failing = next((one for one, holds in table if not holds), None)
    if failing is None:
        return HOLDS if table else None
    if not any(holds for _, holds in table):
        return None  # Z3 says which facts make it so
    matter = tuple(fact for fact in facts if _changes_verdict(unknown_in(fact).term, table))
    witness = tuple((unknown_in(fact).text, display_value(failing[unknown_in(fact).term])) for fact in matter)
    return Decision(Verdict.DEPENDS, find_core(formula, distinct_facts(formula), failing), matter, witness)


def _list_values(candidates: Candidates, facts: Sequence[Fact]) -> list[list[Scalar]]:
    """What is tried for each unknown: the values of its own, and last the unnamed ones of those before it."""
    found = []
    for index, fact in enumerate(facts):
        own = candidates.of(unknown_in(fact), index)
        # Two unknowns may both have a value that the formula does not name, the same or different ones. So the second
        # also tries the fresh value of the first.
        others = [] if unknown_in(fact).term in candidates.booleans else list(map(fresh_value, range(index)))
        found.append([*own, *others])
    return found


def _count_completions(values: Sequence[Sequence[Scalar]]) -> int:
    size = 1
    for one in values:
        size *= len(one)
    return size


def _changes_verdict(term: Term, table: Sequence[tuple[Completion, bool]]) -> bool:
    """Whether two completions that differ in this unknown alone differ in the property."""
    verdicts: dict[tuple[Scalar, ...], set[bool]] = {}
    for completion, holds in table:
        rest = tuple(value for other_term, value in completion.items() if other_term != term)
        verdicts.setdefault(rest, set()).add(holds)
    return any(len(both) > 1 for both in verdicts.values())
