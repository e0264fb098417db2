"""IPv4 and IPv6 addresses as plain integers: ranges, what is cut out of them, and the pieces that rules tell apart.

One number line holds both: IPv4 from 0, IPv6 from 2**32 on. A range is (first, last), both included; a set of
addresses is a sorted tuple of ranges that do not touch. (`ipaddress` is twenty times slower, and here are thousands.)
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

Range = tuple[int, int]
Ranges = tuple[Range, ...]

V6 = 1 << 32
ALL_V4: Range = (0, V6 - 1)
ALL_V6: Range = (V6, V6 + (1 << 128) - 1)

_MAPPED = V6 + (0xFFFF << 32)  # ::ffff:0.0.0.0, which is the IPv4 address 0.0.0.0

_CIDR = re.compile(r"\s*([0-9A-Fa-f:.]+)/([0-9]{1,3})\s*\Z")


@cache
def parse_cidr(text: str) -> Range | None:
    """The range of a CIDR, its host bits ignored; None for anything else. One of IPv4-mapped addresses is of IPv4."""
    match = _CIDR.match(text)
    start = parse_address(match.group(1)) if match else None
    if match is None or start is None:
        return None
    prefix = int(match.group(2))
    if ":" in text and start < V6:
        start, prefix = (start, prefix - 96) if prefix >= 96 else (_MAPPED + start, prefix)
    base, bits = (V6, 128) if start >= V6 else (0, 32)
    if prefix > bits:
        return None
    size = 1 << (bits - prefix)
    low = (start - base) // size * size + base
    return low, low + size - 1


@cache
def parse_address(text: str) -> int | None:
    """The number of one address, an IPv4-mapped one as IPv4; None for anything else."""
    family, base = (socket.AF_INET6, V6) if ":" in text else (socket.AF_INET, 0)
    try:
        number = base + int.from_bytes(socket.inet_pton(family, text), "big")
    except (OSError, ValueError):
        return None
    return number - _MAPPED if _MAPPED <= number < _MAPPED + V6 else number


def is_v6(one: Range) -> bool:
    """Whether a range is of IPv6."""
    return one[0] >= V6


def without_holes(one: Range, holes: Iterable[Range]) -> Ranges:
    """A range without the holes in it."""
    rest = []
    start = one[0]
    for low, high in sorted(holes):
        if high < start or low > one[1]:
            continue
        if start < low:
            rest.append((start, low - 1))
        start = max(start, high + 1)
    if start <= one[1]:
        rest.append((start, one[1]))
    return tuple(rest)


def intersect(ones: Ranges, others: Ranges) -> Ranges:
    """What two sets of addresses share."""
    pairs = ((max(one[0], other[0]), min(one[1], other[1])) for one in ones for other in others)
    return tuple(sorted((low, high) for low, high in pairs if low <= high))


def join_ranges(ranges: Iterable[Range]) -> Ranges:
    """The ranges sorted, touching ones joined (never IPv4 with IPv6)."""
    together: list[Range] = []
    for low, high in sorted(ranges):
        if together and low <= together[-1][1] + 1 and low != V6:
            together[-1] = (together[-1][0], max(together[-1][1], high))
        else:
            together.append((low, high))
    return tuple(together)


def cut_atoms(sets: Iterable[Ranges], wholes: Iterable[Range]) -> Ranges:
    """The whole ranges cut wherever one of the sets begins or ends: every set is a union of these pieces."""
    edges = {edge for ranges in sets for low, high in ranges for edge in (low, high + 1)}
    pieces: list[Range] = []
    ordered = sorted(edges)
    for low, high in sorted(wholes):
        starts = [low, *(edge for edge in ordered if low < edge <= high)]
        pieces += zip(starts, [*(start - 1 for start in starts[1:]), high], strict=True)
    return tuple(pieces)


def split_apart(sets: Sequence[Ranges]) -> list[tuple[Ranges, frozenset[int]]]:
    """The pieces that the sets tell apart, each with the numbers of the sets that hold it: a set is a union of pieces."""
    together: dict[frozenset[int], list[Range]] = {}
    for piece in cut_atoms(sets, join_ranges(one for ranges in sets for one in ranges)):
        holding = frozenset(at for at, ranges in enumerate(sets) if intersect((piece,), ranges))
        together.setdefault(holding, []).append(piece)
    return [(join_ranges(pieces), holding) for holding, pieces in together.items() if holding]


def format_address(one: int) -> str:
    """An address as text."""
    if one >= V6:
        return socket.inet_ntop(socket.AF_INET6, (one - V6).to_bytes(16, "big"))
    return socket.inet_ntop(socket.AF_INET, one.to_bytes(4, "big"))


def to_cidrs(ranges: Ranges) -> Iterator[str]:
    """The fewest CIDRs that make up the ranges."""
    for low, high in ranges:
        base, bits = (V6, 128) if low >= V6 else (0, 32)
        start, end = low - base, high - base
        while start <= end:
            size = start & -start or 1 << bits
            while start + size - 1 > end:
                size >>= 1
            yield f"{format_address(start + base)}/{bits - size.bit_length() + 1}"
            start += size


def to_blocks(ranges: Ranges) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(CIDR, exceptions) pairs for the ranges: one with holes where that is shorter than CIDRs alone."""
    for family in (False, True):
        mine = tuple(one for one in ranges if is_v6(one) is family)
        if mine:
            plain = [(text, ()) for text in to_cidrs(mine)]
            whole, holes = _find_holes(mine)
            yield from plain if len(plain) <= 1 + len(holes) else [(whole, holes)]


def _find_holes(ranges: Ranges) -> tuple[str, tuple[str, ...]]:
    """The smallest CIDR around ranges of one family, and the CIDRs missing from it."""
    base, bits = (V6, 128) if is_v6(ranges[0]) else (0, 32)
    low, high = ranges[0][0] - base, ranges[-1][1] - base
    length = (low ^ high).bit_length()
    start = (low >> length << length) + base
    around = (start, start + (1 << length) - 1)
    return f"{format_address(start)}/{bits - length}", tuple(to_cidrs(without_holes(around, ranges)))
