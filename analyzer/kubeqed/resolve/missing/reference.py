"""What can be said of an object that a reference names and the unit does not hold.

A near miss or an orphan pair names the candidate that was probably meant; an excuse says where the object is. The
definitions, and how they were measured, stand in the design, section 2.
"""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.kinds.object import Object
from kubeqed.model.units.producer import Producer
from kubeqed.model.units.unit import UnitOrigin
from kubeqed.resolve.resolver import Resolver


class Candidate(NamedTuple):
    """What was probably meant: an object, the path of the field that shows it, and why, in words."""

    object: Object
    path: str
    why: str


class MissingReference(NamedTuple):
    """Why an object may be missing: `candidate` is a near miss or an orphan pair, None when neither names one.

    `alone` says that no other object is a candidate too.
    """

    candidate: Candidate | None
    producers: tuple[Producer, ...]
    excused: bool
    alone: bool = False

    @property
    def is_likely_a_mistake(self) -> bool:
        """Whether a candidate was named and nothing excuses the reference."""
        return self.candidate is not None and not self.excused


def may_be_paired(graph: Resolver, one: Object, other: Object) -> bool:
    """Whether two objects may be an orphan pair for where they stand: in a guessed unit only in directories next to one another.

    A guessed unit may be a tree of examples that have nothing to do with one another. On 593 repositories there were 27 pairs: 24 in
    one directory, two in two directories of one parent, all of these apt; one farther apart, which was no pair.
    """
    return graph.unit.found is not UnitOrigin.GUESSED or graph.input.are_neighbours(one, other)
