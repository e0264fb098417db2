"""When checks run: one at a time, a moment after the last keystroke, always on the newest text.

A check takes longer than the pause between two keystrokes. Queueing them would show findings of texts that are gone; running them
at once would use a core for each. So a new request makes the running check raise StaleError at its next step, and one task starts
the next check when no key was pressed for a moment.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable

from kubeqed.serve.check import CancelCheck, StaleError

PATIENCE = 0.05  # seconds without a keystroke before a check starts


class Schedule:
    """Runs `check` when asked to; a request stops the check that runs, since its text is old by then."""

    def __init__(self, check: Callable[[CancelCheck], Awaitable[None]]) -> None:
        self._check = check
        self._task: asyncio.Task[None] | None = None
        self._due: float | None = None
        self._stale = threading.Event()

    def ask(self, patience: float = 0.0) -> None:
        """Asks for a check, `patience` seconds from now unless it is asked for again."""
        loop = asyncio.get_running_loop()
        self._due = loop.time() + patience
        self._stale.set()
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._run_rounds())

    async def settled(self) -> None:
        """Returns when everything asked for was done; whoever waits may be cancelled without harm."""
        while self._task is not None and not self._task.done():
            await asyncio.shield(self._task)

    def stop(self) -> None:
        """Stops the check that runs, and all that were asked for."""
        self._due = None
        self._stale.set()

    async def _run_rounds(self) -> None:
        while self._due is not None:
            await self._await_quiet()
            # Both are set anew before the check starts: what is asked for from here on is for the next round, and
            # stops this one.
            self._due = None
            self._stale = threading.Event()
            try:
                await self._check(_cancel_check(self._stale))
            except StaleError:
                continue

    async def _await_quiet(self) -> None:
        """Returns once no request has come for a while."""
        while (left := (self._due or 0.0) - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(left)


def _cancel_check(stale: threading.Event) -> CancelCheck:
    def cancel_check() -> None:
        if stale.is_set():
            raise StaleError

    return cancel_check
