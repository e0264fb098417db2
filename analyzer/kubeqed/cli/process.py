"""The process from its first line to its last: interruptions, standard streams, the working directory, the garbage.

Nothing of it holds where the command runs inside another program, as in tests.
"""

from __future__ import annotations

import os
import signal
import sys
from io import TextIOWrapper

from kubeqed.cli.interrupted import end


def run() -> None:
    """Runs the command `kubeqed` and ends the process."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # `nohup` and `&` have it ignored
        signal.signal(signal.SIGINT, end)
    _prepare_end()
    _open_streams()
    try:
        os.getcwd()
    except OSError as error:
        sys.stderr.write(f"kubeqed: error: the working directory cannot be read: {(error.strerror or '').lower()}\n")
        sys.exit(2)
    from kubeqed.cli.group import main

    main()


def _prepare_end() -> None:
    import atexit
    import gc

    gc.set_threshold(50_000, 20, 20)  # start-up makes much that stays and little that goes: 6 ms of 100
    atexit.register(gc.freeze)  # what is left goes with the process: Python's own search at the end takes 9 ms of 100
    atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)  # all is said, and the status is known


def _open_streams() -> None:
    """Takes /dev/null for a standard stream that is closed, and prints what an encoding lacks as an escape.

    Python leaves out such a stream, and the next file that is opened would get its number: a report would end up
    among the messages of a library, or the reverse.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free, which is this one
    sys.stdout = sys.stdout or os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", encoding="utf-8", closefd=False)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
