"""Members on this machine: as many processes at once as are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from kubeqed.app.fleet.member import MemberTask, run_member
from kubeqed.app.fleet.processes import Processes
from kubeqed.report.fleet.result import MemberResult


def run_locally(tasks: Sequence[MemberTask], jobs: int, processes: Processes) -> Iterator[MemberResult]:
    """The result of each task, as they end; whoever stops asking stops what runs."""
    results: SimpleQueue[MemberResult] = (
        SimpleQueue()
    )  # and not the futures, which would keep every report until the end
    pool = ThreadPoolExecutor(jobs)  # a thread waits for each process, and does nothing else
    try:
        for task in tasks:
            pool.submit(lambda task: results.put(run_member(task, processes)), task)
        for _ in tasks:
            yield results.get()
    finally:
        processes.stop()
        pool.shutdown(cancel_futures=True)
