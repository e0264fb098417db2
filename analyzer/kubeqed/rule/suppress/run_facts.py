"""What was read and which rules ran, for whoever looks at the findings afterwards."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from kubeqed.model.units.input import Input
from kubeqed.parse import Parsed
from kubeqed.rule.catalogue import Rule
from kubeqed.rule.select import Choice


class JudgedRun(NamedTuple):
    """`known` are the ids of all rules; `hint` gives the nearest of them, as the end of a message about another.

    `unread` are files and directories that were found and not read, as they print.
    """

    whole: Input
    parsed: Sequence[Parsed]
    known: Collection[str]
    running: Sequence[Rule]
    choice: Choice
    hint: Callable[[str], str]
    unread: Sequence[str] = ()
