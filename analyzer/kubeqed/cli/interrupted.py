"""What happens at an interruption: the process ends at once, and leaves nothing half done behind.

A KeyboardInterrupt would not do: raised in an import it prints a traceback, raised in a destructor or a callback of a
library it is lost, and the run goes on. Nothing is imported here, because it is the first that has to work.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

INTERRUPTED = 130  # 128 + SIGINT, as shells have it

_undone: list[Callable[[], object]] = []


class UndoneBy:
    """While inside, an interruption calls `undo` before the process ends; it must need no lock."""

    def __init__(self, undo: Callable[[], object]) -> None:
        self._undo = undo

    def __enter__(self) -> None:
        _undone.append(self._undo)

    def __exit__(self, *_: object) -> None:
        _undone.remove(self._undo)


def end(*_: object) -> None:
    """Ends the process, as the handler of a signal."""
    for undo in _undone:
        try:
            undo()
        except OSError:
            continue
    os._exit(INTERRUPTED)
