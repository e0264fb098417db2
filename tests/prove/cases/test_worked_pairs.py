"""The differences that were worked out by hand, both ways."""

from __future__ import annotations

import pytest
from tests.prove.cases.worked_intents import PODS
from tests.prove.cases.worked_pairs import PAIRS, WorkedPair
from tests.reach.world import unit_of

from kubeqed.prove.packets.compare import compare_policies, gather_policy_sets
from kubeqed.reach import Assumptions


@pytest.mark.parametrize("pair", PAIRS, ids=[one.name for one in PAIRS])
def test_every_difference_is_the_one_that_was_worked_out(pair: WorkedPair) -> None:
    old, new = unit_of(PODS + pair.old), unit_of(PODS + pair.new)
    found = compare_policies(gather_policy_sets(old, new, Assumptions()))
    assert (found.gained, found.lost) == (pair.gained, pair.lost), found.witness
    assert found.equivalent is not (pair.gained or pair.lost)
    back = compare_policies(gather_policy_sets(new, old, Assumptions()))
    assert (back.gained, back.lost) == (pair.lost, pair.gained), back.witness
