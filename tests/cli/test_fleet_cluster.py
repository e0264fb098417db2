"""`kubeqed fleet --scheduler`: the same lines from a cluster of Dask, and no member at the cost of another."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.fleets import CLEAN, FAULTY, lines_of, write_members
from tests.cli.running import run

from kubeqed.app.fleet import cluster
from kubeqed.app.fleet.member import MemberTask, run_member
from kubeqed.report.fleet.result import FleetMember, MemberResult, Outcome

dask = pytest.importorskip("dask")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cluster, "PATIENCE", 60)  # a machine with much else to do
    return tmp_path


@pytest.fixture(scope="module")
def scheduler() -> Iterator[Any]:
    """A cluster of two processes, which gives up a task when its worker ends."""
    from distributed import LocalCluster

    settings = {"distributed.scheduler.allowed-failures": 0, "logging.distributed": "critical"}
    with (
        dask.config.set(settings),
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as started,
    ):
        yield started


def run_deadly(task: MemberTask, version: str) -> MemberResult:
    """Takes its worker along with the member `deadly`, the first time with the member `once`."""
    marker = f"{task.member.path}/ran"
    if task.member.text == "deadly" or (task.member.text == "once" and not os.path.exists(marker)):
        os.close(os.open(marker, os.O_CREAT))
        os.kill(os.getpid(), signal.SIGKILL)
    return run_member(task)


def test_the_lines_are_those_of_processes_here(here: Path, scheduler: Any) -> None:
    write_members(here, good=CLEAN, bad=FAULTY)
    (here / "list").write_text("good\nbad\nnone\n")
    there = run("fleet", "list", "--scheduler", scheduler.scheduler_address, "--sarif", "there.sarif")
    local = run("fleet", "list", "--sarif", "here.sarif")
    assert sorted(there.stdout.splitlines()) == sorted(local.stdout.splitlines())
    assert (there.stderr, there.exit_code) == (local.stderr, local.exit_code)
    assert (here / "there.sarif").read_bytes() == (here / "here.sarif").read_bytes()


def test_a_member_that_ends_its_worker_costs_itself_alone(
    here: Path, scheduler: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "run_on_worker", run_deadly)
    write_members(here, good=CLEAN, bad=FAULTY, deadly=CLEAN, once=CLEAN)
    result = run("fleet", ".", "--scheduler", scheduler.scheduler_address, "--retries", 2)
    lines = lines_of(result.stdout)
    assert {name: line["outcome"] for name, line in lines.items()} == {
        "good": "clean",
        "bad": "findings",
        "deadly": "killed",
        "once": "clean",
    }
    assert lines["deadly"]["attempts"] == 3
    assert lines["deadly"]["reason"].startswith("the worker that ran it ended")
    assert result.exit_code == 3
    assert "check of 4 members: 2 clean, 1 with findings, 1 killed" in result.stderr


def test_a_worker_of_another_version_says_so(here: Path, scheduler: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    write_members(here, good=CLEAN)
    monkeypatch.setattr(cluster, "__version__", "9.9")
    line = lines_of(run("fleet", ".", "--scheduler", scheduler.scheduler_address).stdout)["good"]
    assert (line["outcome"], line["reason"]) == ("failed", "the worker has kubeqed 0.1.0, and this is 9.9")


def test_what_a_worker_cannot_run_is_said(here: Path, scheduler: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(task: MemberTask, version: str) -> MemberResult:
        raise ModuleNotFoundError("No module named 'kubeqed'")

    write_members(here, good=CLEAN)
    monkeypatch.setattr(cluster, "run_on_worker", fails)
    line = lines_of(run("fleet", ".", "--scheduler", scheduler.scheduler_address).stdout)["good"]
    assert line["reason"] == "the worker cannot run it: ModuleNotFoundError: No module named 'kubeqed'"


def test_a_scheduler_that_goes_away_is_said(here: Path) -> None:
    """What Dask says of a future then was tried with a scheduler that was killed; starting one takes too long here."""
    from distributed.client import FutureCancelledError
    from distributed.comm import CommClosedError

    class _Future:
        status = "cancelled"

        def __init__(self, error: Exception) -> None:
            self.error = error

        def result(self) -> MemberResult:
            raise self.error

    task = MemberTask(FleetMember("good", "good"))
    for error in (FutureCancelledError("key", "scheduler-connection-lost"), CommClosedError("closed"), TimeoutError()):
        result = cluster._take_result(_Future(error), task)
        assert (result.outcome, result.reason) == (Outcome.KILLED, "the connection to the scheduler was lost")


@pytest.mark.parametrize("serves", [False, True])
def test_no_scheduler_at_the_address(here: Path, monkeypatch: pytest.MonkeyPatch, serves: bool) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    write_members(here, good=CLEAN)
    (here / "lines").write_text("kept\n")
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        if not serves:
            server.close()
        (here / "list").write_text("good\n")
        result = run("fleet", "list", "--scheduler", address, "--output", "lines")
    assert result.exit_code == 3
    assert f"kubeqed: error: the scheduler {address} cannot be reached" in result.stderr
    assert (here / "lines").read_text() == "kept\n"


def test_what_is_no_address_is_wrong_usage(here: Path) -> None:
    write_members(here, good=CLEAN)
    refused = run("fleet", ".", "--scheduler", "nonsense")
    assert (refused.exit_code, "--scheduler nonsense: missing port number" in refused.stderr) == (2, True)


def test_without_dask_it_says_how_to_install_it(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_members(here, good=CLEAN)
    monkeypatch.setitem(sys.modules, "distributed", None)
    refused = run("fleet", ".", "--scheduler", "tcp://127.0.0.1:1")
    assert refused.exit_code == 2
    assert "--scheduler needs Dask: install it with `pip install 'kubeqed[fleet]'`" in refused.stderr
    assert lines_of(run("fleet", ".").stdout)["good"]["outcome"] == "clean"
