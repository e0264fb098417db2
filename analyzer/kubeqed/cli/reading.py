"""From PATHs to units, for the commands that ask the graph: no rule is loaded, no finding is made."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from kubeqed.config import FILE_NAME, Settings, default_settings, load
from kubeqed.diagnostic import Notice, NoticeKind
from kubeqed.model.input import Input, divide
from kubeqed.model.read import Manifest, read
from kubeqed.parse import parse
from kubeqed.sources import Collected, SourceFile, collect, find_upwards
from kubeqed.sources import read as read_file

LARGE = 1 << 20  # bytes of manifests


class Read(NamedTuple):
    """What the PATHs hold, divided into units, and what the configuration states."""

    input: Input
    settings: Settings
    notices: tuple[Notice, ...]
    files: tuple[SourceFile, ...]


def read_input(paths: Sequence[str], *, closed: bool, config: str | None, stdin: BinaryIO | None) -> Read:
    """Reads the PATHs; raises a ConfigurationError when the configuration is wrong, an OSError when it cannot be read."""
    return read_collected(collect(paths, stdin), settings_for(paths, config), closed=closed)


def read_collected(collected: Collected, settings: Settings, *, closed: bool) -> Read:
    """Parses and divides what was collected."""
    if sum(len(file.content) for file in collected.files) > LARGE:
        gc.disable()  # all that follows lives until the end, and would only be searched again and again
    manifests = [_manifest(file) for file in collected.files]
    whole = divide(manifests, collected.roots, stated=settings.units, closed=closed, charts=collected.charts)
    if not gc.isenabled():
        _keep(whole)
    return Read(whole, settings, (*collected.notices, *_broken(manifests)), tuple(collected.files))


def settings_for(paths: Sequence[str], config: str | None) -> Settings:
    """The configuration that holds for the PATHs; what it says of rules is not looked at."""
    first = next((path for path in paths if path != "-"), os.curdir)
    start = first if os.path.isdir(first) else os.path.dirname(first) or os.curdir
    path = config or find_upwards(start, FILE_NAME)
    return load(read_file(path)) if path else default_settings()


def _keep(whole: Input) -> None:
    """Never frees the input: at the end of a process that takes a tenth of the run and nobody gains by it."""
    ring: list[object] = [whole]
    ring.append(ring)  # stays closed: the collector is off, and at exit nothing is left to it


def _manifest(file: SourceFile) -> Manifest:
    return read(parse(file))


def _broken(manifests: Sequence[Manifest]) -> Iterator[Notice]:
    """A notice for each document that could not be read: the answer lacks its objects."""
    for manifest in manifests:
        for placed in manifest.documents:
            if placed.document.broken:
                problem = next(iter(placed.document.problems), None)
                place = placed.placed(problem.mark if problem else placed.document.top)
                text = problem.message if problem else "a document cannot be read"
                yield Notice(NoticeKind.UNREADABLE, place.span, f"{text}; its objects are missing from the answer")
