"""The end of a run in words."""

from __future__ import annotations

import pytest
from tests.report.sample import CLEAN, OPTIONS, REPORT

from kubeqed.diagnostic import Notice, NoticeKind, Severity, Span
from kubeqed.report import Summary, failure_text, statistics_text, summary_text

NOTHING = Summary(1, 1, 1, error=0, warning=0, note=0)
UNREAD = Notice(NoticeKind.UNREADABLE, Span("no.yaml", 1, 1, 1, 1), "cannot read no.yaml")


def counts(**numbers: int) -> str:
    return summary_text(CLEAN._replace(summary=NOTHING._replace(**numbers), units=()), OPTIONS)


def test_clean_is_one_line() -> None:
    assert summary_text(CLEAN, OPTIONS) == "kubeqed: no findings in 3 files (4 documents, 3 objects, 1 unit)\n"


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"error": 1}, "1 error in"),
        ({"warning": 2}, "2 warnings in"),
        ({"error": 2, "note": 1}, "2 errors and 1 note in"),
        ({"error": 1, "warning": 1, "note": 1}, "1 error, 1 warning and 1 note in"),
        ({"files": 1234}, "no findings in 1,234 files (1 document, 1 object)"),
        ({"objects": 0}, "kubeqed: nothing was checked in 1 file (1 document, 0 objects)"),
        ({"files": 0, "documents": 0, "objects": 0}, "kubeqed: nothing was checked\n"),
        ({"hidden": 3}, "; 3 notes hidden; --show possible,posture shows them"),
        ({"suppressed": 1}, "= 1 finding suppressed; --show suppressed shows them"),
        ({"gave_up": 2}, "= 2 questions given up: the budget was spent before an answer"),
    ],
)
def test_counts(numbers: dict[str, int], words: str) -> None:
    assert words in counts(**numbers)


def test_what_could_not_be_read_is_no_clean_run() -> None:
    report = CLEAN._replace(notices=(UNREAD,))
    assert (
        "kubeqed: no findings in 3 files (4 documents, 3 objects, 1 unit); not everything could be read"
        in summary_text(report, OPTIONS)
    )
    none = report._replace(summary=NOTHING._replace(files=0, documents=0, objects=0), units=())
    assert summary_text(none, OPTIONS).endswith("\nkubeqed: nothing was checked: nothing could be read\n")
    assert "\033[1;33mkubeqed:" in summary_text(none, OPTIONS._replace(color=True))
    assert failure_text(none, OPTIONS) == "no.yaml:1:1: error: cannot read no.yaml [unreadable]\n"


def test_what_is_left_out_is_counted_by_severity() -> None:
    report = REPORT._replace(left_out={Severity.ERROR: 2, Severity.NOTE: 1})
    assert "; 2 errors and 1 note left out by --only; 2 notes hidden" in summary_text(report, OPTIONS)


def test_statistics() -> None:
    assert statistics_text(CLEAN) == ""
    counted = statistics_text(REPORT).splitlines()
    assert counted == sorted(counted, key=lambda line: -int(line.split()[0]))
    assert sum(int(line.split()[0]) for line in counted) == sum(item.suppression is None for item in REPORT.findings)


def test_what_show_would_have_to_say() -> None:
    report = REPORT._replace(show_hidden="posture")
    assert "2 notes hidden; --show posture shows them" in summary_text(report, OPTIONS)


def test_caveats_are_said_of_a_clean_run_too() -> None:
    assert summary_text(CLEAN._replace(caveats=("a hint",)), OPTIONS).endswith("\n= a hint\n")


@pytest.mark.parametrize(
    ("kind", "level"),
    [
        (NoticeKind.UNREADABLE, "error"),
        (NoticeKind.INTERNAL_ERROR, "error"),
        (NoticeKind.GAVE_UP, "warning"),
        (NoticeKind.SKIPPED_TEMPLATE, "notice"),
    ],
)
def test_notices_have_the_shape_of_findings(kind: NoticeKind, level: str) -> None:
    notice = Notice(kind, REPORT.findings[0].span, "so it is", "Traceback")
    output = summary_text(CLEAN._replace(notices=(notice,)), OPTIONS)
    assert output.splitlines()[0] == f"shop/ingress.yaml:15:27: {level}: so it is [{kind.value}]"
    assert "Traceback" not in output


def test_colour() -> None:
    assert summary_text(REPORT, OPTIONS._replace(color=True)).count("\x1b[1;31m") == 2
    assert "\x1b" not in summary_text(REPORT, OPTIONS)
