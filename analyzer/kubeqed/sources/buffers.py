"""Texts that stand in for files: what an editor shows and has not saved counts instead of what the disk holds."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_NONE: Mapping[str, bytes] = {}
_buffers: ContextVar[Mapping[str, bytes]] = ContextVar("buffers", default=_NONE)


@contextmanager
def with_buffers(buffers: Mapping[str, bytes]) -> Iterator[None]:
    """While inside, `read` answers with these contents; the keys are absolute paths."""
    before = _buffers.set(buffers)
    try:
        yield
    finally:
        _buffers.reset(before)


def read_buffers(path: str) -> bytes | None:
    """What stands in for the file at `path`, None where nothing does."""
    buffers = _buffers.get()
    return buffers.get(os.path.abspath(path)) if buffers else None
