"""Own-written calls of Helm's functions give, or are refused, as Helm v3.22.0 does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.build.gotemplate.executed import as_json_numbers

from kubeqed.build.gotemplate.execution import Execution
from kubeqed.build.gotemplate.functions.table import FUNCTIONS
from kubeqed.build.gotemplate.origin import TemplateSource
from kubeqed.build.gotemplate.parser import parse_template
from kubeqed.build.gotemplate.resources import Budget, DefinedTemplate, ExecutionError, FunctionTable

ORACLE = Path(__file__).parents[2] / "oracle" / "helm" / "functions"
ANSWERS = json.loads((ORACLE / "functions.json").read_text(encoding="utf-8"))
CALLS = json.loads((ORACLE / "record" / "calls.json").read_text(encoding="utf-8"))
NAME = "c/templates/a.yaml"


def answer(function: str, call: str) -> list[str]:
    """What a call gives: `output` or `error`, and its text as it is recorded."""
    source = TemplateSource(NAME, NAME, f"{{{{ {call} }}}}")
    templates = {one.name: DefinedTemplate(one, source) for one in parse_template(source, FUNCTIONS)}
    values = {"Values": as_json_numbers(CALLS["values"])}
    try:
        printed = Execution(templates, FunctionTable(FUNCTIONS, {}), Budget()).run(NAME, values)
        return ["output", printed.replace("<no value>", "")]  # as Helm replaces it in every file
    except ExecutionError as error:
        return ["error", error.message.rpartition(f"error calling {function}: ")[2]]


def test_there_are_answers_for_all_functions_that_were_asked_for() -> None:
    assert ANSWERS.keys() == CALLS["calls"].keys()
    assert sum(map(len, ANSWERS.values())) > 1700


@pytest.mark.parametrize("function", ANSWERS)
def test_gives_what_helm_gives(function: str) -> None:
    for call, kind, text in ANSWERS[function]:
        assert answer(function, call) == [kind, text], call


def test_helm_3_knows_no_must_to_yaml() -> None:
    assert "mustToYaml" not in FUNCTIONS
