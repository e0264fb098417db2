"""Sets of ports and of addresses against plain sets of numbers."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubeqed.reach.algebra.addresses import (
    V6,
    cut_atoms,
    format_address,
    join_ranges,
    parse_address,
    parse_cidr,
    to_blocks,
    to_cidrs,
    without_holes,
)
from kubeqed.reach.algebra.bits import bits_of, list_members
from kubeqed.reach.algebra.ports import (
    PROTOCOLS,
    complement,
    difference,
    format_ports,
    intersection,
    make_ports,
    union,
    union_of,
)

spans = st.tuples(st.sampled_from(PROTOCOLS), st.integers(1, 9), st.integers(0, 4))
port_sets = st.lists(spans, max_size=4).map(
    lambda some: union_of(make_ports(p, low, low + more) for p, low, more in some)
)
ranges = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9)).map(lambda one: (one[0], sum(one))), max_size=4)


def _numbers(flat: tuple[int, ...]) -> set[int]:
    return {number for low, high in zip(flat[::2], flat[1::2], strict=True) for number in range(low, high + 1)}


@given(port_sets, port_sets)
def test_port_sets_are_sets(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    assert _numbers(union(one, other)) == _numbers(one) | _numbers(other)
    assert _numbers(intersection(one, other)) == _numbers(one) & _numbers(other)
    assert _numbers(difference(one, other)) == _numbers(one) - _numbers(other)
    assert complement(complement(one)) == one


def test_ports_read_as_in_the_grammar() -> None:
    several = union_of(
        [make_ports("TCP", 80, 80), make_ports("TCP", 81, 81), make_ports("UDP", 53, 53), make_ports("SCTP", 1, 65535)]
    )
    assert format_ports(several) == "SCTP 1-65535,TCP 80-81,UDP 53"
    assert format_ports(()) == "No Connections"
    assert format_ports(complement(())) == "All Connections"


@given(st.sets(st.integers(0, 300)))
def test_bits_hold_their_members(numbers: set[int]) -> None:
    assert list(list_members(bits_of(numbers, 301))) == sorted(numbers)


@given(st.lists(st.sampled_from(["10.0.0.0/8", "10.1.0.0/16", "10.1.2.3/32", "0.0.0.0/0", "2001:db8::/32", "::/0"])))
def test_atoms_make_up_every_set(texts: list[str]) -> None:
    found = [one for typed in texts if (one := parse_cidr(typed)) is not None]
    pieces = cut_atoms([(one,) for one in found], [(0, V6 - 1), (V6, V6 + 2**128 - 1)])
    for low, high in found:
        inside = [piece for piece in pieces if low <= piece[0] and piece[1] <= high]
        assert join_ranges(inside) == ((low, high),)


@given(ranges, ranges)
def test_ranges_are_sets(one: list[tuple[int, int]], holes: list[tuple[int, int]]) -> None:
    whole = (0, 60)
    numbers = set(range(61)) - {n for low, high in holes for n in range(low, high + 1)}
    assert {n for low, high in without_holes(whole, holes) for n in range(low, high + 1)} == numbers
    together = {n for low, high in one for n in range(low, high + 1)}
    assert {n for low, high in join_ranges(one) for n in range(low, high + 1)} == together


@given(ranges)
def test_blocks_cover_exactly_their_ranges(some: list[tuple[int, int]]) -> None:
    wanted = join_ranges(some)
    covered: set[int] = set()
    for typed, holes in to_blocks(wanted):
        covered |= {int(n) for n in ipaddress.ip_network(typed)} if not typed.endswith("/0") else set(range(64))
        covered -= {int(n) for hole in holes if not hole.endswith("/0") for n in ipaddress.ip_network(hole)}
    assert covered == {n for low, high in wanted for n in range(low, high + 1)}
    assert list(to_cidrs(wanted)) == [
        str(n)
        for low, high in wanted
        for n in ipaddress.summarize_address_range(ipaddress.IPv4Address(low), ipaddress.IPv4Address(high))
    ]


@pytest.mark.parametrize("text", ["10.1.2.3", "255.255.255.255", "2001:db8::1", "::"])
def test_addresses_read_back(text: str) -> None:
    number = parse_address(text)
    assert number is not None
    assert format_address(number) == text


@pytest.mark.parametrize("text", ["10.0.0.0", "10.0.0/8", "10.0.0.0/33", "::/129", "x/8", "", "1.2.3.4/8/8"])
def test_what_is_no_cidr_is_none(text: str) -> None:
    assert parse_cidr(text) is None
