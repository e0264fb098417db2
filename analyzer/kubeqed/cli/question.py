"""What `reach`, `why` and `diff` say to the shell in the same words: refusals, and what an answer leaves out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps

import click

from kubeqed.app.question import Answered, Basis, QuestionError
from kubeqed.app.settings import CommandLineSettings
from kubeqed.cli.options import CNI, CONFIG, EXCLUDE, HOSTS_GOVERNED, PODS_BY_ADDRESS, WORLD, Decorator
from kubeqed.cli.status import CLEAN, FAILED
from kubeqed.cli.streams import write_err
from kubeqed.diagnostic import FAILURES, Notice
from kubeqed.reach import Caveat
from kubeqed.report.reach.words import caveat_lines
from kubeqed.report.words import notice_line


def basis_options(world: Decorator = WORLD, config: Decorator = CONFIG) -> Decorator:
    """The options that say what an answer rests on; the command gets them as its argument `basis`."""
    options = (world, config, EXCLUDE, CNI, PODS_BY_ADDRESS, HOSTS_GOVERNED)

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def with_basis(
            *,
            world: str,
            config: str | None,
            exclude: tuple[str, ...],
            cni: str | None,
            pods_by_address: bool | None,
            host_network_governed: bool,
            **others: object,
        ) -> None:
            stated = CommandLineSettings(config, exclude=exclude)
            command(basis=Basis(world == "closed", stated, cni, pods_by_address, host_network_governed), **others)

        decorated: Callable[..., None] = with_basis
        for option in reversed(options):
            decorated = option(decorated)
        return decorated

    return decorate


@contextmanager
def catch_refusals() -> Iterator[list[Notice]]:
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


def print_caveats(answered: Answered, *, empty: bool, quiet: bool) -> int:
    """Says on standard error what the answers leave out, and why a text is `empty`; the exit status."""
    answers = answered.answers
    status = print_notices(answered.notices, [caveat for answer in answers for caveat in answer.caveats], quiet=quiet)
    if quiet:
        return status
    if answers and not any(answer.unit.workloads for answer in answers):
        write_err("note: no workload was found, so there is no connection to show")
    elif answers and empty:
        write_err("note: no connection is allowed")
    elif bare := sum(not answer.unit.workloads for answer in answers):
        write_err(
            f"note: {bare} of {len(answers)} units {'has' if bare == 1 else 'have'} no workloads, and so no connections"
        )
    return status


def print_notices(notices: Sequence[Notice], caveats: Iterable[Caveat], *, quiet: bool = False) -> int:
    """Says on standard error what was not read and, unless `quiet`, what is open; the exit status."""
    failures = [notice for notice in notices if notice.kind in FAILURES]
    for notice in failures if quiet else notices:
        write_err(notice_line(notice))
    for line in caveat_lines(() if quiet else caveats):
        write_err(line)
    return FAILED if failures else CLEAN
