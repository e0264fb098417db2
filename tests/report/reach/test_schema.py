"""The JSON of `reach` is what its published model says, and the model says all of it."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError
from tests.graph.reach.samples import deployment, ingress, pod, policy, service
from tests.graph.reach.world import unit_of

from kubeqed.graph.reach.answer import EVERYTHING, Answer
from kubeqed.report.reach.exposure import values
from kubeqed.report.reach.json import render
from kubeqed.report.schema import ReachReport, reach_schema

BLOCK = {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}
ANSWER = Answer(
    unit_of(
        deployment("stopped", 0)
        + pod("web")
        + service("web", 80, 8080)
        + ingress("in", "web", 80)
        + policy("p", ingress=[{"from": [BLOCK], "ports": [{"port": 80}]}, {"ports": [{"port": 8080}]}])
    )
)


def _written(units: int = 1, *, exposure: bool = False) -> str:
    shown = list(values(ANSWER, EVERYTHING)) if exposure else None
    return render([(ANSWER.unit, ANSWER.connections())] * units, [], ANSWER.remarks(), shown)


@pytest.mark.parametrize("units", [1, 2])
@pytest.mark.parametrize("exposure", [False, True])
def test_model_and_schema_accept_and_name_every_key(units: int, exposure: bool) -> None:
    text = _written(units, exposure=exposure)
    found = ReachReport.model_validate_json(text)
    assert found.model_dump(mode="json", by_alias=True, exclude_unset=True) == json.loads(text)
    Draft202012Validator.check_schema(reach_schema())
    Draft202012Validator(reach_schema()).validate(json.loads(text))


def test_the_sample_holds_peers_of_every_kind() -> None:
    text = _written()
    assert all(part in text for part in ('"IngressController"', '"except"', '"running": false', '"Pod"', '"open"'))


@pytest.mark.parametrize("change", [{"version": 2}, {"more": 1}, {"groups": None}, {"notices": [{"kind": "other"}]}])
def test_model_is_strict(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ReachReport.model_validate_json(json.dumps({**json.loads(_written()), **change}))
