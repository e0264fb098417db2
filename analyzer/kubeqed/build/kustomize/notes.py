"""What is noted of a build on its way: what it read, what the tool would refuse of it, and what is not built here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kubeqed.build.node import OriginNode
from kubeqed.build.refusal import Refusal, RefusalCause, RefusalError, Unbuilt, UnbuiltError

MOST_KUSTOMIZATIONS = 10_000  # in one build
_OF_OBJECTS = (RefusalCause.OBJECT, RefusalCause.EDITED, RefusalCause.VERSION)


class Notes:
    """The notes of one build, or of a base in it, whose `outer` are those of the build that names it.

    `is_whole` says that nothing was left out, `lacks_change` that something of what was left out would change objects.
    What an object lacks is refused only where nothing was left out before: that may have had it. `used` are the files
    that were read, `outside` those that lie outside of a kustomization's directory. `schema` is the `openapi` that
    holds: the first that is stated. `renders_charts` says that the namespace around decides what is built. `entered` are the directories of the kustomizations, `count` is how many there are.
    `records_transformers` says that each resource is to tell which transformers it met.
    """

    def __init__(self, outer: Notes | None = None) -> None:
        self.refusals: list[Refusal] = []
        self.unbuilt: list[Unbuilt] = []
        self.is_whole = True
        self.lacks_change = False
        self.renders_charts = False
        self.used: set[str] = set()
        self.outside: list[Refusal] = []
        self.schema: OriginNode | None = outer.schema if outer else None
        self.records_transformers: bool = outer.records_transformers if outer else False
        self.entered: set[str] = set()
        self.count = 0
        self._outer = outer

    @contextmanager
    def noting(self, entry: OriginNode, *, is_change: bool = False) -> Iterator[None]:
        """Notes what is refused or not built of an entry, and goes on."""
        try:
            yield
        except RefusalError as error:
            if error.cause not in _OF_OBJECTS or not self.may_lack:
                self.refusals.append(Refusal(error.place or entry.place, error.reason, error.cause))
            self.is_whole = False
            self.lacks_change |= is_change
        except UnbuiltError as error:
            self.note_unbuilt(error.at(entry.place), is_change=is_change)

    def note_refusal(self, refusal: Refusal) -> None:
        """Notes what the tool would refuse."""
        self.is_whole = False
        self.refusals.append(refusal)

    def note_unbuilt(self, part: Unbuilt, *, is_change: bool) -> None:
        """Notes a part that is not built."""
        self.is_whole = False
        self.lacks_change |= is_change
        self.unbuilt.append(part)

    def check_count(self) -> None:
        """An UnbuiltError when the whole build has too many kustomizations."""
        if self.whole_count > MOST_KUSTOMIZATIONS:
            raise UnbuiltError(f"more than {MOST_KUSTOMIZATIONS:,} kustomizations in one build", gave_up=True)

    def take_in(self, base: Notes) -> None:
        """Adds what was noted of a base."""
        self.refusals += base.refusals
        self.unbuilt += base.unbuilt
        self.is_whole &= base.is_whole
        self.lacks_change |= base.lacks_change
        self.renders_charts |= base.renders_charts
        self.used |= base.used
        self.outside += base.outside
        self.schema = self.schema or base.schema
        self.entered |= base.entered
        self.count += base.count

    @property
    def is_particular(self) -> bool:
        """Whether what a base makes depends on who names it, so that it is gathered for each."""
        asked = self.schema is not None or self.renders_charts or self.records_transformers
        return asked or not self.is_whole

    @property
    def may_lack(self) -> bool:
        """Whether something was left out before, here or in the build that names this base."""
        return not self.is_whole or (self._outer is not None and self._outer.may_lack)

    @property
    def whole_count(self) -> int:
        """How many kustomizations there are so far, those of the build that names this base among them."""
        return self.count + (self._outer.whole_count if self._outer is not None else 0)
