"""What of a verdict rests on a guess, as notices."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.diagnostic import Notice, NoticeKind
from kubeqed.reach.verdicts import PairAnswers, UnitVerdict
from kubeqed.report.reach.caveats import guess_notices, unmet_notices
from kubeqed.report.unit_names import join_text


def verdict_notices(one: UnitVerdict) -> Iterator[Notice]:
    """What was guessed of the unit, and whether only that denies what was asked about."""
    effect = "without it, this is allowed" if one.closed_by_join else ""
    yield from unmet_notices(one.guesses)
    for join, _ in one.guesses.joins:
        yield Notice(NoticeKind.GUESSED_JOIN, None, join_text(one.unit, join, effect))


def bare_notices(found: PairAnswers) -> Iterator[Notice]:
    """What was guessed of units that have no workloads."""
    return (notice for guesses in found.bare for notice in guess_notices(guesses))
