"""What stands in a tree and is not read, because of what it is: it may hold anything, so that it is said, and counts."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kubeqed.diagnostic import Notice, NoticeKind, Span

_MOST_NAMED = 3  # in the sentence; the details hold all


class NotReadError(OSError):
    """A file or directory that kubeqed does not want to read; `reason` is a clause about it."""

    def __init__(self, reason: str, number: int = errno.EINVAL) -> None:
        super().__init__(number, reason)
        self.reason = reason


class Unread(NamedTuple):
    """A file or directory that was found and not read: as it prints, why, and its real path."""

    path: str
    reason: str
    real: str = ""


def not_read(unread: Iterable[Unread]) -> Iterator[Notice]:
    """One notice for each reason, with the first files that it holds for."""
    by_reason: dict[str, list[str]] = {}
    for path, reason, _ in unread:
        by_reason.setdefault(reason, []).append(path)
    for reason, paths in by_reason.items():
        named = ", ".join(paths[:_MOST_NAMED])
        more = f" and {len(paths) - _MOST_NAMED} more" if len(paths) > _MOST_NAMED else ""
        verb = "is" if len(paths) == 1 else "are"
        text = f"{named}{more} {verb} not read: {reason}"
        yield Notice(NoticeKind.NOT_READ, Span(paths[0], 1, 1, 1, 1), text, "\n".join(paths))
