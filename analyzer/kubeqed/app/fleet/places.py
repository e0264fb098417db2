"""Where a member is run: its directory, or the files of a revision, written for the time of the run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from kubeqed.app.fleet.processes import Processes
from kubeqed.report.fleet.result import FleetMember
from kubeqed.sources import is_below, real_path, repository_root
from kubeqed.sources.revision import Revision, RevisionError, find_revision, write_revision


class NotThereError(Exception):
    """A member cannot be run, because it is not there or cannot be read."""


class MemberPlace(NamedTuple):
    """A real directory, and what is checked in it; `root` is where a checkout was written, `clone` what it stands for."""

    directory: str
    path: str
    tree: str | None = None
    root: str = ""
    clone: str = ""


@contextmanager
def place_of(member: FleetMember, processes: Processes) -> Iterator[MemberPlace]:
    """The place of a member, for a while; a NotThereError says why there is none."""
    if member.revision is None:
        yield _find_on_disk(member.path)
        return
    revision = _find_commit(member.path, member.revision)
    with processes.directory() as root:
        try:
            write_revision(revision, root)
        except RevisionError as error:
            raise NotThereError(f"{member.revision}: {error}") from None
        except OSError as error:
            raise NotThereError(f"{member.revision} cannot be written to {root}: {_tell_reason(error)}") from None
        yield _find_inside(revision, root)._replace(tree=revision.tree, root=root, clone=revision.root)


def _find_on_disk(path: str) -> MemberPlace:
    try:
        os.stat(path)
    except (OSError, ValueError) as error:
        raise NotThereError(_tell_reason(error)) from None
    if not os.path.isdir(path) and not os.path.isfile(path):
        raise NotThereError("neither a file nor a directory")
    if os.path.isdir(path) and repository_root(path) is None and find_revision("HEAD", path) is not None:
        raise NotThereError("a bare clone has no files of its own: name a revision too, as PATH@main")
    return _split_place(real_path(path))


def _find_commit(path: str, text: str) -> Revision:
    if not os.path.exists(path):
        raise NotThereError("no such file or directory")
    found = find_revision(text, path)
    if found is None:
        raise NotThereError(f"the repository has no revision {text}" if _is_repository(path) else "not in a repository")
    return found


def _is_repository(path: str) -> bool:
    return repository_root(path) is not None or os.path.isdir(os.path.join(path, "objects"))


def _find_inside(revision: Revision, root: str) -> MemberPlace:
    """The place in a checkout; a link of a stranger leads nowhere else."""
    real = real_path(os.path.join(root, revision.inside))
    if not is_below(real, root) or not os.path.exists(real):
        raise NotThereError(f"the revision has no {revision.inside}")
    return _split_place(real)


def _split_place(real: str) -> MemberPlace:
    if os.path.isdir(real):
        return MemberPlace(real, os.curdir)
    directory, name = os.path.split(real)
    return MemberPlace(directory, os.path.join(os.curdir, name))


def _tell_reason(error: OSError | ValueError) -> str:
    reason = getattr(error, "strerror", None) or str(error)
    return f"{reason[:1].lower()}{reason[1:]}"
