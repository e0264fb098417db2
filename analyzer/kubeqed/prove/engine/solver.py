"""The door to Z3: what `evaluate_kleene` leaves open is decided here, over all completions.

Context, seed, order and budget are fixed: the same question gives the same answer, byte for byte. The budget counts
Z3's own steps (`rlimit`), never time.
"""

from __future__ import annotations

from collections.abc import Iterator

import z3

from kubeqed.parse import Term, Unknown
from kubeqed.prove.engine.answer import HOLDS, Decision, Verdict
from kubeqed.prove.engine.candidates import display_value
from kubeqed.prove.engine.core import minimize_core
from kubeqed.prove.engine.encode import Encoding
from kubeqed.prove.engine.formula import FALSE, TRUE, Fact, Formula, Scalar, distinct_facts, unknown_in, unknowns_of
from kubeqed.prove.engine.kleene import Freed, find_core, reduce

BUDGET = 2_000_000


class GaveUp(Exception):  # noqa: N818  # no error: an answer that costs too much
    """The budget was spent before an answer was found."""


def solve(formula: Formula, given: Formula, budget: int = BUDGET) -> Decision:
    """The verdict of Z3, with a core or a witness; the verdict GaveUp when `budget`, in Z3's steps, does not suffice."""
    try:
        return _Problem(formula, given, budget).decide()
    except GaveUp:
        return Decision(Verdict.GAVE_UP)


class _Problem:
    """One question in a context of its own."""

    def __init__(self, formula: Formula, given: Formula, budget: int) -> None:
        self.encoding = Encoding(formula, given)
        self.budget = budget
        self.formula, self.assumed = formula, given
        # What evaluation decides need not be encoded. The core is looked for in the whole formula, since it names
        # known facts.
        left = reduce(formula)
        self.unknowns = unknowns_of(given) if isinstance(left, bool) else unknowns_of(left, given)
        self.property = self.encoding.formula(TRUE if left is True else FALSE if left is False else left)
        self.given = self.encoding.formula(given)
        self.solver = self._make_solver(self.given)

    def decide(self) -> Decision:
        """Holds when the property cannot be false, Fails when it cannot be true."""
        # Two questions to Z3 make the verdict: can it be false, and can it be true? `Depends` is when both can.
        failing = z3.Not(self.property)
        if not self._is_possible(failing):
            return HOLDS
        if not self._is_possible(self.property):
            return Decision(Verdict.FAILS, self._find_core())
        matter = tuple(fact for fact in self.unknowns if self._changes_verdict(unknown_in(fact)))
        values = dict(self._find_witness(failing))
        witness = tuple((unknown_in(fact).text, display_value(values[unknown_in(fact).term])) for fact in matter)
        facts = find_core(self.formula, distinct_facts(self.formula), values)
        return Decision(Verdict.DEPENDS, facts, matter, witness)

    def _make_solver(self, *claims: z3.BoolRef) -> z3.Solver:
        """A solver with a context of its own, a fixed seed and a budget of steps."""
        solver = z3.SimpleSolver(ctx=self.encoding.context)  # a general one takes ten times as long to be made
        solver.set("random_seed", 0)
        solver.set("rlimit", self.budget)
        solver.set("ctrl_c", False)  # else Z3 takes an interruption for itself, and the run goes on without an answer
        solver.add(*claims)
        return solver

    def _is_possible(self, *claims: z3.BoolRef) -> bool:
        """Whether `given` and the claims can be true together."""
        self.solver.push()
        self.solver.add(*claims)
        possible = _is_satisfiable(self.solver)
        self.solver.pop()
        return possible

    def _changes_verdict(self, unknown: Unknown) -> bool:
        """Whether two completions that differ in this unknown alone differ in the property."""
        # The property is asked twice with one variable renamed. If both copies can differ, this unknown alone decides
        # them; otherwise naming it would send the reader to a value that does not matter.
        change = (self.encoding.variable(unknown), self.encoding.variable(unknown, "y"))
        given, changed = z3.substitute(self.given, change), z3.substitute(self.property, change)
        return self._is_possible(given, self.property, z3.Not(changed))

    def _find_witness(self, failing: z3.BoolRef) -> Iterator[tuple[Term, Scalar]]:
        """The first completion in order of plainness that fails, as terms with their values."""
        solver = self._make_solver(self.given, failing)
        for index, fact in enumerate(self.unknowns):
            unknown = unknown_in(fact)
            variable = self.encoding.variable(unknown)
            # Z3's own model may be any: `port: 1`, a name of random letters. Plain values are tried first, in a fixed
            # order, so that the witness reads well and is the same in every run.
            candidates = self.encoding.candidates(unknown, index)
            chosen = next((value for value in candidates if _is_satisfiable(solver, variable == value)), None)
            if chosen is None:  # it hangs on unknowns before it
                _is_satisfiable(solver)
                chosen = solver.model().eval(variable, model_completion=True)
            solver.add(variable == chosen)
            yield unknown.term, self.encoding.decoded(chosen)

    def _find_core(self) -> tuple[Fact, ...]:
        """Facts without any one of which the property could be true; earlier facts are left out first."""
        facts = distinct_facts(self.formula, self.assumed)
        # Each fact is a free variable here, and its value a claim that may be left out. Z3's own unsat cores are
        # neither minimal nor stable between versions, so ours is minimised in the order of the source.
        names = {fact.key: self.encoding.free(fact, index) for index, fact in enumerate(facts)}
        claims = {fact.key: names[fact.key] == self.encoding.fact(fact) for fact in facts}
        formulas = [self.encoding.formula(part, lambda fact: names[fact.key]) for part in (self.assumed, self.formula)]
        solver = self._make_solver(*formulas)

        def suffices_without(freed: Freed) -> bool:
            return not _is_satisfiable(solver, *(claim for key, claim in claims.items() if key not in freed))

        by_key = {fact.key: fact for fact in facts}
        return tuple(by_key[key] for key in minimize_core(tuple(by_key), suffices_without))


def _is_satisfiable(solver: z3.Solver, *assumptions: z3.BoolRef) -> bool:
    result = solver.check(*assumptions)
    if result == z3.unknown:
        raise GaveUp
    return bool(result == z3.sat)
