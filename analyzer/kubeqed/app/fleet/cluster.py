"""Members on an existing cluster of Dask, whose workers see the same files; nothing else here imports Dask.

A member is a process of its own there too, so that it does not end its worker. Should a worker end all the same, Dask
gives its members to another one, and to a few more. Which of several members has ended a worker nobody knows: when all others
are done, each of these is run alone, and what is lost then is one result, as everything else is.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

from kubeqed import __version__
from kubeqed.app.fleet.listing import FleetError, SchedulerError
from kubeqed.app.fleet.member import MemberTask, run_member
from kubeqed.report.fleet.result import MemberResult, Outcome

if TYPE_CHECKING:
    from distributed import Client, Future

PATIENCE = 10  # seconds until an address does not answer
_EXTRA = "--scheduler needs Dask: install it with `pip install 'kubeqed[fleet]'`"


@contextmanager
def connect(address: str) -> Iterator[Client]:
    """A connection to the scheduler at an address; a SchedulerError where it does not answer."""
    try:
        from distributed import Client
    except ImportError:
        raise FleetError(_EXTRA) from None
    logging.disable(logging.ERROR)  # what goes wrong is said here, for each member
    try:
        with _open_client(Client, address) as client:
            yield client
    finally:
        logging.disable(logging.NOTSET)


def _open_client(make: Callable[..., Client], address: str) -> Client:
    """The client; in a thread of its own, for what takes a connection and says nothing is waited for without an end."""
    opened: SimpleQueue[Client | Exception] = SimpleQueue()

    def attempt() -> None:
        try:
            opened.put(make(address, timeout=PATIENCE, set_as_default=False))
        except Exception as error:  # whatever another program answers there
            opened.put(error)

    Thread(target=attempt, daemon=True).start()
    try:
        client = opened.get(timeout=2 * PATIENCE)
    except Empty:
        client = TimeoutError("what answers is no scheduler")
    if isinstance(client, ValueError):  # no address at all
        raise FleetError(f"--scheduler {address}: {client}")
    if isinstance(client, Exception):
        raise SchedulerError(f"the scheduler {address} cannot be reached: {str(client) or type(client).__name__}")
    return client


def run_on_cluster(tasks: Sequence[MemberTask], client: Client) -> Iterator[MemberResult]:
    """The result of each task, as they end, once."""
    from distributed import as_completed

    futures = client.map(run_on_worker, [*map(_name_place, tasks)], [__version__] * len(tasks), pure=False)
    waiting = {future.key: task for future, task in zip(futures, tasks, strict=True)}
    ended = as_completed(futures, loop=client.loop)
    del futures  # a future that nobody holds lets the cluster forget its result
    suspects = []
    for future in ended:
        task = waiting.pop(future.key)
        result = _take_result(future, task)
        if _has_lost_worker(future, result):
            suspects.append(task)
        else:
            yield result
    for task in suspects:  # each may be one that was only on the same worker
        yield _run_alone(task, client)


def _run_alone(task: MemberTask, client: Client) -> MemberResult:
    """The result of a member that has the cluster for itself, so that the loss of a worker is due to it and costs no other."""
    attempt = 1
    while True:
        attempt += 1
        future = client.submit(run_on_worker, _name_place(task), __version__, pure=False)
        result = _take_result(future, task)
        if attempt > task.retries or not _has_lost_worker(future, result):
            return result._replace(attempts=max(result.attempts, attempt))


def _has_lost_worker(future: Future, result: MemberResult) -> bool:
    return bool(future.status == "error") and result.outcome is Outcome.KILLED


def _name_place(task: MemberTask) -> MemberTask:
    """The task with a path that means the same in another working directory."""
    return task._replace(member=task.member._replace(path=os.path.abspath(task.member.path)))


def run_on_worker(task: MemberTask, version: str) -> MemberResult:
    """Runs a member, on a worker; two versions in one answer would be no answer."""
    if version != __version__:
        reason = f"the worker has kubeqed {__version__}, and this is {version}"
        return MemberResult(task.member, Outcome.FAILED, reason)
    return run_member(task)


def _take_result(future: Future, task: MemberTask) -> MemberResult:
    from distributed import CancelledError, KilledWorker

    try:
        result: MemberResult = future.result()
    except KilledWorker as error:
        reason = f"the worker that ran it ended, {error.allowed_failures + 1} times: {error.last_worker.address}"
        return MemberResult(task.member, Outcome.KILLED, reason)
    except (CancelledError, OSError, TimeoutError):
        return MemberResult(task.member, Outcome.KILLED, "the connection to the scheduler was lost")
    except Exception as error:  # what Dask says of a worker that cannot run it, for example without kubeqed
        return MemberResult(task.member, Outcome.FAILED, f"the worker cannot run it: {type(error).__name__}: {error}")
    return result._replace(member=task.member)
