"""The answers that were worked out by hand."""

from __future__ import annotations

import pytest
from tests.prove.cases.worked_intents import PODS, SETS, WorkedSet
from tests.reach.world import unit_of

from kubeqed.config import load_intents
from kubeqed.prove.intents.judge import IntentJudge
from kubeqed.reach import Assumptions
from kubeqed.sources import SourceFile


@pytest.mark.parametrize("case", SETS, ids=[one.name for one in SETS])
def test_every_verdict_is_the_one_that_was_worked_out(case: WorkedSet) -> None:
    written = "".join(f"- {text}\n" for _, text in case.claims)
    read = load_intents(SourceFile("intents.yaml", f"intents:\n{written}".encode()))
    assert not read.complaints
    judge = IntentJudge(unit_of(PODS + case.policies), read.intents, Assumptions())
    verdicts = [judge.judge(intent) for intent in read.intents]
    wrong = [
        (text, "should hold" if holds else "should be refuted", verdict.witness)
        for (holds, text), verdict in zip(case.claims, verdicts, strict=True)
        if verdict.holds is not holds or not verdict.speaks
    ]
    assert wrong == []
