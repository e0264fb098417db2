"""How a command ends: the one place that catches what the command itself did not foresee."""

from __future__ import annotations

import errno
from collections.abc import Callable
from io import StringIO

import click

from kubeqed.cli.interrupted import INTERRUPTED
from kubeqed.cli.status import CLEAN, FAILED, USAGE
from kubeqed.cli.streams import STANDARD_OUTPUT, OutputError, write_err

_NO_READER = 141  # 128 + SIGPIPE, as shells have it: who read the output has closed it
_OF_STREAMS = frozenset((errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EBADF, errno.EFBIG))


def status_of(command: Callable[[], object]) -> int:
    """Runs a command and gives its exit status, whatever happens in it."""
    try:
        status = command()
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Exception as failure:
        return _tell_failure(failure)
    return status if isinstance(status, int) else CLEAN


def _tell_failure(failure: Exception) -> int:
    """The exit status of a command that was left by an exception, after what there is to say of it."""
    from kubeqed.config import ConfigurationError

    if isinstance(failure, click.ClickException):
        said = StringIO()
        failure.show(said)
        write_err(said.getvalue(), nl=False)
        return failure.exit_code
    if isinstance(failure, OSError) and failure.filename is None and failure.errno in _OF_STREAMS:
        failure = OutputError(STANDARD_OUTPUT, failure)  # click's own help
    if isinstance(failure, OutputError):
        return _tell_unwritten(failure)
    if isinstance(failure, ConfigurationError):
        write_err(str(failure))
        return USAGE
    return _tell_unforeseen(failure)


def _tell_unwritten(error: OutputError) -> int:
    if error.errno == errno.EPIPE:
        return _NO_READER
    write_err(f"kubeqed: {error}" if error.place == STANDARD_OUTPUT else str(error))
    return USAGE if error.is_usage else FAILED


def _tell_unforeseen(failure: Exception) -> int:
    from kubeqed.diagnostic import internal_error
    from kubeqed.report.words import notice_line

    write_err(notice_line(internal_error("kubeqed", failure)))
    return FAILED
