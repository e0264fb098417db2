"""From the PATHs of the command line to the files that are read, each once, and what could not be read."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from typing import BinaryIO, NamedTuple

from kubeqed.diagnostic import Notice
from kubeqed.sources.chart import CHART_FILE, in_templates, is_description
from kubeqed.sources.content import STANDARD_INPUT, read, read_stream, unreadable
from kubeqed.sources.source import SourceFile
from kubeqed.sources.walk import Reached, Walk


class Root(NamedTuple):
    """A PATH as it was given."""

    path: str
    is_directory: bool


class Collected(NamedTuple):
    """What the PATHs hold.

    `charts` are the directories with a Chart.yaml, `chart_templates` the files below their `templates/`, which are
    not among `files` and were not read.
    """

    files: tuple[SourceFile, ...]
    notices: tuple[Notice, ...]
    roots: tuple[Root, ...]
    charts: tuple[str, ...]
    chart_templates: tuple[str, ...]


def collect(paths: Sequence[str], stdin: BinaryIO | None) -> Collected:
    """All files that `paths` name: files always, directories by suffix, `-` for `stdin`."""
    walk = Walk()
    roots = [_reach(walk, path) for path in dict.fromkeys(paths)]
    files = []
    for reached in _once(walk.files):
        try:
            files.append(_content(reached.path, stdin))
        except OSError as error:
            walk.notices.append(unreadable(reached.path, error))
    templates = tuple(reached.path for reached in _once(walk.templates))
    return Collected(tuple(files), tuple(walk.notices), tuple(roots), tuple(dict.fromkeys(walk.charts)), templates)


def _reach(walk: Walk, path: str) -> Root:
    if path == STANDARD_INPUT:
        walk.files.append(Reached(path, path))
    elif os.path.isdir(path):
        walk.directory(path)
        return Root(path, is_directory=True)
    else:
        _reach_file(walk, path)
    return Root(path, is_directory=False)


def _reach_file(walk: Walk, path: str) -> None:
    directory, name = os.path.split(path)
    reached = Reached(path, os.path.join(os.path.realpath(directory), name))
    if in_templates(path):
        walk.templates.append(reached)
    elif not is_description(path):
        walk.files.append(reached)
    elif name == CHART_FILE:
        walk.charts.append(directory or os.curdir)


def _once(reached: list[Reached]) -> list[Reached]:
    first: dict[str, Reached] = {}
    for file in reached:
        first.setdefault(file.real, file)
    return list(first.values())


def _content(path: str, stdin: BinaryIO | None) -> SourceFile:
    if path != STANDARD_INPUT:
        return read(path)
    if stdin is None:
        raise OSError(errno.EBADF, "standard input is closed")
    return read_stream(path, stdin)
