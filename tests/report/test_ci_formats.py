"""GitHub annotations, GitLab, JUnit and Markdown, where the goldens do not look."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest
from tests.report.sample import BACKEND, CLEAN, NODE_PORT, OPTIONS, REPORT, SELECTS

from kubeqed.diagnostic import Notice, NoticeKind, Suppression
from kubeqed.report import renderer
from kubeqed.report.check.formats import markdown

pytestmark = pytest.mark.usefixtures("in_repository")


def test_github_gives_ten_of_each_level_and_counts_the_rest() -> None:
    findings = (NODE_PORT,) * 10 + (BACKEND,) * 12 + (SELECTS,) * 11
    lines = renderer("github")(CLEAN._replace(findings=findings), OPTIONS).splitlines()
    assert [sum(line.startswith(f"::{level} ") for line in lines) for level in ("error", "warning", "notice")] == [
        10
    ] * 3
    assert lines[-2:] == [
        "kubeqed: 2 more errors without annotation; GitHub shows 10 of a level",
        "kubeqed: 1 more warning without annotation; GitHub shows 10 of a level",
    ]


def test_github_says_the_worst_first() -> None:
    lines = renderer("github")(CLEAN._replace(findings=(NODE_PORT, SELECTS, BACKEND)), OPTIONS).splitlines()
    assert [line.split()[0] for line in lines] == ["::error", "::warning", "::notice"]


def test_github_notices_count_as_their_level() -> None:
    notices = tuple(Notice(NoticeKind.UNREADABLE, None, "not UTF-8") for _ in range(11))
    lines = renderer("github")(CLEAN._replace(notices=notices), OPTIONS).splitlines()
    assert len(lines) == 11
    assert lines[0] == "::error title=kubeqed unreadable::not UTF-8"


def test_gitlab_fingerprints_differ() -> None:
    elsewhere = BACKEND._replace(span=BACKEND.span._replace(file="prod/ingress.yaml"))
    entries = json.loads(renderer("gitlab")(CLEAN._replace(findings=(BACKEND, BACKEND, elsewhere)), OPTIONS))
    assert len({entry["fingerprint"] for entry in entries}) == 3


def test_gitlab_fingerprints_survive_moved_lines() -> None:
    moved = BACKEND._replace(span=BACKEND.span._replace(line=99, end_line=99))
    one, other = (
        json.loads(renderer("gitlab")(CLEAN._replace(findings=(finding,)), OPTIONS))[0] for finding in (BACKEND, moved)
    )
    assert one["fingerprint"] == other["fingerprint"]
    assert one["location"] != other["location"]


def test_gitlab_severities() -> None:
    entries = json.loads(renderer("gitlab")(REPORT, OPTIONS))
    assert [entry["severity"] for entry in entries] == ["critical", "info", "major"]


def test_gitlab_clean_is_an_empty_list() -> None:
    assert renderer("gitlab")(CLEAN, OPTIONS) == "[]\n"


def test_junit_clean_is_one_passing_test() -> None:
    suite = ET.fromstring(renderer("junit")(CLEAN, OPTIONS))[0]
    assert (suite.get("tests"), suite.get("failures")) == ("1", "0")
    assert len(suite[0]) == 0


def test_junit_counts_what_is_skipped() -> None:
    quiet = SELECTS._replace(suppression=Suppression("inSource", "known"))
    root = ET.fromstring(renderer("junit")(CLEAN._replace(findings=(BACKEND, quiet)), OPTIONS))
    for element in (root, root[0]):
        assert [element.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["2", "1", "0", "1"]


def test_markdown_clean() -> None:
    expected = "### kubeqed\n\nno findings in 3 files (4 documents, 3 objects, 1 unit)\n"
    assert renderer("markdown")(CLEAN, OPTIONS) == expected


def test_markdown_links_to_the_lines_where_files_have_pages() -> None:
    odd = NODE_PORT._replace(span=NODE_PORT.span._replace(file="k8s/a b|[1](x)#.yaml"))
    outside = NODE_PORT._replace(span=NODE_PORT.span._replace(file="/elsewhere/web.yaml"))
    options = OPTIONS._replace(file_pages="https://git.example/o/r/blob/c0ffee")
    rows = renderer("markdown")(CLEAN._replace(findings=(odd, outside)), options).splitlines()[6:]
    place = f"{odd.span.line}:{odd.span.column}"
    text = rf"k8s/a b\|\[1\](x)\#.yaml:{place}"
    page = f"https://git.example/o/r/blob/c0ffee/k8s/a%20b%7C%5B1%5D%28x%29%23.yaml#L{odd.span.line}"
    assert f"<sub>[{text}]({page}) · " in rows[0]
    assert f"<sub>/elsewhere/web.yaml:{place} · " in rows[1]


def test_markdown_keeps_the_worst(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "MOST", 1)
    output = renderer("markdown")(CLEAN._replace(findings=(NODE_PORT, SELECTS, BACKEND)), OPTIONS)
    assert output.count("| 🔴") == 1
    assert "🔵" not in output
    assert output.endswith("\nand 2 milder findings that the other formats hold\n")
