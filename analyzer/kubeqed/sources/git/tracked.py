"""The files that git tracks: they are read although an ignore file names them, as git does.

Own code and no call of git: it would cost more than all the rest, git need not be there, and a configuration that a
stranger wrote may make git run programs when it reads its index (`core.fsmonitor`).
https://git-scm.com/docs/index-format
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property

from kubeqed.late_pattern import compile_late
from kubeqed.sources.content import LARGEST
from kubeqed.sources.disk import DiskTree
from kubeqed.sources.git.repository import GitDirectory, git_directory

LARGEST_INDEX = 4 * LARGEST  # also of the names in it, which version 4 abbreviates
_HEADER = 12
_STATUS = 40  # bytes of an entry before the name of its object
_EXTENDED = 0x4000
_VARINT = 5  # bytes of a number of 32 bits
_SPLIT = b"link"  # the index is spread over two files
_SHA256 = compile_late(rb"(?im)^\s*objectformat\s*=\s*\"?sha256\b")


class Tracked:
    """The files that git tracks in the working tree at the real directory `root`, none without one.

    The index is read when it is first asked.
    """

    def __init__(self, root: str | None) -> None:
        self._root = root

    def file(self, real: str) -> bool:
        """Whether the file at a real path is tracked."""
        return self._find_first(self._make_name(real)) is not None

    def below(self, real: str) -> bool:
        """Whether something at or below the directory at a real path is tracked; a submodule is, as one entry."""
        name = self._make_name(real)
        return self._find_first(name) is not None or self._find_first(f"{name}/", whole=False) is not None

    def _make_name(self, real: str) -> str:
        return os.path.relpath(real, self._root).replace(os.sep, "/")

    def _find_first(self, name: str, *, whole: bool = True) -> str | None:
        """The first name in order that is `name`, or starts with it."""
        position = bisect_left(self._names, name)
        found = self._names[position] if position < len(self._names) else ""
        return found if (found == name if whole else found.startswith(name)) else None

    @cached_property
    def _names(self) -> list[str]:
        directory = git_directory(self._root) if self._root else None
        return sorted(map(os.fsdecode, _list_names(directory))) if directory else []


def _list_names(directory: GitDirectory) -> set[bytes]:
    """The names in an index; none where it cannot be read, as a repository without commits has none."""
    try:
        with DiskTree(directory.own) as own, DiskTree(directory.common) as common:
            digest = 32 if _SHA256.search(common.read(os.path.join(directory.common, "config"))) else 20
            content = own.read(os.path.join(directory.own, "index"), LARGEST_INDEX)
            shared = _find_shared(content, digest)
            base = own.read(os.path.join(directory.own, f"sharedindex.{shared}"), LARGEST_INDEX) if shared else b""
    except OSError:
        return set()
    return {name for part in (content, base) for name, _ in _list_entries(part, digest) if name}


def _find_shared(content: bytes, digest: int) -> str | None:
    """Which file holds the rest of a split index; it may hold names that this one takes back, which does not matter."""
    position = max((end for _, end in _list_entries(content, digest)), default=_HEADER)
    while position + 8 <= len(content) - digest:
        size = int.from_bytes(content[position + 4 : position + 8])
        if content.startswith(_SPLIT, position):
            return content[position + 8 : position + 8 + digest].hex()
        position += 8 + size
    return None


def _list_entries(content: bytes, digest: int) -> Iterator[tuple[bytes, int]]:
    """The name of each entry, and where the next one starts; it ends where the content does not hold together."""
    version, count = int.from_bytes(content[4:8]), int.from_bytes(content[8:_HEADER])
    if not content.startswith(b"DIRC") or version not in (2, 3, 4):
        return
    position, name, room = _HEADER, b"", LARGEST_INDEX
    for _ in range(count):
        flags = position + _STATUS + digest
        start = flags + (4 if int.from_bytes(content[flags : flags + 2]) & _EXTENDED else 2)
        kept, start = _keep_before(content, start, name) if version == 4 else (b"", start)
        end = content.find(b"\0", start)
        if end < 0 or flags >= len(content) - digest:
            return
        name = kept + content[start:end]
        room -= len(name)
        if room < 0:
            return
        position = end + 1 if version == 4 else end + 8 - (end - position) % 8
        yield name, position


def _keep_before(content: bytes, start: int, before: bytes) -> tuple[bytes, int]:
    """What version 4 keeps of the name before: all but a number of bytes, which stands in base 128."""
    value = -1
    for position in range(start, min(start + _VARINT, len(content))):
        value = (value + 1 << 7) | content[position] & 0x7F
        if not content[position] & 0x80:
            return before[: max(len(before) - value, 0)], position + 1
    return b"", len(content)
