"""Random formulas over facts, and what they mean, written down a second time: all completions are tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from hypothesis import strategies as st

from kubeqed.model.units.unseen import UnseenObject
from kubeqed.parse import Fresh, Place, Term, Unknown, Variable, pack
from kubeqed.prove.engine.answer import Verdict
from kubeqed.prove.engine.formula import And, Between, Equal, Fact, Formula, Holds, Not, Operand, Or, Scalar, facts_of

Completion = dict[Term, Scalar]

TEXTS, NUMBERS = ("a", "b"), (1, 2, 5)


def _pool() -> tuple[list[Fact], list[Fact]]:
    shared = [Unknown(Variable(name), f"${{{name}}}") for name in ("X", "Y")]
    values: list[Scalar | Unknown] = [*TEXTS, *NUMBERS, None, *shared, *shared, Unknown(Fresh("o"), "<own>"), "a", 1]
    found = [UnseenObject("one"), UnseenObject("two"), Unknown(Variable("B"), "{{ .Values.b }}")]
    booleans: list[Scalar | Unknown] = [True, False, *found, *found, True]
    return _placed(values, "value"), _placed(booleans, "boolean")


def _placed(values: list[Scalar | Unknown], word: str) -> list[Fact]:
    """A fact of each value; the later ones stand further up, the last one nowhere."""
    places = [Place("x.yaml", 0, pack(50 - line, 0, 1)) for line in range(len(values) - 1)]
    return [
        Fact(value, f"{word} {index}", place)
        for index, (value, place) in enumerate(zip(values, [*places, None], strict=True))
    ]


VALUES, BOOLEANS = _pool()

operands: st.SearchStrategy[Operand] = st.sampled_from([*VALUES, *VALUES, *TEXTS, *NUMBERS, None])
bounds = st.tuples(st.sampled_from([0, 1, 2, 4]), st.sampled_from([0, 1, 3])).map(lambda pair: (pair[0], sum(pair)))
atoms: st.SearchStrategy[Formula] = st.one_of(
    st.builds(Equal, operands, operands),
    st.builds(lambda operand, pair: Between(operand, *pair), operands, bounds),
    st.builds(Holds, st.sampled_from(BOOLEANS)),
)
formulas: st.SearchStrategy[Formula] = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=7,
)
_UNKNOWN_VALUES = {fact.value.term: fact for fact in VALUES if isinstance(fact.value, Unknown)}
givens: st.SearchStrategy[Formula] = st.lists(
    st.one_of(
        st.just(And(())),
        st.builds(lambda pair: pair, bounds),
        st.lists(st.sampled_from(TEXTS), min_size=1, max_size=2),
    ),
    min_size=len(_UNKNOWN_VALUES),
    max_size=len(_UNKNOWN_VALUES),
).map(
    lambda limits: And(
        tuple(_limited(fact, limit) for fact, limit in zip(_UNKNOWN_VALUES.values(), limits, strict=True))
    )
)


def _limited(fact: Fact, limit: object) -> Formula:
    if isinstance(limit, And):
        return limit
    if isinstance(limit, tuple):
        return Between(fact, *limit)
    assert isinstance(limit, list)
    return Or(tuple(Equal(fact, text) for text in limit))


def true_in(formula: Formula, completion: Mapping[Term, Scalar]) -> bool:
    """Whether a formula is true in one completion."""
    match formula:
        case And(parts):
            return all(true_in(part, completion) for part in parts)
        case Or(parts):
            return any(true_in(part, completion) for part in parts)
        case Not(part):
            return not true_in(part, completion)
        case Holds(fact):
            return _value(fact, completion) is True
        case Equal(left, right):
            one, other = _value(left, completion), _value(right, completion)
            return type(one) is type(other) and one == other
        case Between(operand, low, high):
            number = _value(operand, completion)
            assert isinstance(low, int)
            assert isinstance(high, int)
            return isinstance(number, int) and number in range(low, high + 1)


def _value(operand: Operand, completion: Mapping[Term, Scalar]) -> Scalar:
    value = operand.value if isinstance(operand, Fact) else operand
    return completion[value.term] if isinstance(value, Unknown) else value


def completions(*of: Formula) -> Iterator[Completion]:
    """Every completion that can make a difference: each value that is named, and some that are not."""
    booleans = {fact.value.term for fact in BOOLEANS if isinstance(fact.value, Unknown)}
    terms = list({fact.value.term: None for part in of for fact in facts_of(part) if isinstance(fact.value, Unknown)})
    others: list[Scalar] = [f"other {index}" for index, _ in enumerate(terms)]
    domain: list[Scalar] = [None, *TEXTS, *range(min(NUMBERS) - 2, max(NUMBERS) + 3), *others]
    for values in product(*([False, True] if term in booleans else domain for term in terms)):
        yield dict(zip(terms, values, strict=True))


def truth(formula: Formula, given: Formula) -> list[tuple[Completion, bool]]:
    """What a formula is in each completion in which `given` is true."""
    return [(one, true_in(formula, one)) for one in completions(formula, given) if true_in(given, one)]


def verdict_of(table: list[tuple[Completion, bool]]) -> Verdict:
    """The verdict that a table of completions spells."""
    seen = {holds for _, holds in table}
    return Verdict.DEPENDS if len(seen) == 2 else Verdict.HOLDS if True in seen else Verdict.FAILS


def matter_in(table: list[tuple[Completion, bool]]) -> set[Term]:
    """The unknowns of which a change alone changes the formula."""
    terms = table[0][0]
    found = set()
    for term in terms:
        seen: dict[tuple[Scalar, ...], set[bool]] = {}
        for completion, holds in table:
            rest = tuple((type(value).__name__, value) for key, value in completion.items() if key != term)
            seen.setdefault(rest, set()).add(holds)  # type: ignore[arg-type]  # only a key
        if any(len(answers) == 2 for answers in seen.values()):
            found.add(term)
    return found


def freed(formula: Formula, but: set[object]) -> Formula:
    """The formula with every fact, but those of these keys, replaced by an unknown of its own."""
    fresh: dict[object, Fact] = {}

    def loosened(part: Formula) -> Formula:
        match part:
            case And(parts) | Or(parts):
                return type(part)(tuple(map(loosened, parts)))
            case Not(inner):
                return Not(loosened(inner))
            case Holds(fact):
                return Holds(free(fact))
            case Equal(left, right):
                return Equal(operand(left), operand(right))
            case Between(number, low, high):
                return Between(operand(number), low, high)

    def operand(one: Operand) -> Operand:
        return free(one) if isinstance(one, Fact) else one

    def free(fact: Fact) -> Fact:
        if fact.key in but:
            return fact
        unknown = Unknown(Fresh(fact.text), fact.text)
        return fresh.setdefault(fact.key, Fact(unknown, fact.text, fact.place))

    return loosened(formula)


def mirrored(formula: Formula) -> Formula:
    """The same formula, every part of it said in the other order."""
    match formula:
        case And(parts) | Or(parts):
            return type(formula)(tuple(map(mirrored, reversed(parts))))
        case Not(inner):
            return Not(mirrored(inner))
        case Equal(left, right):
            return Equal(right, left)
    return formula
