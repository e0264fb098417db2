"""`judge`, the count over unseen objects, Z3 and brute force say the same of random formulas."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from tests.prove.formulas import (
    Completion,
    completions,
    formulas,
    freed,
    givens,
    matter_in,
    mirrored,
    true_in,
    truth,
    verdict_of,
)

from kubeqed.model.units.unseen import UnseenObject
from kubeqed.parse import Unknown, Variable
from kubeqed.prove.engine.answer import Decision, Verdict
from kubeqed.prove.engine.decide import decide
from kubeqed.prove.engine.enumeration import enumerate_completions
from kubeqed.prove.engine.formula import (
    TRUE,
    And,
    Equal,
    Fact,
    Formula,
    Holds,
    Not,
    distinct_facts,
    unknown_in,
    unknowns_of,
)
from kubeqed.prove.engine.kleene import evaluate_kleene, find_core, reduce, unseen_that_matter
from kubeqed.prove.engine.solver import solve

few = settings(max_examples=60)
many = settings(max_examples=200)


@many
@given(formulas)
def test_where_judge_decides_every_completion_agrees(formula: Formula) -> None:
    judged = evaluate_kleene(formula)
    if judged is not None:
        assert {true_in(formula, one) for one in completions(formula)} == {judged}


@few
@given(formulas, givens)
def test_z3_and_brute_force_agree(formula: Formula, known: Formula) -> None:
    table = truth(formula, known)
    decision = solve(formula, known)
    assert decision.verdict is verdict_of(table)
    if decision.verdict is Verdict.DEPENDS:
        assert {unknown_in(fact).term for fact in decision.unknowns} == matter_in(table)
        assert _fails_with(decision, table)


@few
@given(formulas, givens)
def test_decide_and_brute_force_agree(formula: Formula, known: Formula) -> None:
    table = truth(formula, known)
    decision = decide(formula, known)
    assert decision.verdict is verdict_of(table)
    assert {unknown_in(fact).term for fact in decision.unknowns} == (
        matter_in(table) if decision.verdict is Verdict.DEPENDS else set()
    )
    assert decision.verdict is not Verdict.DEPENDS or _fails_with(decision, table)
    assert len({fact.key for fact in decision.facts}) == len(decision.facts)


@many
@given(formulas, givens)
def test_trying_every_value_gives_the_answer_of_z3(formula: Formula, known: Formula) -> None:
    found = enumerate_completions(formula, known)
    if found is not None:
        assert _told(found) == _told(solve(formula, known))


@many
@given(formulas)
def test_unseen_objects_are_counted_without_z3(formula: Formula) -> None:
    found = unseen_that_matter(formula)
    table = truth(formula, TRUE)
    matter = matter_in(table)
    if found is None:
        open_part = reduce(formula)
        unknown = () if isinstance(open_part, bool) else unknowns_of(open_part)
        assert verdict_of(table) is not Verdict.DEPENDS or not all(
            isinstance(fact.value, UnseenObject) for fact in unknown
        )
        return
    facts, completion = found
    assert {unknown_in(fact).term for fact in facts} == matter
    assert all(isinstance(fact.value, UnseenObject) for fact in facts)
    assert evaluate_kleene(formula, completion=completion) is False


@few
@given(formulas, givens)
def test_the_core_of_z3_suffices_and_is_minimal(formula: Formula, known: Formula) -> None:
    decision = solve(formula, known)
    if decision.verdict is not Verdict.FAILS:
        return
    keys: set[object] = {fact.key for fact in decision.facts}
    assert _fails(formula, known, keys)
    assert not any(_fails(formula, known, keys - {key}) for key in keys)


@many
@given(formulas)
def test_the_core_of_judge_suffices_and_is_minimal(formula: Formula) -> None:
    if evaluate_kleene(formula) is not False:
        return
    facts = find_core(formula, distinct_facts(formula))
    keys: set[object] = {fact.key for fact in facts}
    assert evaluate_kleene(freed(formula, keys)) is False
    assert not any(evaluate_kleene(freed(formula, keys - {key})) is False for key in keys)
    if facts:
        assert solve(freed(formula, keys), TRUE).verdict is Verdict.FAILS


@many
@given(formulas)
def test_earlier_facts_are_left_out_first(formula: Formula) -> None:
    if evaluate_kleene(formula) is not False:
        return
    facts = distinct_facts(formula)
    left = {fact.key for fact in facts}
    for fact in facts:
        if (
            evaluate_kleene(formula, frozenset(item.key for item in facts if item.key not in left - {fact.key}))
            is False
        ):
            left.discard(fact.key)
    assert [fact.key for fact in find_core(formula, facts)] == [fact.key for fact in facts if fact.key in left]


@few
@given(formulas, givens)
def test_the_order_of_a_formula_changes_no_evidence(formula: Formula, known: Formula) -> None:
    assert _told(decide(mirrored(formula), mirrored(known))) == _told(decide(formula, known))
    assert _told(solve(mirrored(formula), mirrored(known))) == _told(solve(formula, known))


def test_judge_knows_that_an_unknown_equals_itself() -> None:
    one, again, other = (Fact(_named(index), text, None) for index, text in ((1, "one"), (1, "again"), (2, "other")))
    assert evaluate_kleene(Equal(one, again)) is True
    assert evaluate_kleene(Not(Equal(one, again))) is False
    assert evaluate_kleene(Equal(one, other)) is None


@pytest.mark.parametrize("number", [1 << 40, (1 << 40) + 1, 1 << 41, (1 << 41) + 1])
def test_no_number_is_mistaken_for_a_text(number: int) -> None:
    one = Fact(_named(1), "one", None)
    for other in ("a", None):
        assert solve(And((Equal(one, number), Equal(one, other))), TRUE).verdict is Verdict.FAILS


def test_the_witness_of_unseen_objects_is_that_they_are_not_there() -> None:
    one, two = (Fact(UnseenObject(name), name, None) for name in ("one", "two"))
    decision = decide(And((Holds(one), Holds(two))))
    assert [value for _, value in decision.witness] == [False, False]
    reverse = decide(Not(And((Holds(one), Holds(two)))))
    assert [value for _, value in reverse.witness] == [True, True]


def test_a_budget_that_is_spent_is_never_a_pass() -> None:
    unknowns = [Fact(_named(index), f"fact {index}", None) for index in range(12)]
    pairs = [Not(Equal(one, other)) for one in unknowns for other in unknowns if one is not other]
    assert solve(And(tuple(pairs)), TRUE, budget=1) == Decision(Verdict.GAVE_UP)
    assert solve(And(tuple(pairs)), TRUE).verdict is Verdict.DEPENDS


def _named(index: int) -> Unknown:
    return Unknown(Variable(f"N{index}"), f"${{N{index}}}")


def _told(decision: Decision) -> tuple[object, ...]:
    facts, unknowns = ([fact.text for fact in found] for found in (decision.facts, decision.unknowns))
    return decision.verdict, facts, unknowns, decision.witness


def _fails(formula: Formula, known: Formula, but: set[object]) -> bool:
    loosened = freed(And((formula, known)), but)
    assert isinstance(loosened, And)
    property_, given_ = loosened.parts
    return solve(property_, given_).verdict is Verdict.FAILS


def _fails_with(decision: Decision, table: list[tuple[Completion, bool]]) -> bool:
    """Whether some completion that agrees with the witness makes the formula false."""
    texts = {unknown_in(fact).text: unknown_in(fact).term for fact in decision.unknowns}
    assert [text for text, _ in decision.witness] == list(texts)
    wanted = {texts[text]: value for text, value in decision.witness}
    return any(not holds and all(_agrees(one[term], value) for term, value in wanted.items()) for one, holds in table)


def _agrees(value: object, shown: object) -> bool:
    if shown == "not set":
        return value is None
    if shown == "another value":
        return isinstance(value, str) and value.startswith("other")
    return type(value) is type(shown) and value == shown
