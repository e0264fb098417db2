"""From the PATHs of the command line to the files that are read, each once, and what could not be read."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from typing import BinaryIO, NamedTuple

from kubeqed.diagnostic import Notice
from kubeqed.sources.chart import CHART_FILE, in_templates, is_description
from kubeqed.sources.content import STANDARD_INPUT, is_stream, read, read_stream, unreadable
from kubeqed.sources.paths import Paths, Root
from kubeqed.sources.source import SourceFile
from kubeqed.sources.walk import Reached, Walk


class Collected(NamedTuple):
    """What the PATHs hold, and where it really is.

    `charts` are the directories with a Chart.yaml, `chart_templates` the files below their `templates/`, which are
    not among `files` and were not read.
    """

    files: tuple[SourceFile, ...]
    notices: tuple[Notice, ...]
    paths: Paths
    charts: tuple[str, ...]
    chart_templates: tuple[str, ...]


def collect(paths: Sequence[str], stdin: BinaryIO | None) -> Collected:
    """All files that `paths` name: files always, directories by suffix, `-` for `stdin`."""
    walk = Walk()
    roots = tuple(_reach(walk, path) for path in dict.fromkeys(paths))
    files = []
    found = _once(walk.files)
    for reached in found:
        try:
            files.append(_content(reached.path, stdin))
        except OSError as error:
            walk.notices.append(unreadable(reached.path, error))
    templates = tuple(reached.path for reached in _once(walk.templates))
    charts = tuple(dict.fromkeys(walk.charts))
    places = _places(roots, found, charts, walk)
    return Collected(tuple(files), tuple(walk.notices), places, charts, templates)


def _places(roots: Sequence[Root], files: Sequence[Reached], charts: Sequence[str], walk: Walk) -> Paths:
    """Where everything really is; a stream stands where all PATHs together start."""
    named = [root.path for root in roots if not is_stream(root.path)]
    reached = {path: os.path.realpath(path) for path in (*named, *charts)}
    reached |= {file.path: file.real for file in files if not is_stream(file.path)}
    start = Paths(reached, roots=[root for root in roots if root.path in reached]).common
    for root in roots:
        if is_stream(root.path):
            reached[root.path] = os.path.join(os.path.realpath(start), root.path.replace("/", "-"))
    return Paths(reached, dict(walk.links), roots)


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
    reached = Reached(path, os.path.realpath(path), os.path.islink(path))
    if reached.is_link:
        walk.links[os.path.join(os.path.realpath(directory), name)] = reached.real
    if in_templates(path):
        walk.templates.append(reached)
    elif not is_description(path):
        walk.files.append(reached)
    elif name == CHART_FILE:
        walk.charts.append(directory or os.curdir)


def _once(reached: list[Reached]) -> list[Reached]:
    """Each file once: under the first name that is its own, else under the first that leads to it."""
    once: dict[str, Reached] = {}
    for file in reached:
        if file.real not in once or (once[file.real].is_link and not file.is_link):
            once[file.real] = file
    return list(once.values())


def _content(path: str, stdin: BinaryIO | None) -> SourceFile:
    if path != STANDARD_INPUT:
        return read(path)
    if stdin is None:
        raise OSError(errno.EBADF, "standard input is closed")
    return read_stream(path, stdin)
