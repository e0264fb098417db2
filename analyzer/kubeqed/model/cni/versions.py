"""Where the versions of a CNI differ in what matters: the bands between the versions that its data names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kubeqed.model.cni.capabilities import FIRST_YEAR, Support, Version

_OLDEST = (0, 0, 0)  # with as many parts as bounds have, else it could be any version that begins with 0


class VersionBand(NamedTuple):
    """Versions from `start` (None: the first) to before `end` (None: the newest); `sample` is one of them.

    A band without bounds needs no sample, and one whose
    bounds are the same is that version alone.
    """

    start: Version | None
    end: Version | None
    sample: Version | None

    def __str__(self) -> str:
        if self.start is None:
            return f"before {format_version(self.end)}" if self.end else "any"
        if self.end is None or self.start == self.end:
            return f"{format_version(self.start)}{'' if self.end else ' or later'}"
        return f"{format_version(self.start)} to before {format_version(self.end)}"


def cut_versions(supports: Iterable[Support]) -> tuple[VersionBand, ...]:
    """The bands of versions of which each of some supports says the same throughout, the oldest first."""
    cuts: set[Version] = set()
    for since in (one.since for one in supports if one.since is not None):
        last = (*since.last[:-1], since.last[-1] + 1) if since.last else None
        cuts.update(bound for bound in (since.below, since.start, last) if bound is not None)
    bounds = sorted(cuts)
    if not bounds:
        return (VersionBand(None, None, None),)
    first = VersionBand(None, bounds[0], (FIRST_YEAR,) if bounds[0][0] >= FIRST_YEAR else _OLDEST)
    return (first, *(VersionBand(low, high, low) for low, high in zip(bounds, [*bounds[1:], None], strict=True)))


def format_version(version: Version) -> str:
    """`1.16`, or `2026-01` for one that is a date."""
    if version[0] >= FIRST_YEAR:
        return "-".join(f"{part:02}" for part in version)
    return ".".join(map(str, version))
