"""The JSON of `reach`, `why` and `diff` is what the published models say, and the models say all of it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ValidationError
from tests.reach.samples import deployment, ingress, pod, policy, service
from tests.reach.world import unit_of

from kubeqed.cli import main
from kubeqed.reach.algebra.ports import ALL
from kubeqed.reach.query.answer import ReachResult
from kubeqed.reach.query.diff.difference import find_difference
from kubeqed.reach.query.listing import ConnectionListing, list_connections
from kubeqed.reach.verdicts import PairAnswers, judge_pair
from kubeqed.report import Options, render_answer
from kubeqed.report.schema import REPORTS, schema_of
from kubeqed.report.schema.diff import DiffReport
from kubeqed.report.schema.reach import ReachReport
from kubeqed.report.schema.why import WhyReport

BLOCK = {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}
OTHER = """
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: other, namespace: shop}
spec: {endpointSelector: {matchLabels: {app: web}}, ingress: [{}]}
"""
ANSWER = ReachResult(
    unit_of(
        deployment("stopped", 0)
        + pod("web")
        + service("web", 80, 8080)
        + ingress("in", "web", 80)
        + policy("p", ingress=[{"from": [BLOCK], "ports": [{"port": 80}]}, {"ports": [{"port": 8080}]}])
        + OTHER
    )
)


def _written(units: int = 1, *, exposure: bool = False) -> str:
    listed = (list_connections(ANSWER, exposure=exposure),) * units
    return render_answer("reach", "json", ConnectionListing(listed, with_exposure=exposure), Options())


@pytest.mark.parametrize("units", [1, 2])
@pytest.mark.parametrize("exposure", [False, True])
def test_model_and_schema_accept_and_name_every_key(units: int, exposure: bool) -> None:
    text = _written(units, exposure=exposure)
    found = ReachReport.model_validate_json(text)
    assert found.model_dump(mode="json", by_alias=True, exclude_unset=True) == json.loads(text)
    Draft202012Validator.check_schema(schema_of("reach"))
    Draft202012Validator(schema_of("reach")).validate(json.loads(text))


def test_the_sample_holds_peers_of_every_kind() -> None:
    text = _written()
    assert all(
        part in text
        for part in (
            '"IngressController"',
            '"except"',
            '"depends": true',
            '"opens"',
            '"running": false',
            '"Pod"',
            '"open"',
        )
    )


@pytest.mark.parametrize("change", [{"version": 2}, {"more": 1}, {"groups": None}, {"notices": [{"kind": "other"}]}])
def test_model_is_strict(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ReachReport.model_validate_json(json.dumps({**json.loads(_written()), **change}))


CLOSED = (
    deployment("stopped", 0)
    + pod("web")
    + pod("db")
    + service("web", 80, 8080)
    + ingress("in", "web", 80)
    + policy("p", ingress=[{"from": [BLOCK]}])
    + OTHER
)


def _agree(model: type[BaseModel], name: str, text: str) -> None:
    found = model.model_validate_json(text)
    assert found.model_dump(mode="json", by_alias=True, exclude_unset=True) == json.loads(text)
    Draft202012Validator.check_schema(schema_of(name))
    Draft202012Validator(schema_of(name)).validate(json.loads(text))


@pytest.mark.parametrize(
    ("source", "destination"),
    [("db", "web"), ("ingress-controller", "web"), ("external", "web"), ("web", "10.2.0.0/16"), ("db", "db")],
)
def test_the_decision_of_why_is_what_its_model_says(source: str, destination: str) -> None:
    answer = ReachResult(unit_of(CLOSED))
    decided = judge_pair(answer, source, destination, ALL)
    assert decided is not None
    _agree(WhyReport, "why", render_answer("why", "json", PairAnswers((decided,)), Options()))


def test_the_changes_of_diff_are_what_their_model_says() -> None:
    changed = CLOSED.replace('"10.1.0.0/16"', '"10.2.0.0/16"').replace('"app": "db"', '"app": "www"')
    found = find_difference(ReachResult(unit_of(CLOSED)), ReachResult(unit_of(changed + pod("more"))))
    text = render_answer("diff", "json", found, Options())
    assert '"causes": [{' in text
    _agree(DiffReport, "diff", text)


@pytest.mark.parametrize("name", REPORTS)
def test_every_schema_is_printed(name: str) -> None:
    found = CliRunner().invoke(main, ["schema", name])
    assert json.loads(found.stdout) == schema_of(name)
