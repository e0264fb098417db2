"""The door to Z3: what `judge` leaves open is decided here, over all completions.

Context, seed, order and budget are fixed: the same question gives the same answer, byte for byte. The budget counts
Z3's own steps (`rlimit`), never time.
"""

from __future__ import annotations

from collections.abc import Iterator

import z3

from kubeqed.parse import Term, Unknown
from kubeqed.prove.answer import HOLDS, Decision, Verdict
from kubeqed.prove.encode import Encoding
from kubeqed.prove.formula import Fact, Formula, Scalar, distinct_facts, unknown_in, unknowns_of
from kubeqed.prove.judge import core

BUDGET = 2_000_000


class GaveUp(Exception):
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
        self.unknowns = unknowns_of(formula, given)
        self.property = self.encoding.formula(formula)
        self.given = self.encoding.formula(given)

    def decide(self) -> Decision:
        """Holds when the property cannot be false, Fails when it cannot be true."""
        failing = z3.Not(self.property)
        if not self._possible(self.given, failing):
            return HOLDS
        if not self._possible(self.given, self.property):
            return Decision(Verdict.FAILS, tuple(self._core()))
        matter = tuple(fact for fact in self.unknowns if self._matters(unknown_in(fact)))
        values = dict(self._witness(failing))
        shown = tuple((unknown_in(fact).text, _shown(values[unknown_in(fact).term])) for fact in matter)
        facts = core(self.formula, distinct_facts(self.formula), values)
        return Decision(Verdict.DEPENDS, facts, matter, shown)

    def _possible(self, *claims: z3.BoolRef) -> bool:
        return self._solver(*claims)[1]

    def _solver(self, *claims: z3.BoolRef) -> tuple[z3.Solver, bool]:
        solver = z3.SolverFor("QF_LIA", ctx=self.encoding.context)
        solver.set("random_seed", 0)
        solver.set("rlimit", self.budget)
        solver.add(*claims)
        return solver, _satisfiable(solver)

    def _matters(self, unknown: Unknown) -> bool:
        """Whether two completions that differ in this unknown alone differ in the property."""
        change = (self.encoding.variable(unknown), self.encoding.variable(unknown, "y"))
        given, changed = z3.substitute(self.given, change), z3.substitute(self.property, change)
        return self._possible(self.given, given, self.property, z3.Not(changed))

    def _witness(self, failing: z3.BoolRef) -> Iterator[tuple[Term, Scalar]]:
        """The first completion in order of plainness that fails, as terms with their values."""
        solver, _ = self._solver(self.given, failing)
        for index, fact in enumerate(self.unknowns):
            unknown = unknown_in(fact)
            variable = self.encoding.variable(unknown)
            for candidate in self.encoding.candidates(unknown):
                choice = variable == self.encoding.value(candidate, index)
                if _satisfiable(solver, choice):
                    break
            else:
                candidate = solver.model().eval(variable, model_completion=True).as_long() if _satisfiable(solver) else 0
                choice = variable == self.encoding.value(candidate)
            solver.add(choice)
            yield unknown.term, f"{_OTHER} ({index})" if candidate is None else candidate

    def _core(self) -> Iterator[Fact]:
        """Facts without any one of which the property could be true; earlier facts are left out first."""
        facts = distinct_facts(self.formula, self.assumed)
        names = {id(fact): self.encoding.free(fact, index) for index, fact in enumerate(facts)}

        def read(fact: Fact) -> z3.ExprRef:
            return self.encoding.fact(fact) if isinstance(fact.value, Unknown) else names[id(fact)]

        claims = (self.encoding.formula(self.assumed, read), self.encoding.formula(self.formula, read))
        solver = self._solver(*claims)[0]
        needed = {id(fact): names[id(fact)] == self.encoding.fact(fact) for fact in facts if _known(fact)}
        for fact in facts:
            rest = [claim for key, claim in needed.items() if key != id(fact)]
            if id(fact) in needed and _satisfiable(solver, *rest):
                yield fact
            else:
                needed.pop(id(fact), None)


_OTHER = "another value"


def _shown(value: Scalar) -> Scalar:
    return _OTHER if isinstance(value, str) and value.startswith(_OTHER) else value


def _known(fact: Fact) -> bool:
    return not isinstance(fact.value, Unknown)


def _satisfiable(solver: z3.Solver, *assumptions: z3.BoolRef) -> bool:
    result = solver.check(*assumptions)
    if result == z3.unknown:
        raise GaveUp
    return bool(result == z3.sat)
