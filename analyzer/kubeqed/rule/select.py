"""Which rules run, and how severe their findings are, as the configuration says."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from kubeqed.diagnostic import Certainty, Severity
from kubeqed.rule.catalogue import Rule


class Choice(NamedTuple):
    """`select` and `ignore` are rule ids or patterns such as `policy-*`; `select` None means every rule.

    `severity` maps ids to what findings count as, None meaning that they are dropped.
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    severity: tuple[tuple[str, Severity | None], ...] = ()

    def runs(self, rule: str) -> bool:
        """Whether a rule runs."""
        selected = self.select is None or _matches_any(rule, self.select)
        return selected and not _matches_any(rule, self.ignore) and self._find_stated(rule, Severity.NOTE) is not None

    def severity_of(self, rule: str, certainty: Certainty) -> Severity:
        """The severity of a finding: the stated one, or that of its certainty."""
        return self._find_stated(rule, certainty.severity) or certainty.severity

    def states(self, rule: str) -> bool:
        """Whether the configuration gives the rule a severity of its own."""
        return self._find_stated(rule, None) is not None

    def _find_stated(self, rule: str, otherwise: Severity | None) -> Severity | None:
        stated = [severity for pattern, severity in self.severity if fnmatchcase(rule, pattern)]
        return stated[-1] if stated else otherwise


def choose(rules: Sequence[Rule], choice: Choice) -> tuple[Rule, ...]:
    """The rules that run."""
    return tuple(rule for rule in rules if choice.runs(rule.id))


def _matches_any(rule: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(rule, pattern) for pattern in patterns)
