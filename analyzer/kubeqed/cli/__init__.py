"""The shell's side: options become a request, a report becomes output and an exit status.

Only here is click imported. The order of things is known in `app`.
"""

import atexit
import gc

gc.set_threshold(50_000, 20, 20)  # start-up makes much that stays and little that goes: 6 ms of 100
atexit.register(gc.freeze)  # what is left goes with the process: Python's own search of it at the end takes 9 ms of 100

from kubeqed.cli.group import main  # noqa: E402  # the import is most of the start-up

__all__ = ["main"]
