"""When checks run."""

from __future__ import annotations

import asyncio

import pytest

from kubeqed.serve.check import CancelCheck, StaleError
from kubeqed.serve.schedule import Schedule

pytestmark = pytest.mark.asyncio


class Checks:
    """A check that takes as long as it is told to, step by step."""

    def __init__(self) -> None:
        self.begun = 0
        self.ended = 0
        self.go_on = asyncio.Event()

    async def __call__(self, cancel_check: CancelCheck) -> None:
        self.begun += 1
        await self.go_on.wait()
        cancel_check()
        self.ended += 1


async def test_keystrokes_are_gathered() -> None:
    checks = Checks()
    checks.go_on.set()
    schedule = Schedule(checks)
    for _ in range(5):
        schedule.ask(0.5)
        await asyncio.sleep(0)
    await schedule.settled()
    assert (checks.begun, checks.ended) == (1, 1)


async def test_a_check_of_an_old_text_is_given_up() -> None:
    checks = Checks()
    schedule = Schedule(checks)
    schedule.ask()
    while not checks.begun:
        await asyncio.sleep(0)
    schedule.ask()
    checks.go_on.set()
    await schedule.settled()
    assert (checks.begun, checks.ended) == (2, 1)


async def test_who_waits_may_give_up_without_harm() -> None:
    checks = Checks()
    schedule = Schedule(checks)
    schedule.ask()
    waiting = asyncio.ensure_future(schedule.settled())
    await asyncio.sleep(0.01)
    waiting.cancel()
    checks.go_on.set()
    await schedule.settled()
    assert checks.ended == 1


async def test_nothing_runs_after_the_end() -> None:
    checks = Checks()
    schedule = Schedule(checks)
    schedule.ask()
    await asyncio.sleep(0.01)
    schedule.ask(10)
    schedule.stop()
    checks.go_on.set()
    await schedule.settled()
    assert (checks.begun, checks.ended) == (1, 0)


async def test_a_stale_pulse_says_so() -> None:
    pulses: list[CancelCheck] = []

    async def check(cancel_check: CancelCheck) -> None:
        pulses.append(cancel_check)

    schedule = Schedule(check)
    schedule.ask()
    await schedule.settled()
    pulses[0]()
    schedule.stop()
    with pytest.raises(StaleError):
        pulses[0]()
