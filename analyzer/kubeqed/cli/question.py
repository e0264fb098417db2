"""What `reach`, `why` and `diff` say to the shell in the same words: refusals, and what an answer leaves out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import click

from kubeqed.app.question import Answered, QuestionError
from kubeqed.cli.status import CLEAN, FAILED
from kubeqed.cli.streams import write_err
from kubeqed.diagnostic import FAILURES, Notice
from kubeqed.reach.policy.compiled import Caveat
from kubeqed.report.reach.words import caveat_lines
from kubeqed.report.words import notice_line


@contextmanager
def refusals() -> Iterator[list[Notice]]:
    """What is wrong with a question is wrong usage, unless what is noted by then says why something is missing."""
    notices: list[Notice] = []
    try:
        yield notices
    except QuestionError as error:
        if print_notices(notices, ()) == FAILED:
            write_err(f"error: {error}")
            sys.exit(FAILED)
        if error.part is None:
            raise click.UsageError(str(error)) from error
        raise click.BadParameter(str(error), param_hint=error.part) from error


def print_caveats(answered: Answered, *, empty: bool = False) -> int:
    """Says on standard error what the answers leave out, and why a text is `empty`; the exit status."""
    answers = answered.answers
    status = print_notices(answered.notices, [remark for answer in answers for remark in answer.remarks])
    if answers and not any(answer.unit.workloads for answer in answers):
        write_err("note: no workload was found, so there is no connection to show")
    elif answers and empty:
        write_err("note: no connection is allowed")
    elif bare := sum(not answer.unit.workloads for answer in answers):
        write_err(f"note: {bare} of {len(answers)} units have no workloads, so that no connection is theirs")
    return status


def print_notices(notices: Sequence[Notice], remarks: Iterable[Caveat]) -> int:
    """Says on standard error what was not read and what is open; the exit status."""
    for line in (*map(notice_line, notices), *caveat_lines(remarks)):
        write_err(line)
    return FAILED if any(notice.kind in FAILURES for notice in notices) else CLEAN
