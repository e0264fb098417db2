"""Which members a fleet has: a list with one on each line, a directory of checkouts, or `fleet:` of the configuration."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from kubeqed.app.settings import CommandLineSettings, load_settings
from kubeqed.config import FILE_NAME
from kubeqed.report.fleet.result import FleetMember
from kubeqed.sources import GIT, STANDARD_INPUT, is_below, read, real_path, repository_root

SEPARATOR = "@"


class FleetError(Exception):
    """A fleet that cannot be run as it was asked for."""


class SchedulerError(Exception):
    """The scheduler of a cluster does not answer."""


class FleetList(NamedTuple):
    """The members in the order of the list, each once.

    `repeated` are those that it has again, `no_members` what lies beside the directories of a directory: files and links.
    """

    members: tuple[FleetMember, ...]
    repeated: tuple[str, ...] = ()
    no_members: tuple[str, ...] = ()


def list_fleet(named: str | None, config: str | None, stdin: BinaryIO | None, *, null: bool = False) -> FleetList:
    """The members that a LIST names, or the configuration where there is none.

    `null` says that a NUL stands behind each name, as `find -print0` writes it. Raises a FleetError for a list without
    members, an OSError for one that cannot be read, and a ConfigurationError.
    """
    beside: list[str] = []
    if named is None or os.path.basename(named) == FILE_NAME:
        members = list(_list_configured(named or config))
    elif named != STANDARD_INPUT and os.path.isdir(named):
        members = list(_list_directory(named, beside))
    else:
        content = (stdin.read() if stdin else b"") if named == STANDARD_INPUT else read(named).content
        members = [parse_member(os.fsdecode(name)) for name in _split_names(content, null=null)]
    if not members:
        raise FleetError("the list names no member")
    return _leave_out_repeated(members)._replace(no_members=tuple(beside))


def _list_configured(named: str | None) -> Iterator[FleetMember]:
    """The members that the configuration states, whose paths start at its directory."""
    settings = load_settings((os.curdir,), CommandLineSettings(named))
    if settings.path is None:
        raise FleetError(f"no LIST is named, and there is no {FILE_NAME} here")
    start = real_path(settings.directory)
    allowed = repository_root(start) or start
    for stated in settings.fleet:
        member = parse_member(stated.value, settings.directory)
        # A stranger may have written a file that was only found; who names it means what it says.
        if named is None and not is_below(real_path(member.path), allowed):
            outside = f"{member.text} lies outside of the repository"
            raise FleetError(f"{outside}: name the list if you trust it, as --config {settings.path}")
        yield member


def _list_directory(path: str, beside: list[str]) -> Iterator[FleetMember]:
    """The directories in a directory, in order of their names; `beside` gets what is none."""
    if os.path.lexists(os.path.join(path, GIT)):
        raise FleetError(f"{path} is one checkout: name the directory that it lies in, or write it into a list")
    with os.scandir(path) as entries:
        found = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    for name, is_directory in found:
        whole = name if path == os.curdir else os.path.join(path, name)
        if is_directory:
            yield FleetMember(whole, whole)
        else:
            beside.append(whole)


def _split_names(content: bytes, *, null: bool) -> Iterator[bytes]:
    """The names of a list; an empty line, and one that begins with `#`, is none."""
    if null:
        yield from filter(None, content.split(b"\0"))
        return
    if b"\0" in content:
        raise FleetError("the list holds a NUL, which no name can hold: is it one for --null?")
    for line in content.splitlines():
        name = line.strip()
        if name and not name.startswith(b"#"):
            yield name


def parse_member(text: str, directory: str = "") -> FleetMember:
    """What PATH or PATH@REVISION means: both may hold an `@`, and the longest path that is there is meant."""
    path = os.path.join(directory, text)
    if os.path.lexists(path):
        return FleetMember(text, path)
    at = len(text)
    while (at := text.rfind(SEPARATOR, 0, at)) > 0:
        path = os.path.join(directory, text[:at])
        if os.path.lexists(path) and text[at + 1 :]:
            return FleetMember(text, path, text[at + 1 :])
    start, _, revision = text.partition(SEPARATOR)
    if start and revision:
        return FleetMember(text, os.path.join(directory, start), revision)
    return FleetMember(text, os.path.join(directory, text))  # an empty revision, for example, does not mean the files


def _leave_out_repeated(members: Iterable[FleetMember]) -> FleetList:
    """Each place and revision once, however it is spelled: nothing is counted twice."""
    kept: dict[tuple[str, str | None], FleetMember] = {}
    repeated = []
    for member in members:
        place = real_path(member.path), member.revision
        if place in kept:
            repeated.append(member.text)
        else:
            kept[place] = member
    return FleetList(tuple(kept.values()), tuple(repeated))
