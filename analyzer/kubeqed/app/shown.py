"""Which findings are shown, and the counts of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from kubeqed.diagnostic import Certainty, Diagnostic
from kubeqed.model.input import Input
from kubeqed.report import Summary, UnitSummary
from kubeqed.rule.select import Choice

DEFAULT = frozenset({Certainty.REJECTED, Certainty.PROVED, Certainty.LIKELY})


class Show(NamedTuple):
    """The certainties that are shown, and whether suppressed findings are."""

    certainties: frozenset[Certainty] = DEFAULT
    suppressed: bool = False

    def let_through(self, found: Sequence[Diagnostic], choice: Choice) -> tuple[Diagnostic, ...]:
        """The findings that are sure enough, or whose rule is given a severity by the configuration."""
        return tuple(item for item in found if item.certainty in self.certainties or choice.states(item.rule))

    def heard(self, passed: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Those that are shown of the findings that are sure enough."""
        return tuple(item for item in passed if self.suppressed or item.suppression is None)

    @property
    def hidden(self) -> str:
        """What `--show` would have to say for everything to be shown."""
        return ",".join(certainty.value for certainty in Certainty if certainty not in self.certainties)


def unit_summaries(whole: Input) -> tuple[UnitSummary, ...]:
    """The units that hold objects."""
    return tuple(
        UnitSummary(unit.root, "closed" if unit.closed else "open", unit.stated, len(unit.objects))
        for unit in whole.units
        if unit.objects
    )


def summary_of(whole: Input, found: Sequence[Diagnostic], passed: Sequence[Diagnostic], gave_up: int) -> Summary:
    """The counts of a run; `passed` are the findings that are sure enough to be shown, suppressed or not."""
    levels = Counter(item.severity.value for item in passed if item.suppression is None)
    return Summary(
        files=len(whole.manifests),
        documents=sum(len(manifest.documents) for manifest in whole.manifests),
        objects=len(whole.objects),
        error=levels["error"],
        warning=levels["warning"],
        note=levels["note"],
        hidden=sum(item.suppression is None for item in found) - levels.total(),
        suppressed=sum(item.suppression is not None for item in passed),
        gave_up=gave_up,
    )
