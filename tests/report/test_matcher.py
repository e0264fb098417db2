"""Problem matchers find every finding in real output, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.report.matching import FILES, GROUPS, LINES, ROOT, Match, expected, matchers, text_at, write_tree

from kubeqed.cli import main


def matches(regexp: str, text: str) -> list[Match]:
    found = [re.search(regexp, line, re.ASCII) for line in text.split("\n")]
    return [Match(it[1], int(it[2]), int(it[3]), it[4], it[5], it[6]) for it in found if it]


def output(form: str, *paths: str) -> str:
    return CliRunner().invoke(main, ["check", "--show", "all", "--output-format", form, *paths]).stdout


def test_people_copy_the_same_pattern() -> None:
    github, vscode = matchers().values()
    assert github == vscode
    assert {name: github[name] for name in GROUPS} == GROUPS


@pytest.mark.parametrize(("line", "match"), LINES.items())
def test_lines(line: str, match: Match | None) -> None:
    assert matches(matchers()["github"]["regexp"], line) == ([match] if match else [])


@pytest.mark.parametrize("form", ["concise", "text"])
def test_every_finding_of_the_fixtures(form: str) -> None:
    trees = [str(ROOT / "fixtures" / name) for name in ("worlds", "faulty", "broken")]
    findings = list(expected(output("json", *trees)))
    assert findings
    assert matches(matchers()["github"]["regexp"], output(form, *trees)) == findings


@pytest.mark.parametrize("form", ["concise", "text"])
def test_they_point_at_the_text(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(tmp_path)
    monkeypatch.chdir(tmp_path)
    found = matches(matchers()["github"]["regexp"], output(form))
    assert {match.file for match in found} == set(FILES)
    assert {text_at(tmp_path, match) for match in found} == {"9999}]}"}
