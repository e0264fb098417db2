"""What the server asks for, and what it is told: the main job as the command line gives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from kubeqed.diagnostic import Diagnostic, Notice
from kubeqed.model.units.input import Input
from kubeqed.reach import Assumptions

CancelCheck = Callable[[], None]
"""Called again and again during a check; raises `StaleError` when its answer is no longer wanted."""


class StaleError(Exception):
    """The check was given up: a newer text is there."""


class Checked(NamedTuple):
    """What a check found. `texts` are those of the files that were read; `assumptions` say what the CNI does."""

    findings: tuple[Diagnostic, ...]
    notices: tuple[Notice, ...]
    input: Input
    texts: Mapping[str, str]
    assumptions: Assumptions


class Check(Protocol):
    """Checks PATHs as one run, with what was parsed before remembered."""

    def __call__(self, paths: tuple[str, ...], cancel_check: CancelCheck) -> Checked:
        """Raises ConfigurationError, OSError and what `cancel_check` raises."""
