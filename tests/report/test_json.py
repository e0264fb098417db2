"""The JSON is what its published model says."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError
from tests.report.sample import BACKEND, CLEAN, OPTIONS, REPORT, SELECTS

from kubeqed.report import CheckResult, renderer
from kubeqed.report.schema import schema_of
from kubeqed.report.schema.check import CheckReport

BARE = REPORT._replace(findings=(SELECTS._replace(object=None, evidence=None),))


@pytest.mark.parametrize("report", [REPORT, CLEAN, BARE])
def test_model_and_schema_accept(report: CheckResult) -> None:
    output = renderer("json")(report, OPTIONS)
    CheckReport.model_validate_json(output)
    Draft202012Validator.check_schema(schema_of("check"))
    Draft202012Validator(schema_of("check")).validate(json.loads(output))


def test_model_names_every_key() -> None:
    output = json.loads(renderer("json")(REPORT, OPTIONS))
    assert (
        CheckReport.model_validate_json(json.dumps(output)).model_dump(mode="json", by_alias=True, exclude_unset=True)
        == output
    )


@pytest.mark.parametrize("change", [{"version": 2}, {"more": 1}, {"findings": None}])
def test_model_is_strict(change: dict[str, object]) -> None:
    output = json.loads(renderer("json")(REPORT, OPTIONS))
    with pytest.raises(ValidationError):
        CheckReport.model_validate_json(json.dumps({**output, **change}))


def test_shape() -> None:
    output = json.loads(renderer("json")(REPORT, OPTIONS))
    assert list(output) == ["version", "findings", "notices", "units", "summary"]
    first = output["findings"][0]
    assert " ".join(first) == (
        "rule severity certainty message suggestion file line column end_line end_column units object path related"
        " evidence fingerprint"
    )
    assert first["object"] == {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "namespace": "shop",
        "name": "web",
    }
    assert first["evidence"]["witness"] == {"from": "IngressController", "to": "Service shop/web", "port": "TCP 8081"}
    assert output["findings"][2]["evidence"]["unknowns"][0]["file"] is None


def test_findings_keep_their_order() -> None:
    rules = [finding["rule"] for finding in json.loads(renderer("json")(REPORT, OPTIONS))["findings"]]
    assert rules == [finding.rule for finding in REPORT.findings]


def test_characters_stay_and_the_file_ends() -> None:
    output = renderer("json")(REPORT, OPTIONS)
    assert "商店" in output
    assert output.endswith("}\n")


def test_a_lone_surrogate_becomes_an_escape() -> None:
    output = renderer("json")(REPORT._replace(findings=(BACKEND._replace(message="\udc80"),)), OPTIONS)
    assert '"\\udc80"' in output
