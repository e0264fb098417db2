"""The report for people, where the golden does not look."""

from __future__ import annotations

import re

from tests.report.sample import BACKEND, OPTIONS, REPORT, SELECTS, spot

from kubeqed.diagnostic import Certainty, Diagnostic, Evidence, EvidenceUnknown, Related, Severity, Span
from kubeqed.report import CheckResult, Options, renderer


def text(*findings: Diagnostic, options: Options = OPTIONS) -> str:
    return renderer("text")(REPORT._replace(findings=findings), options)


def test_first_line_is_that_of_concise() -> None:
    concise = renderer("concise")(REPORT, OPTIONS).splitlines()
    blocks = renderer("text")(REPORT, OPTIONS).split("\n\n")
    assert [block.splitlines()[0] for block in blocks] == concise


def test_colours_only_add_escapes() -> None:
    coloured = renderer("text")(REPORT, OPTIONS._replace(color=True))
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == renderer("text")(REPORT, OPTIONS)


def test_evidence_only_when_asked_for() -> None:
    quiet = text(BACKEND, options=OPTIONS._replace(evidence=False))
    assert "because" not in quiet
    assert "for example" not in quiet
    assert text(BACKEND).startswith(quiet)


def test_an_unknown_with_a_place() -> None:
    unknown = EvidenceUnknown(".Values.port", "the value of .Values.port", spot("shop/ingress.yaml", "8081"))
    output = text(SELECTS._replace(evidence=Evidence("Depends", (), (unknown,), None)))
    assert output.endswith("= depends on\n      shop/ingress.yaml:15:27 the value of .Values.port\n")


def test_a_file_without_lines_has_no_excerpt() -> None:
    nowhere = Span("gone.yaml", 3, 1, 3, 2)
    output = text(SELECTS._replace(span=nowhere, related=(Related(nowhere, "here"),), evidence=None))
    expected = (
        "gone.yaml:3:1: warning: Service shop/商店 selects no pod, so it has no endpoint [service-selects-nothing]"
    )
    assert output == f"{expected}\n --> gone.yaml:3:1: here\n"


def test_bars_stand_in_one_line() -> None:
    bars = {line.index("|") for line in text(BACKEND).splitlines() if re.match(r" +\d* \|", line)}
    assert bars == {4}


def test_a_note_is_called_notice() -> None:
    finding = SELECTS._replace(severity=Severity.NOTE, certainty=Certainty.POSSIBLE)
    report: CheckResult = REPORT._replace(findings=(finding,))
    assert ": notice: " in renderer("concise")(report, OPTIONS)
