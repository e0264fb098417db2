"""The shell's side: options become a request, a report becomes output and an exit status.

Only here is click imported, and only here is the whole order known; `analyze` is its table of contents.
"""

import gc

from kubeqed.cli.group import main

gc.set_threshold(50_000, 20, 20)  # start-up makes much that stays and little that goes: 6 ms of 100

__all__ = ["main"]
