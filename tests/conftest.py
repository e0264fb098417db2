"""How tests run: nothing is judged by the clock; where CI decides, nothing is random, and nothing is skipped quietly."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from tests.skips import ALLOWED

# Hypothesis draws numbers and texts of the modules that a process has imported, which depends on what ran before:
# without them a seed draws the same examples in every run.
providers._get_local_constants = Constants

settings.register_profile(
    "kubeqed", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
settings.load_profile("kubeqed")

_unnamed: list[str] = []


@pytest.hookimpl
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember a test that was skipped for a reason that no list names."""
    if report.skipped and not hasattr(report, "wasxfail"):
        _remember(report.nodeid, report.longrepr)


@pytest.hookimpl
def pytest_collectreport(report: pytest.CollectReport) -> None:
    """The same for a module."""
    if report.skipped:
        _remember(report.nodeid, report.longrepr)


def _remember(test: str, why: object) -> None:
    reason = str(why[2] if isinstance(why, tuple) else why).removeprefix("Skipped: ")
    if not reason.startswith(tuple(ALLOWED)):
        _unnamed.append(f"{test}: {reason}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI such a skip fails the run: a test that nobody runs proves nothing."""
    if "CI" in os.environ and _unnamed:
        print("\nskipped, and tests/skips.py does not name why:", *_unnamed, sep="\n  ")  # noqa: T201  # pytest shows it
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
