"""All label sets there can be, cut into cells that some selectors do not tell apart, each with labels to show for it.

A cube gives each key the values that it may have, as bits: absent, another value than the named ones, or one of these. A
key that it does not hold may have any. What is in a selector is a cube, what is not is a few.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from kubeqed.reach.algebra.terms import Requirements, RequirementTerm
from kubeqed.reach.algebra.tokens import OTHER

_ABSENT, _OTHER, _NAMED = 1, 2, 4

Cube = dict[str, int]
Labels = tuple[tuple[str, str], ...]


class TooManyCellsError(Exception):
    """The selectors cut the space into more cells than may be looked at."""


class LabelCell(NamedTuple):
    """Labels, and which of the selectors they meet."""

    labels: Labels
    met: frozenset[Requirements]


class LabelSpace:
    """The space of the keys and values that some selectors name; `fixed` are keys whose value no selector names."""

    def __init__(self, selectors: Collection[Requirements], fixed: Collection[str] = ()) -> None:
        self._selectors = sorted(selectors, key=lambda one: (len(one), one))
        self._values: dict[str, list[str]] = {}
        for one in (one for selector in self._selectors for one in selector):
            known = self._values.setdefault(one.key, [])
            known += [value for value in one.values if value not in known]
        self._start: Cube = dict.fromkeys(fixed, _OTHER)

    def cells(self, most: int) -> list[LabelCell]:
        """Every cell that is not empty, the plainest first; raises a TooManyCellsError above `most` cubes."""
        found: list[tuple[list[Cube], frozenset[Requirements]]] = [([self._start], frozenset())]
        for selector in self._selectors:
            asked = self.build_cube(selector)
            split = []
            # Each selector cuts every cell into the part inside and the part outside. Empty parts go, so the number
            # of cells is that of the combinations that can occur, not two to the number of selectors.
            for cubes, met in found:
                inside = [both for one in cubes if (both := _intersect_cubes(one, asked)) is not None]
                outside = [rest for one in cubes for rest in self._subtract_cube(one, asked)]
                split += [(inside, met | {selector})] if inside else []
                split += [(outside, met)] if outside else []
            found = split
            if sum(len(cubes) for cubes, _ in found) > most:
                raise TooManyCellsError
        cells = [LabelCell(self.example(min(cubes, key=_rank_cube)), met) for cubes, met in found]
        return sorted(cells, key=lambda cell: (len(cell.labels), cell.labels))

    def example(self, cube: Cube) -> Labels:
        """Labels in a cube: as few as possible, with other values than the named ones where these are not asked for."""
        labels = []
        for key, allowed in sorted(cube.items()):
            if not allowed & _ABSENT:
                named = (value for at, value in enumerate(self._values.get(key, ())) if allowed & _NAMED << at)
                labels.append((key, OTHER if allowed & _OTHER else next(named)))
        return tuple(labels)

    def build_cube(self, selector: Requirements) -> Cube | None:
        """What a selector asks; None where no labels can meet it."""
        cube: Cube = {}
        for one in selector:
            cube[one.key] = cube.get(one.key, self._all_values(one.key)) & self._encode_requirement(one)
        return cube if all(cube.values()) else None

    def _encode_requirement(self, one: RequirementTerm) -> int:
        """The values of its key that meet a requirement, as bits."""
        values = self._values[one.key]
        named = sum(_NAMED << values.index(value) for value in set(one.values))
        if one.operator == "In":
            return named
        if one.operator == "NotIn":
            return self._all_values(one.key) & ~named
        return self._all_values(one.key) & ~_ABSENT if one.operator == "Exists" else _ABSENT

    def _all_values(self, key: str) -> int:
        return (_NAMED << len(self._values.get(key, ()))) - 1

    def _subtract_cube(self, one: Cube, asked: Cube | None) -> Iterator[Cube]:
        """What of a cube is not in another, in pieces that do not overlap."""
        if asked is None:
            yield one
            return
        left = dict(one)
        # What differs at the first key is one piece; what agrees there and differs at the second is the next, and so
        # on. The pieces are disjoint, which a simple list of negated conditions would not be.
        for key, allowed in asked.items():
            have = left.get(key, self._all_values(key))
            if have & ~allowed:
                yield {**left, key: have & ~allowed}
            if not have & allowed:
                return
            left[key] = have & allowed


def _intersect_cubes(one: Cube, asked: Cube | None) -> Cube | None:
    """What two cubes share; None where that is nothing."""
    if asked is None:
        return None
    both = dict(one)
    for key, allowed in asked.items():
        both[key] = both[key] & allowed if key in both else allowed
        if not both[key]:
            return None
    return both


def _rank_cube(cube: Cube) -> tuple[int, list[tuple[str, int]]]:
    return len(cube), sorted(cube.items())


def find_labels(selector: Requirements) -> Labels | None:
    """As few labels as meet a selector; None where none do."""
    space = LabelSpace([selector])
    cube = space.build_cube(selector)
    return None if cube is None else space.example(cube)


def distinct_selectors(selectors: Iterable[Requirements]) -> frozenset[Requirements]:
    """The selectors that leave something open: what selects everything cuts nothing."""
    return frozenset(one for one in selectors if one)
