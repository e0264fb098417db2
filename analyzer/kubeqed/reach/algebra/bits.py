"""Sets of small numbers as ints: bit i is set when i is in the set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def bits_of(numbers: Iterable[int], size: int) -> int:
    """The set of the numbers, all below `size`."""
    field = bytearray((size + 7) // 8)
    for number in numbers:
        field[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(field, "little")


def list_members(one: int) -> Iterator[int]:
    """The numbers in a set, ascending."""
    if not one:
        return
    start = (one & -one).bit_length() - 1  # most sets are of one namespace, whose numbers stand side by side
    digits = bin(one >> start)[:1:-1]
    position = 0
    while position >= 0:
        yield start + position
        position = digits.find("1", position + 1)
