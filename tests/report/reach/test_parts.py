"""Large sets as unions of shared parts: nothing is lost, and many similar sets stay small."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kubeqed.reach.peer import Peer
from kubeqed.report.reach.parts import SMALL, Part, SetPartition

EVERYBODY = tuple(Peer("shop", f"web-{number:04}", "Deployment") for number in range(1000))


def _without(*numbers: int) -> Part:
    return tuple(one for at, one in enumerate(EVERYBODY) if at not in numbers)


@given(st.lists(st.sets(st.integers(0, 300)), max_size=6))
def test_the_parts_of_a_set_are_the_set(sets: list[set[int]]) -> None:
    several = [tuple(EVERYBODY[at] for at in sorted(numbers)) for numbers in sets]
    parts = SetPartition(several)
    for one in several:
        assert tuple(peer for part in parts.of(one) for peer in part) == one


def test_small_sets_stay_whole() -> None:
    small = EVERYBODY[:SMALL]
    assert SetPartition([small]).of(small) == [small]


def test_sets_of_all_but_one_share_most_of_their_parts() -> None:
    several = [_without(number) for number in range(0, 1000, 10)]
    parts = SetPartition(several)
    named = {part for one in several for part in parts.of(one)}
    assert sum(map(len, named)) < sum(map(len, several)) / 8
    assert max(len(parts.of(one)) for one in several) < 12
