"""The shell's side: options become a request, a report becomes output and an exit status.

Only here is click imported, and only here is the whole order known; `analyze` is its table of contents.
"""

from kubeqed.cli.group import main

__all__ = ["main"]
