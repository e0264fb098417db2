"""What a build gives, whichever tool it follows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kubeqed.build.refusal import Refusal, Remark, Unbuilt
from kubeqed.parse import PlacedDocument


class Built(NamedTuple):
    """What a build gives: the objects in their order, refusals, what was not built, and the real paths that it read.

    `lacks_change` says that what was not done would change objects, so that they are not those that are applied.
    `outside` are the files that the tool reads only if it is asked to, `ignored` is what was not read and changes nothing.
    `asked` is what a chart itself refuses, because it asks for other values; it counts among `unbuilt` too. `remarks` are about values of a chart.
    """

    documents: tuple[PlacedDocument, ...]
    refusals: tuple[Refusal, ...]
    unbuilt: tuple[Unbuilt, ...]
    used: frozenset[str]
    lacks_change: bool = False
    outside: tuple[Refusal, ...] = ()
    ignored: tuple[Unbuilt, ...] = ()
    asked: tuple[Refusal, ...] = ()
    remarks: tuple[Remark, ...] = ()


NOTHING_BUILT = Built((), (), (), frozenset())


def merge_builds(builds: Iterable[Built]) -> Built:
    """What several builds give together."""
    several = tuple(builds)
    return Built(
        tuple(item for one in several for item in one.documents),
        tuple(item for one in several for item in one.refusals),
        tuple(item for one in several for item in one.unbuilt),
        frozenset[str]().union(*(one.used for one in several)),
        any(one.lacks_change for one in several),
        tuple(item for one in several for item in one.outside),
        tuple(item for one in several for item in one.ignored),
        tuple(item for one in several for item in one.asked),
        tuple(item for one in several for item in one.remarks),
    )
