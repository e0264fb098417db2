"""git, asked for what a commit holds, and kept from everything else that a stranger's repository can make it do.

Its configuration may name programs (a monitor of files, filters, a pager, a transport to fetch what is missing) and
other configurations to read. Only what a name means is asked in the repository itself. The objects are read from a
directory of our own that has the repository's objects, and neither its configuration nor its `refs/replace/`, its grafts
or its remotes. Names are given on standard input, so that none is taken for an option.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from kubeqed.sources.git.repository import GitDirectory

MOST_LISTED = 128 * 1024 * 1024  # bytes of a listing: some million files
PATIENCE = 120.0  # seconds that one command of git may take

_SAFE = ("--no-pager", "-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")
_OURS = {
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_NO_LAZY_FETCH": "1",  # git 2.44 and newer
    "GIT_ALLOW_PROTOCOL": "none",  # older ones fetch what is missing, as the configuration says
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
}
_KEPT = re.compile(r"(?!GIT_)|GIT_(ALTERNATE_OBJECT_DIRECTORIES|QUARANTINE_PATH|EXEC_PATH|CONFIG_NOSYSTEM)$")
_OBJECTS = "GIT_OBJECT_DIRECTORY"  # what a push brings lies apart, until a hook has agreed
_HEADER = re.compile(rb"([0-9a-f]+) (\w+) (\d+)")


class GitError(Exception):
    """git cannot be run, or says no."""


class ObjectHeader(NamedTuple):
    """An object by its name, with its kind (commit, tree, blob, tag) and its size in bytes."""

    name: str
    kind: str
    size: int


class TreeEntry(NamedTuple):
    """A file of a tree: its mode (100644, 120000 for a link, 160000 for a submodule), its object, its path."""

    mode: str
    object: str
    path: str


def tree_of(directory: GitDirectory, revision: str) -> str | None:
    """The name of the tree that a revision means; None when it means none."""
    if "\n" in revision or "\0" in revision:
        return None
    try:
        (found,) = _read_headers(directory.own, [f"{revision}^{{tree}}"])
    except GitError:
        return None
    return found.name if found else None


class GitObjects:
    """The objects of a repository."""

    def __init__(self, directory: str, objects: str) -> None:
        self._directory = directory
        self._objects = objects

    def headers(self, names: Sequence[str]) -> list[ObjectHeader | None]:
        """What objects are; None for one that is not in this clone."""
        return _read_headers(self._directory, names, self._objects)

    def files(self, tree: str) -> Iterator[TreeEntry]:
        """All files of a tree, to the bottom."""
        listed = _run_git(self._directory, ("ls-tree", "-r", "-z", "--full-tree", tree), objects=self._objects)
        for line in listed.split(b"\0")[:-1]:
            about, _, path = line.partition(b"\t")
            mode, _, name = about.decode().split(" ")
            yield TreeEntry(mode, name, os.fsdecode(path))

    def index(self, tree: str) -> bytes:
        """An index that tracks all files of a tree, as git writes it."""
        _run_git(self._directory, ("read-tree", tree), objects=self._objects)
        with open(os.path.join(self._directory, "index"), "rb") as file:
            return file.read()

    def contents(self, headers: Sequence[ObjectHeader]) -> Iterator[bytes]:
        """The content of each object, in order."""
        # The sizes are known from the headers, so git cannot answer with more than was asked for: 128 bytes are for
        # its line.
        names, most = [header.name for header in headers], sum(header.size + 128 for header in headers)
        answer = _run_git(self._directory, ("cat-file", "--batch"), names, objects=self._objects, most=most)
        start = 0
        for header in headers:
            start = answer.index(b"\n", start) + 1
            yield answer[start : start + header.size]
            start += header.size + 1


@contextmanager
def objects_of(directory: GitDirectory, like: str) -> Iterator[GitObjects]:
    """The objects of a repository; the name of one of them tells how all are named, by SHA-1 or SHA-256."""
    with tempfile.TemporaryDirectory(prefix="kubeqed-") as own:
        for name in ("objects", "refs"):
            os.mkdir(os.path.join(own, name))
        # git refuses objects of the other hash. The length of one name says which of the two the repository uses.
        format_, extension = (1, "[extensions]\nobjectformat = sha256\n") if len(like) == 64 else (0, "")
        _write_file(own, "config", f"[core]\nrepositoryformatversion = {format_}\nbare = true\n{extension}")
        _write_file(own, "HEAD", "ref: refs/heads/none\n")
        yield GitObjects(own, os.environ.get(_OBJECTS) or os.path.join(directory.common, "objects"))


def _write_file(directory: str, name: str, text: str) -> None:
    with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
        file.write(text)


def _read_headers(directory: str, names: Sequence[str], objects: str | None = None) -> list[ObjectHeader | None]:
    lines = _run_git(directory, ("cat-file", "--batch-check"), names, objects=objects).split(b"\n")[: len(names)]
    found = map(_HEADER.fullmatch, lines)
    return [ObjectHeader(it[1].decode(), it[2].decode(), int(it[3])) if it else None for it in found]


def _run_git(
    directory: str,
    command: Sequence[str],
    names: Sequence[str] = (),
    *,
    objects: str | None = None,
    most: int | None = None,
) -> bytes:
    """What git answers; the names go through a file, so that neither side waits for the other."""
    most = MOST_LISTED if most is None else most
    objects = objects or os.environ.get(_OBJECTS)
    # Variables of git can name programs and other repositories. Only those are kept that a push or an installation
    # needs.
    environment = {name: value for name, value in os.environ.items() if _KEPT.match(name)} | _OURS
    environment |= {_OBJECTS: objects} if objects else {}
    with tempfile.TemporaryFile() as given:
        given.write(b"".join(os.fsencode(name) + b"\n" for name in names))
        given.seek(0)
        try:
            process = subprocess.Popen(  # noqa: S603  # no shell, and no word of a stranger among the options
                [_find_program(), f"--git-dir={directory}", *_SAFE, *command],
                cwd=directory,
                env=environment,
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # it may quote what a configuration includes
            )
        except OSError as error:
            raise GitError(f"git cannot be run: {error.strerror}") from error
        late = threading.Event()
        with _killed_after(PATIENCE, process, late), process:
            # One byte more than allowed is enough to know that it is too much, and memory stays bounded.
            answer = process.stdout.read(most + 1) if process.stdout else b""
            if len(answer) > most:
                process.kill()
    if late.is_set():
        raise GitError(f"git did not answer within {PATIENCE:.0f} seconds")
    if len(answer) > most:
        raise GitError("it holds too many files")
    if process.returncode:
        raise GitError(f"git cannot read it; `git -C {directory} fsck` may say why")
    return answer


@contextmanager
def _killed_after(seconds: float, process: subprocess.Popen[bytes], late: threading.Event) -> Iterator[None]:
    """Ends a git that waits, for example for a pipe that stands where a reference should; `late` says so."""

    def end() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _find_program() -> str:
    """The user's git, and never one that lies in the working directory."""
    name = "git.exe" if os.name == "nt" else "git"
    for directory in os.get_exec_path():
        path = os.path.join(directory, name)
        if os.path.isabs(directory) and os.access(path, os.X_OK):
            return path
    raise GitError("git is not installed")
