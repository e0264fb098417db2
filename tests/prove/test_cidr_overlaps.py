"""The pairs of ranges that meet are those that one by one tells, and thousands of them are not held one against another."""

from __future__ import annotations

from ipaddress import IPv4Address
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubeqed.model.addresses.ranges import AddressRange
from kubeqed.parse import Place
from kubeqed.prove.clauses.cluster_ranges import ClusterRange, RangeRole
from kubeqed.prove.questions import cidr_overlaps


def make_range(role: RangeRole, first: int, size: int) -> ClusterRange:
    addresses = AddressRange(IPv4Address(first), IPv4Address(first + size), f"{first}+{size}")
    return ClusterRange(role, addresses, Place.at_start("a"))


@given(st.lists(st.builds(make_range, st.sampled_from(RangeRole), st.integers(0, 30), st.integers(0, 8)), max_size=12))
def test_pairs(ranges: list[ClusterRange]) -> None:
    ordered = sorted(ranges, key=lambda one: one.role)
    expected = [
        (one, other)
        for one, other in combinations(ordered, 2)
        if one.addresses.meets(other.addresses) and (one.role is not other.role or one.role is RangeRole.POOL)
    ]
    assert cidr_overlaps._list_meeting(ordered) == expected


def test_each_is_held_against_what_is_still_open(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[AddressRange] = []
    meets = AddressRange.meets

    def ask(one: AddressRange, other: AddressRange) -> bool:
        asked.append(other)
        return meets(one, other)

    monkeypatch.setattr(AddressRange, "meets", ask)
    ranges = [make_range(role, at * 10, 5) for role in (RangeRole.PEER, RangeRole.POOL) for at in range(1000)]
    assert len(cidr_overlaps._list_meeting(ranges)) == 1000
    assert len(asked) < 10 * len(ranges)
