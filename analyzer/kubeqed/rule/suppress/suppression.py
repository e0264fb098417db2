"""A stated suppression: findings of some rules may stay, and why.

It remembers which of its rules it was needed for, so that it can be taken away once nothing needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Protocol

from kubeqed.diagnostic import Diagnostic, Suppression
from kubeqed.parse import Place
from kubeqed.rule.finding import Finding

UNUSED, UNEXPLAINED = "suppression-unused", "suppression-unexplained"
IN_SOURCE, EXTERNAL = "inSource", "external"


class StatedSuppression:
    """`rules` are ids, each with the place where it is named; `said` names it in a message."""

    __slots__ = ("place", "rules", "said", "suppression", "used")

    def __init__(self, place: Place, said: str, rules: dict[str, Place], suppression: Suppression) -> None:
        self.place = place
        self.said = said
        self.rules = rules
        self.suppression = suppression
        self.used: set[str] = set()

    def covers(self, rule: str) -> bool:
        """Whether it speaks of a rule, of which there is a finding that it could excuse."""
        if rule in self.rules:
            self.used.add(rule)
            return True
        return False


class RunFacts(NamedTuple):
    """What is known of the run: `hint` gives the nearest of the `known` rule ids, as the end of a message.

    `silent` are rules that did not run, or failed, so that it cannot be told whether it is needed. `files` are
    those whose units were read and judged as a whole; `unread` are files and directories that were found and not read.
    """

    known: frozenset[str]
    silent: frozenset[str]
    files: frozenset[str]
    hint: Callable[[str], str]
    unread: tuple[str, ...] = ()


class SuppressionSource(Protocol):
    """The suppressions of one kind."""

    def find_suppression(self, finding: Diagnostic) -> Suppression | None:
        """What excuses a finding."""

    def complaints(self, facts: RunFacts) -> Iterable[tuple[str, Finding]]:
        """What is wrong with the suppressions, when all findings were asked for: (rule, finding)."""


def complain(one: StatedSuppression, facts: RunFacts, *, read: bool) -> Iterator[tuple[str, Finding]]:
    """What is wrong with a suppression in a manifest; `read` says that rules judged all that it may speak of."""
    if one.rules and not one.suppression.reason:
        message = f"{one.said} gives no reason, so the next reader cannot tell when it may go"
        yield UNEXPLAINED, Finding(one.place, message)
    for rule, place in one.rules.items():
        if rule not in facts.known:
            message = f'{one.said} names the unknown rule "{rule}"{facts.hint(rule)}'
            yield UNUSED, Finding(place, message)
        elif read and UNUSED not in one.rules and rule not in one.used | facts.silent:
            yield UNUSED, Finding(place, f"{one.said} suppresses no finding of {rule}")


def quote_ids(text: str, column: int) -> Iterator[tuple[str, int]]:
    """The rule ids of a list separated by commas, with their columns; `column` is that of the text."""
    for part in text.split(","):
        if name := part.strip():
            yield name, column + len(part) - len(part.lstrip())
        column += len(part) + 1
