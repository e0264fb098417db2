"""Own-written templates print, or are refused, as Go's text/template does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.build.gotemplate.executed import ORACLE, error_of, run

ANSWERS = [json.loads(line) for line in (ORACLE / "answers.jsonl").read_text(encoding="utf-8").splitlines()]
PRINTED = [one for one in ANSWERS if "output" in one]
REFUSED = [one for one in ANSWERS if "error" in one]


def test_there_are_answers() -> None:
    assert len(PRINTED) > 120
    assert len(REFUSED) > 160


@pytest.mark.parametrize("answer", PRINTED, ids=lambda answer: answer["template"][:40])
def test_prints_what_go_prints(answer: dict[str, Any]) -> None:
    assert run(answer["template"]) == answer["output"]


@pytest.mark.parametrize("answer", REFUSED, ids=lambda answer: answer["template"][:40])
def test_is_refused_in_the_words_of_go(answer: dict[str, Any]) -> None:
    assert error_of(answer["template"]) == answer["error"]
