"""What `reach`, `why` and `diff` say to the shell in the same words: refusals, and what an answer leaves out."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import click

from kubeqed.app.load import Loaded
from kubeqed.app.question import QuestionError, notices_of
from kubeqed.cli.status import CLEAN, FAILED, USAGE
from kubeqed.config import ConfigurationError
from kubeqed.diagnostic import Notice
from kubeqed.graph.reach.answer import Answer
from kubeqed.graph.reach.compiled import Remark
from kubeqed.report.reach.words import remark_lines
from kubeqed.report.words import notice_line


@contextmanager
def refusals(config: str | None) -> Iterator[None]:
    """What is wrong with a question or its configuration ends the command with the status of wrong usage."""
    try:
        yield
    except QuestionError as error:
        if error.part is None:
            raise click.UsageError(str(error)) from error
        raise click.BadParameter(str(error), param_hint=error.part) from error
    except ConfigurationError as error:
        click.echo(str(error), err=True)
        sys.exit(USAGE)
    except OSError as error:
        click.echo(f"{error.filename or config}: error: {error.strerror}", err=True)
        sys.exit(USAGE)


def tell(loaded: Loaded, answers: list[Answer]) -> int:
    """Says on standard error what the answers leave out; the exit status."""
    status = say(notices_of(loaded), [remark for answer in answers for remark in answer.remarks()])
    if answers and not any(answer.unit.workloads for answer in answers):
        click.echo("note: no workload was found, so there is nobody to connect", err=True)
    elif bare := sum(not answer.unit.workloads for answer in answers):
        click.echo(f"note: {bare} of {len(answers)} units hold no workload, so that nobody is in them", err=True)
    return status


def say(notices: Sequence[Notice], remarks: Iterable[Remark]) -> int:
    """Says on standard error what was not read and what is open; the exit status."""
    for line in (*map(notice_line, notices), *remark_lines(remarks)):
        click.echo(line, err=True)
    return FAILED if notices else CLEAN
