"""Files as a git revision holds them: `git archive` of a commit, a branch, a tag, or `revision:path`."""

from __future__ import annotations

import io
import os
import posixpath
import subprocess
import tarfile
from collections.abc import Iterator

from kubeqed.sources.chart import CHART_FILE, TEMPLATES, describes_chart
from kubeqed.sources.collected import Collected
from kubeqed.sources.paths import Paths, Root
from kubeqed.sources.repository import repository_root
from kubeqed.sources.source import SourceFile
from kubeqed.sources.walk import SUFFIXES


class RevisionError(Exception):
    """Something is neither a path nor a revision, or git cannot read it."""


def collect_revision(revision: str, path: str | None = None) -> Collected:
    """The manifests of a revision below `path` (a directory or a file), or below the current directory.

    They are named as the revision is, then `:` and their path; their real paths are those that they would have in the
    working tree. What git ignores is not in a revision, and charts'
    templates are left out as in directories. A path that the revision does not have yet holds none.
    """
    path = None if path == os.curdir else path
    contents = {} if path and _lacks(revision, path) else dict(_members(_archive(revision, path)))
    charts = sorted(posixpath.dirname(name) for name in contents if posixpath.basename(name) == CHART_FILE)
    templates = sorted(name for name in contents if _in_templates(name, charts))
    files = [
        SourceFile(f"{revision}:{name}", contents[name])
        for name in sorted(contents)
        if name not in templates and name.endswith(SUFFIXES) and not _describes(name, charts)
    ]
    start = _start(revision)
    root = Root(path or os.curdir, is_directory=path is None or path not in contents)
    reached = {f"{revision}:{name}": os.path.join(start, name) for name in (*contents, *charts)}
    reached[root.path] = os.path.normpath(os.path.join(start, root.path))
    printed = tuple(f"{revision}:{chart}" for chart in charts)
    return Collected(tuple(files), (), Paths(reached, roots=(root,)), printed, tuple(templates))


def _start(revision: str) -> str:
    """The directory of the working tree that the files of a revision are named from."""
    _, in_tree, inside = revision.partition(":")
    start = (repository_root(os.curdir) if in_tree and not inside.startswith(".") else None) or os.curdir
    return os.path.realpath(os.path.join(start, inside))


def is_revision(text: str) -> bool:
    """Whether git knows `text` as something that holds files."""
    if text.startswith("-"):
        return False
    try:
        return _git("rev-parse", "--quiet", "--verify", _tree(text)).returncode == 0
    except OSError:
        return False


def _tree(revision: str) -> str:
    """The tree of a revision: the archive of an empty commit, unlike that of its tree, is none that Python reads."""
    return revision if ":" in revision else f"{revision}^{{tree}}"  # behind REVISION:PATH it would be part of the path


def _archive(revision: str, path: str | None) -> bytes:
    try:
        found = _git("archive", "--format=tar", _tree(revision), "--", *([path] if path else []))
    except OSError as error:
        raise RevisionError(f"git cannot be run: {error.strerror}") from error
    if found.returncode:
        raise RevisionError(os.fsdecode(found.stderr).strip() or f"git archive {revision} failed")
    return found.stdout


def _lacks(revision: str, path: str) -> bool:
    listed = _git("ls-tree", "--name-only", revision, "--", path)
    return listed.returncode == 0 and not listed.stdout


def _git(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", *arguments]
    return subprocess.run(command, capture_output=True, check=False)  # noqa: S603  # no shell; a revision never starts with -


def _members(archive: bytes) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isfile() else None
            if content is not None and member.name.endswith(SUFFIXES):
                yield member.name, content.read()


def _in_templates(name: str, charts: list[str]) -> bool:
    return any(name.startswith(f"{posixpath.join(chart, TEMPLATES)}/") for chart in charts)


def _describes(name: str, charts: list[str]) -> bool:
    return posixpath.dirname(name) in charts and describes_chart(posixpath.basename(name))
