"""What stands in a tree and is not read, because of what it is: it may hold anything, so that it is said, and counts."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kubeqed.diagnostic import Notice, NoticeKind, Span, list_some

LFS_POINTER = b"version https://git-lfs.github.com/spec/"
"""What a file that Git LFS keeps elsewhere begins with: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md"""

_MOST_NAMED = 10


class NotReadError(OSError):
    """A file or directory that kubeqed does not want to read; `reason` is a clause about it."""

    def __init__(self, reason: str, number: int = errno.EINVAL) -> None:
        super().__init__(number, reason)
        self.reason = reason


class Unread(NamedTuple):
    """A file or directory that was found and not read: as it prints, why, its real path, and what is said of it."""

    path: str
    reason: str
    real: str = ""
    kind: NoticeKind = NoticeKind.NOT_READ


def not_read(unread: Iterable[Unread]) -> Iterator[Notice]:
    """One notice for each reason, with the first files that it holds for."""
    by_reason: dict[tuple[NoticeKind, str], list[str]] = {}
    for item in unread:
        by_reason.setdefault((item.kind, item.reason), []).append(item.path)
    for (kind, reason), paths in by_reason.items():
        verb = "is" if len(paths) == 1 else "are"
        text = f"{list_some(paths, _MOST_NAMED)} {verb} not read: {reason}"
        yield Notice(kind, Span(paths[0], 1, 1, 1, 1), text)
