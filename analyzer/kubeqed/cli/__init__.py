"""The shell's side: options become a request, a report becomes output and an exit status.

Only here is click imported; the order of things is known in `app`. `process` is where a process begins and ends; `main`, the command itself, is imported when
it is asked for, because a process has to be safe from interruptions before that.
"""

from __future__ import annotations

TYPE_CHECKING = False  # that of typing would have to be imported, and an interruption meanwhile prints a traceback
if TYPE_CHECKING:
    from kubeqed.cli.group import main

__all__ = ["main"]


def __getattr__(name: str) -> object:
    if name != "main":
        raise AttributeError(name)
    from kubeqed.cli.group import main

    return main
