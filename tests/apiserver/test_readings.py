"""Scalars that YAML reads otherwise than their author: said with the text as written, also where the server is silent."""

from __future__ import annotations

import pytest
from tests.apiserver.verdicts import SERVER, manifest
from tests.worlds import whole

from kubeqed.apiserver import find_violations
from kubeqed.diagnostic import Certainty
from kubeqed.model.cluster import Cluster
from kubeqed.rule.catalogue import find_rules
from kubeqed.rule.reasons import RULE_OF_REASON
from kubeqed.rule.run import run_rules
from kubeqed.rule.select import Choice, choose

SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: "


def said(text: str) -> list[tuple[str, str]]:
    (item,) = manifest(text).objects
    return [
        (one.path, one.certainty.value)
        for one in find_violations(item, SERVER)
        if RULE_OF_REASON[one.reason] == "scalar-misread"
    ]


@pytest.mark.parametrize("port", ["010", "0100", "0o14", "01_0"])
def test_an_octal_port_is_likely_a_slip(port: str) -> None:
    assert said(f"{SERVICE}{{ports: [{{port: {port}}}]}}") == [("spec.ports[0].port", Certainty.LIKELY.value)]


@pytest.mark.parametrize("port", ["07", "08", "0", "80", "0x50", "8_080", "1e3", "+80"])
def test_a_port_that_reads_as_it_looks_is_none(port: str) -> None:
    assert said(f"{SERVICE}{{ports: [{{port: {port}}}]}}") == []


def test_octal_in_a_text_field_is_said_once_with_its_text() -> None:
    (item,) = manifest(f"{SERVICE}{{selector: {{app: 010}}, ports: [{{port: 80}}]}}").objects
    (only,) = find_violations(item, SERVER)
    assert only.certainty is Certainty.REJECTED
    assert "to 010, in YAML the number 8" in only.message


def test_a_foreign_kind_may_mean_octal() -> None:
    assert said("apiVersion: example.com/v1\nkind: Disk\nmetadata: {name: a}\nspec: {umask: 022}") == []


def test_octal_inside_a_list() -> None:
    listed = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata: {name: web}\n"
    assert said(listed + "  spec: {ports: [{port: 010}]}") == [("spec.ports[0].port", Certainty.LIKELY.value)]


@pytest.mark.parametrize(
    ("word", "built", "expected"),
    [
        *((word, True, Certainty.POSSIBLE) for word in ("on", "OFF", "yes", "No", "y", "N")),
        ("on", False, Certainty.REJECTED),
        ("true", True, Certainty.REJECTED),
        ("010", True, Certainty.REJECTED),
    ],
)
def test_what_kustomize_takes_for_a_text_is_a_possibility_where_it_builds(
    word: str, built: bool, expected: Certainty
) -> None:
    files = {"web.yaml": f"{SERVICE}{{selector: {{app: {word}}}, ports: [{{port: 80}}]}}"}
    if built:
        files["kustomization.yaml"] = "resources: [web.yaml]"
    choice = Choice()
    found = run_rules(whole(files), choose(find_rules(), choice), Cluster(), choice).diagnostics
    assert [one.certainty for one in found if one.rule == "scalar-misread"] == [expected]
