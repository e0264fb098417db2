"""What the builds of one run may cost together: each is bounded, and a small tree can ask for thousands of them.

The unit is about a microsecond, of building and of judging what is built. What is read adds to it, so that a large
repository may cost more than a small one that multiplies. Nothing is timed: the same input gives the same answer.
"""

from __future__ import annotations

from kubeqed.build.refusal import UnbuiltError

_AT_FIRST = 60_000_000
_OF_CHARACTER = 8  # that is read; manifests as they are written cost about half of it
OF_OBJECT = 400  # that is built, and judged
OF_APPLIED = 200  # that is applied to one more cluster
OF_CHANGE = 30  # of a built object, by a patch or a transformer
OF_STEP = 4  # of a template
_PRINTED = 3  # characters that a template prints in a unit


class Allowance:
    """What is left of it; with nothing left, no build is begun."""

    def __init__(self, units: int = _AT_FIRST) -> None:
        self._left = units

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left."""
        return self._left < 0

    def earn(self, characters: int) -> None:
        """Adds what may be spent for characters that were read."""
        self._left += _OF_CHARACTER * characters

    def spend(self, units: int) -> None:
        """Counts what was built."""
        self._left -= units

    def spend_on_templates(self, steps: int, work: int, printed: int) -> None:
        """Counts what templates cost: their steps, the work of the functions that they call, the characters that they print."""
        self._left -= OF_STEP * steps + work + printed // _PRINTED

    def pay(self, units: int) -> None:
        """Counts what is done within a build; an UnbuiltError where nothing is left."""
        self.check("what is asked for here")
        self.spend(units)

    def check(self, what: str) -> None:
        """An UnbuiltError with nothing left."""
        if self.is_spent:
            raise UnbuiltError(f"{what}, which is too much for one run", gave_up=True)
