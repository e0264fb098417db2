"""The problem matchers under the engine that reads them: node's regular expressions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.report.matching import FILES, LINES, ROOT, Match, expected, matchers, text_at, write_tree

if TYPE_CHECKING:
    from tests.surfaces.conftest import Run

MATCHERS = matchers()


def matches(run: Run, pattern: dict[str, Any], text: str) -> list[Match]:
    asked = json.dumps({"pattern": pattern, "text": text})
    done = run(["node", ROOT / "tests/surfaces/match.js"], given=asked)
    assert done.returncode == 0, done.stderr
    return [Match(file, int(line), int(column), *rest) for file, line, column, *rest in json.loads(done.stdout)]


@pytest.mark.parametrize("name", MATCHERS)
def test_lines(run: Run, name: str) -> None:
    assert matches(run, MATCHERS[name], "\n".join(LINES)) == [match for match in LINES.values() if match]


@pytest.mark.parametrize("name", MATCHERS)
@pytest.mark.parametrize("form", ["concise", "text"])
def test_real_output(run: Run, kubeqed: Run, form: str, name: str) -> None:
    trees = [ROOT / "fixtures" / name for name in ("worlds", "faulty", "broken")]
    findings = list(expected(kubeqed("check", "--show", "all", "--output-format", "json", *trees).stdout))
    assert findings
    text = kubeqed("check", "--show", "all", "--output-format", form, *trees).stdout
    assert matches(run, MATCHERS[name], text) == findings


@pytest.mark.parametrize("name", MATCHERS)
@pytest.mark.parametrize("form", ["concise", "text"])
def test_they_point_at_the_text(run: Run, kubeqed: Run, form: str, name: str, tmp_path: Path) -> None:
    write_tree(tmp_path)
    found = matches(run, MATCHERS[name], kubeqed("check", "--output-format", form, at=tmp_path).stdout)
    assert {match.file for match in found} == set(FILES)
    assert {text_at(tmp_path, match) for match in found} == {"9999}]}"}
