"""Which findings are shown, and the counts of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import NamedTuple

from kubeqed.diagnostic import Certainty, Diagnostic
from kubeqed.model.units.input import Input
from kubeqed.report import CheckResult, Summary, UnitSummary
from kubeqed.rule.select import Choice

DEFAULT = frozenset({Certainty.REJECTED, Certainty.PROVED, Certainty.LIKELY})  # what makes errors and warnings


class Show(NamedTuple):
    """The certainties that are shown, and whether suppressed findings are."""

    certainties: frozenset[Certainty] = DEFAULT
    suppressed: bool = False

    def with_notes(self) -> Show:
        """Shows every certainty: a run that fails on notes shows what it fails on."""
        return self._replace(certainties=frozenset(Certainty))

    def let_through(self, found: Sequence[Diagnostic], choice: Choice) -> tuple[Diagnostic, ...]:
        """The findings that are sure enough, or whose rule is given a severity by the configuration."""
        return tuple(item for item in found if item.certainty in self.certainties or choice.states(item.rule))

    def visible(self, passed: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Those that are shown of the findings that are sure enough."""
        return tuple(item for item in passed if self.suppressed or item.suppression is None)

    @property
    def hidden(self) -> str:
        """What `--show` would have to add for everything to be shown."""
        return ",".join(certainty.value for certainty in Certainty if certainty not in self.certainties)


class ListFilter(NamedTuple):
    """What a format for people is narrowed to: rules, by id or glob, and certainties; nothing narrows nothing."""

    rules: tuple[str, ...] = ()
    certainties: frozenset[Certainty] = frozenset()

    def narrowed(self, report: CheckResult) -> CheckResult:
        """The report with these findings alone, and the number of those left out, by severity."""
        if not (self.rules or self.certainties):
            return report
        kept = tuple(item for item in report.findings if self._lets_through(item))
        levels = Counter(item.severity for item in report.findings if item.suppression is None)
        levels.subtract(item.severity for item in kept if item.suppression is None)
        return report._replace(findings=kept, left_out=+levels)

    def _lets_through(self, finding: Diagnostic) -> bool:
        return finding.certainty in self.certainties or any(fnmatchcase(finding.rule, name) for name in self.rules)


def summarize_units(whole: Input) -> tuple[UnitSummary, ...]:
    """The units that hold objects."""
    return tuple(
        UnitSummary(unit.root, "closed" if unit.closed else "open", unit.stated, len(unit.objects))
        for unit in whole.units
        if unit.objects
    )


def _rendered_files(whole: Input) -> set[str]:
    """The files of charts, which are no manifests."""
    return {path for unit in whole.units for path in unit.rendered_from}


def count_findings(whole: Input, found: Sequence[Diagnostic], passed: Sequence[Diagnostic], gave_up: int) -> Summary:
    """The counts of a run; `passed` are the findings that are sure enough to be shown, suppressed or not."""
    levels = Counter(item.severity.value for item in passed if item.suppression is None)
    return Summary(
        files=len(whole.manifests) + len(_rendered_files(whole)),
        documents=sum(len(manifest.documents) for manifest in whole.manifests),
        objects=len(whole.objects),
        error=levels["error"],
        warning=levels["warning"],
        note=levels["note"],
        hidden=sum(item.suppression is None for item in found) - levels.total(),
        suppressed=sum(item.suppression is not None for item in passed),
        gave_up=gave_up,
    )
