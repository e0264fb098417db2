"""SARIF 2.1.0: valid, and as GitHub code scanning wants it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator
from sarif_om import Message, Result, Run, Suppression, Tool, ToolComponent
from tests.report.sample import BACKEND, CLEAN, NODE_PORT, OPTIONS, REPORT, SELECTS

from kubeqed.diagnostic import (
    Certainty,
    Diagnostic,
    Evidence,
    EvidenceFact,
    Notice,
    NoticeKind,
    ObjectKey,
    Related,
    Severity,
)
from kubeqed.report import CheckResult, Options, limits, renderer
from kubeqed.report.check.formats import sarif
from kubeqed.report.sarif.places import link
from kubeqed.report.sarif.serializer import to_json

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA = Draft202012Validator(json.loads((Path(__file__).parent / "sarif-2.1.0.json").read_text(encoding="utf-8")))

pytestmark = pytest.mark.usefixtures("in_repository")


def run(report: CheckResult = REPORT, options: Options = OPTIONS) -> dict[str, Any]:
    log = json.loads(renderer("sarif")(report, options))
    SCHEMA.validate(log)
    (only,) = log["runs"]
    assert isinstance(only, dict)
    return only


def result(finding: Diagnostic, options: Options = OPTIONS) -> dict[str, Any]:
    (only,) = run(REPORT._replace(findings=(finding,)), options)["results"]
    assert isinstance(only, dict)
    return only


def test_schema_refuses() -> None:
    log = json.loads(renderer("sarif")(REPORT, OPTIONS))
    log["runs"][0]["results"][0]["level"] = "severe"
    assert not SCHEMA.is_valid(log)


def test_clean_has_an_empty_list() -> None:
    only = run(CLEAN)
    assert only["results"] == []
    assert only["invocations"] == [{"executionSuccessful": True}]


def test_every_result_says_its_level_and_rule() -> None:
    only = run()
    assert [it["level"] for it in only["results"]] == ["error", "note", "warning"]
    for it in only["results"]:
        assert only["tool"]["driver"]["rules"][it["ruleIndex"]]["id"] == it["ruleId"]


def test_a_rule_that_is_not_described_has_no_index() -> None:
    assert "ruleIndex" not in result(BACKEND._replace(rule="parse-error"))


def test_region_and_place() -> None:
    place = result(BACKEND)["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 15, "startColumn": 27, "endLine": 15, "endColumn": 31}
    assert place["artifactLocation"] == {"uri": "shop/ingress.yaml", "uriBaseId": "%SRCROOT%"}
    assert run()["columnKind"] == "unicodeCodePoints"


@pytest.mark.parametrize(
    ("file", "root", "expected"),
    [
        ("./a b/100%.yaml", "/repository", {"uri": "a%20b/100%25.yaml", "uriBaseId": "%SRCROOT%"}),
        ("/repository/前.yaml", "/repository", {"uri": "%E5%89%8D.yaml", "uriBaseId": "%SRCROOT%"}),
        ("x.yaml", "/", {"uri": "repository/x.yaml", "uriBaseId": "%SRCROOT%"}),
        ("..data/x.yaml", "/repository", {"uri": "..data/x.yaml", "uriBaseId": "%SRCROOT%"}),
        ("../other/x.yaml", "/repository", {"uri": "file:///other/x.yaml"}),
        ("/repository2/x.yaml", "/repository", {"uri": "file:///repository2/x.yaml"}),
        ("../other/x.yaml", None, {"uri": "file:///other/x.yaml"}),
        ("./x.yaml", None, {"uri": "x.yaml", "uriBaseId": "%SRCROOT%"}),
        ("/x.yaml", None, {"uri": "file:///x.yaml"}),
        ("a:b.yaml", None, {"uri": "a%3Ab.yaml", "uriBaseId": "%SRCROOT%"}),
        ("\udcff.yaml", None, {"uri": "%FF.yaml", "uriBaseId": "%SRCROOT%"}),
        ("<stdin>", "/repository", {"uri": "stdin"}),
    ],
)
def test_uris(file: str, root: str | None, expected: dict[str, str]) -> None:
    finding = BACKEND._replace(span=BACKEND.span._replace(file=file), related=())
    place = result(finding, OPTIONS._replace(repository_root=root))["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == expected


def test_root() -> None:
    assert run()["originalUriBaseIds"]["%SRCROOT%"]["uri"] == "file:///repository/"
    assert "uri" not in run(options=OPTIONS._replace(repository_root=None))["originalUriBaseIds"]["%SRCROOT%"]


def test_related_places_are_linked_from_the_message() -> None:
    found = result(BACKEND)
    assert found["message"]["text"] == (
        "Ingress shop/web sends traffic to port 8081 of Service shop/web, which has no such port. Help: name port 8080."
        r" See: [the Service offers spec.ports\[0\].port](1), [by number, not by name](2)."
    )
    assert [it["id"] for it in found["relatedLocations"]] == [1, 2]
    assert found["relatedLocations"][0]["message"]["text"] == "the Service offers spec.ports[0].port."


def test_many_related_places() -> None:
    related = (Related(BACKEND.span, "here"),) * 103
    found = result(BACKEND._replace(related=related))
    assert len(found["relatedLocations"]) == 100
    assert found["message"]["text"].endswith("[here](100) and 3 more.")


def test_text_makes_no_links() -> None:
    assert result(NODE_PORT._replace(message="see [this](1)"))["message"]["text"] == "see [this\\](1)."
    assert link("a\\b[0]", 3) == "[a\\\\b\\[0\\]](3)"


def test_properties() -> None:
    found = result(SELECTS)
    assert found["properties"]["certainty"] == "likely"
    assert found["properties"]["units"] == ["shop"]
    assert found["properties"]["object"]["name"] == "商店"
    assert found["properties"]["path"] == "spec.selector.tier"
    assert found["properties"]["evidence"]["verdict"] == "Depends"
    assert found["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "Service shop/商店 spec.selector.tier"


def test_fingerprints() -> None:
    prints = result(BACKEND)["partialFingerprints"]
    assert prints["kubeqed/v1"] == BACKEND.fingerprint
    assert re.fullmatch(r"[0-9a-f]{1,16}:1", prints["primaryLocationLineHash"])
    nowhere = BACKEND._replace(span=BACKEND.span._replace(line=99))
    assert "primaryLocationLineHash" not in result(nowhere)["partialFingerprints"]
    gone = BACKEND._replace(span=BACKEND.span._replace(file="gone.yaml"), fingerprint="")
    assert "partialFingerprints" not in result(gone)


def test_each_file_is_hashed_once() -> None:
    asked = []

    def lines(file: str) -> Sequence[str]:
        asked.append(file)
        return OPTIONS.lines(file)

    run(options=OPTIONS._replace(lines=lines))
    assert sorted(asked) == ["shop/ingress.yaml", "shop/service.yaml"]


CHAIN = (
    EvidenceFact("the port of the pod is 80", SELECTS.span, ObjectKey("apps/v1", "Deployment", "shop", "web")),
    EvidenceFact("the policy is [here](1)", SELECTS.span, ObjectKey("v1", "ConfigMap", "shop", "web")),
    EvidenceFact("its port is 8080", SELECTS.span, ObjectKey("v1", "Service", "shop", "web")),
    EvidenceFact("by default", None, ObjectKey("v1", "Service", "shop", "web")),
    EvidenceFact("nobody's", SELECTS.span),
    EvidenceFact("the route is [here](1)", SELECTS.span, ObjectKey("g/v1", "HTTPRoute", "shop", "web")),
    EvidenceFact("the Ingress sends to 8081", BACKEND.span, ObjectKey("g/v1", "Ingress", "shop", "web")),
)


def test_code_flows_go_the_way_of_the_traffic() -> None:
    (flow,) = result(BACKEND._replace(evidence=Evidence("Fails", CHAIN, (), None)))["codeFlows"]
    (thread,) = flow["threadFlows"]
    steps = [step["location"] for step in thread["locations"]]
    assert [step["message"]["text"] for step in steps] == [
        "the Ingress sends to 8081.",
        "the route is [here\\](1).",
        "its port is 8080.",
        "the port of the pod is 80.",
    ]
    assert steps[0]["physicalLocation"] == result(BACKEND)["locations"][0]["physicalLocation"]
    assert [step["logicalLocations"][0]["fullyQualifiedName"].split()[0] for step in steps][::3] == [
        "Ingress",
        "Deployment",
    ]


def test_no_code_flow_without_a_way() -> None:
    assert "codeFlows" not in result(NODE_PORT)
    assert "codeFlows" not in result(BACKEND._replace(evidence=Evidence("Fails", CHAIN[2:4] * 2, (), None)))
    many = Evidence("Fails", CHAIN * 60, (), None)
    assert len(result(BACKEND._replace(evidence=many))["codeFlows"][0]["threadFlows"][0]["locations"]) == 100


def test_rules() -> None:
    rules = run()["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted(REPORT.rules)
    first = rules[0]
    assert first["name"] == "BackendPortMissing"
    assert first["shortDescription"]["text"] == "Backend names a port that its Service does not have."
    assert first["fullDescription"]["text"] == "An Ingress sends traffic to a port that its Service does not offer."
    assert first["helpUri"].endswith("/rules/README.md#backend-port-missing")
    assert first["help"]["markdown"].endswith("- <https://kubernetes.io/docs/concepts/services-networking/ingress/>")
    assert "503" in first["help"]["text"]
    assert first["defaultConfiguration"] == {"level": "error"}
    assert rules[2]["defaultConfiguration"] == {"level": "warning"}


def test_rule_properties() -> None:
    backend, _, selects = (rule["properties"] for rule in run()["tool"]["driver"]["rules"])
    assert (backend["precision"], backend["problem.severity"]) == ("very-high", "error")
    assert backend["tags"] == ["ingress", "kubernetes", "networking"]
    assert "security-severity" not in backend
    assert (selects["precision"], selects["problem.severity"]) == ("high", "warning")
    assert "security" in selects["tags"]
    assert selects["security-severity"] == "5.5"


def test_automation_details() -> None:
    assert run(options=OPTIONS._replace(category="prod"))["automationDetails"]["id"] == "kubeqed/prod/"
    assert run()["automationDetails"]["id"] == "kubeqed/"


def test_notices() -> None:
    only = run()["invocations"][0]
    skipped, crashed = only["toolExecutionNotifications"]
    assert only["executionSuccessful"] is False
    assert (skipped["level"], skipped["descriptor"]["id"]) == ("note", "skipped-template")
    assert skipped["locations"][0]["physicalLocation"]["region"]["startLine"] == 1
    assert crashed["level"] == "error"
    assert crashed["exception"] == {"kind": "ValueError", "message": "no such cell: 3"}
    assert crashed["properties"]["traceback"].startswith("Traceback")


@pytest.mark.parametrize(
    ("raised", "kind", "message"),
    [
        ("ValueError: no such cell", "ValueError", "no such cell"),
        ("ValueError: two\n lines: of\ntext", "ValueError", "two\n lines: of\ntext"),
        ("KeyboardInterrupt", "KeyboardInterrupt", "KeyboardInterrupt"),
    ],
)
@pytest.mark.parametrize(
    "frames", ["", 'Traceback (most recent call last):\n  File "a.py", line 1, in f\n    g()\n    ^^^\n']
)
def test_what_was_raised_stands_below_the_frames(frames: str, raised: str, kind: str, message: str) -> None:
    notice = Notice(NoticeKind.INTERNAL_ERROR, None, "rule web failed", frames + raised + "\n")
    (told,) = run(CLEAN._replace(notices=(notice,)))["invocations"][0]["toolExecutionNotifications"]
    assert told["exception"] == {"kind": kind, "message": message}


def test_a_file_that_cannot_be_read_does_not_fail_the_run() -> None:
    notice = Notice(NoticeKind.UNREADABLE, None, "not UTF-8")
    only = run(CLEAN._replace(notices=(notice,)))["invocations"][0]
    assert only["executionSuccessful"] is True
    assert only["toolExecutionNotifications"][0]["level"] == "error"


def graded(severity: Severity, certainty: Certainty, number: int) -> Diagnostic:
    return BACKEND._replace(
        severity=severity, certainty=certainty, message=f"number {number}", related=(), evidence=None
    )


MIXED = (
    graded(Severity.NOTE, Certainty.POSTURE, 0),
    graded(Severity.WARNING, Certainty.LIKELY, 1),
    graded(Severity.ERROR, Certainty.PROVED, 2),
    graded(Severity.NOTE, Certainty.POSSIBLE, 3),
    graded(Severity.ERROR, Certainty.REJECTED, 4),
)


@pytest.mark.parametrize(
    ("most", "kept"),
    [(1, [4]), (2, [2, 4]), (3, [1, 2, 4]), (4, [1, 2, 3, 4]), (5, [0, 1, 2, 3, 4]), (9, [0, 1, 2, 3, 4])],
)
def test_the_worst_are_kept_in_order(most: int, kept: list[int]) -> None:
    assert limits.worst_severity(MIXED, most) == tuple(MIXED[number] for number in kept)


def test_severity_weighs_more_than_certainty() -> None:
    loud = graded(Severity.ERROR, Certainty.POSTURE, 5)  # as configured
    assert limits.worst_severity((*MIXED, loud), 3) == (MIXED[2], MIXED[4], loud)


def test_most_results(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 2)
    only = run(CLEAN._replace(findings=MIXED))
    assert [it["message"]["text"][:8] for it in only["results"]] == ["number 2", "number 4"]
    (said,) = only["invocations"][0]["toolExecutionNotifications"]
    assert said["message"]["text"].startswith("3 of the milder findings are left out")


def test_most_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_BYTES", 4_000)
    # Messages that do not compress.
    many = tuple(graded(Severity.ERROR, Certainty.PROVED, number**40) for number in range(100))
    report = CLEAN._replace(findings=many)
    text = renderer("sarif")(report, OPTIONS)
    assert limits.compress(text) <= 4_000
    assert 5 < len(run(report)["results"]) < 100


def test_a_limit_below_the_rules_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_BYTES", 10)
    assert run(CLEAN._replace(findings=MIXED))["results"] == []


def test_numbers_of_github() -> None:
    assert (limits.MOST_RESULTS, limits.MOST_BYTES) == (25_000, 10_000_000)


def test_serializer_keeps_levels_and_empty_lists() -> None:
    assert to_json(Result(message=Message(text="x"), level="warning", locations=[])) == {
        "message": {"text": "x"},
        "level": "warning",
        "locations": [],
    }


def test_serializer_leaves_out_defaults() -> None:
    assert to_json(Run(tool=Tool(driver=ToolComponent(name="x")))) == {"tool": {"driver": {"name": "x"}}}


def test_serializer_says_status_of_a_suppression() -> None:
    assert to_json(Suppression(kind="inSource", state="accepted")) == {"kind": "inSource", "status": "accepted"}
