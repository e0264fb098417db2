"""Decision diagrams against truth tables."""

from __future__ import annotations

import random
from itertools import product

import pytest

from kubeqed.build.gotemplate.values import TooLargeError
from kubeqed.build.helm.symbolic.conditions import FALSE, TRUE, Condition, Conditions

ATOMS = 4


def evaluate(conditions: Conditions, condition: Condition, row: tuple[bool, ...]) -> bool:
    while condition not in (FALSE, TRUE):
        node = conditions.node(condition)
        condition = node.high if row[node.atom] else node.low
    return condition == TRUE


@pytest.mark.parametrize("seed", range(50))
def test_conditions_mean_what_their_parts_mean(seed: int) -> None:
    chance, conditions = random.Random(seed), Conditions()
    rows = list(product((False, True), repeat=ATOMS))
    made = [(conditions.atom(one), [row[one] for row in rows]) for one in range(ATOMS)]
    for _ in range(30):
        (one, left), (other, right), (third, side) = (chance.choice(made) for _ in range(3))
        made += [
            (conditions.both(one, other), [a and b for a, b in zip(left, right, strict=True)]),
            (conditions.either(one, other), [a or b for a, b in zip(left, right, strict=True)]),
            (conditions.negate(one), [not a for a in left]),
            (conditions.choose(one, other, third), [b if a else c for a, b, c in zip(left, right, side, strict=True)]),
        ]
        assert conditions.implies(one, other) == all(b for a, b in zip(left, right, strict=True) if a)
    for condition, column in made:
        assert [evaluate(conditions, condition, row) for row in rows] == column
    meanings = {condition: tuple(column) for condition, column in made}
    assert len(set(meanings.values())) == len(meanings)  # one number for one meaning
    assert len({tuple(column) for _, column in made}) == len(meanings)


def test_too_many_conditions_are_said() -> None:
    conditions = Conditions()
    with pytest.raises(TooLargeError):
        conditions.either(*(conditions.both(conditions.atom(n), conditions.atom(60 + n)) for n in range(40)))
