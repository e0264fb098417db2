"""What `reach`, `why` and `diff` say to the shell in the same words: refusals, and what an answer leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import click

from kubeqed.app.load import Loaded
from kubeqed.app.question import QuestionError, notices_of
from kubeqed.cli.status import CLEAN, FAILED
from kubeqed.cli.streams import write_err
from kubeqed.diagnostic import FAILURES, Notice
from kubeqed.graph.reach.answer import Answer
from kubeqed.graph.reach.compiled import Remark
from kubeqed.report.reach.words import remark_lines
from kubeqed.report.words import notice_line


@contextmanager
def refusals() -> Iterator[None]:
    """What is wrong with a question is wrong usage."""
    try:
        yield
    except QuestionError as error:
        if error.part is None:
            raise click.UsageError(str(error)) from error
        raise click.BadParameter(str(error), param_hint=error.part) from error


def tell(loaded: Loaded, answers: list[Answer]) -> int:
    """Says on standard error what the answers leave out; the exit status."""
    status = say(notices_of(loaded), [remark for answer in answers for remark in answer.remarks()])
    if answers and not any(answer.unit.workloads for answer in answers):
        write_err("note: no workload was found, so there is no connection to show")
    elif bare := sum(not answer.unit.workloads for answer in answers):
        write_err(f"note: {bare} of {len(answers)} units have no workloads, so that no connection is theirs")
    return status


def say(notices: Sequence[Notice], remarks: Iterable[Remark]) -> int:
    """Says on standard error what was not read and what is open; the exit status."""
    for line in (*map(notice_line, notices), *remark_lines(remarks)):
        write_err(line)
    return FAILED if any(notice.kind in FAILURES for notice in notices) else CLEAN
