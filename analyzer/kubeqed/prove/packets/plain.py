"""Plain values for what nobody names, so that a witness reads like a pod that one could create."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count

from kubeqed.reach.algebra import ALL_V6, Range, parse_cidr

# Well-known public addresses, and private ones.
_PLAIN = ("8.8.8.8/32", "1.1.1.1/32", "2001:4860:4860::8888/128", "10.0.0.1/32", "192.168.0.1/32", "172.16.0.1/32")


def choose_unnamed(word: str, named: Collection[str]) -> str:
    """A word that is not among those that are named."""
    return next(text for at in count(1) if (text := word if at == 1 else f"{word}-{at}") not in named)


def choose_address(piece: Range) -> int:
    """An address of a piece: a well-known one, else the first that is not that of a network."""
    low, high = piece
    for text in _PLAIN:
        known = parse_cidr(text)
        if known is not None and low <= known[0] <= high:
            return known[0]
    first = low + 1 if low in (0, ALL_V6[0]) or low % 256 == 0 else low
    return min(first, high)
