"""A file of a chart that is named alone: the chart is judged, and what concerns the file is reported."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.app.test_stated_charts import CHART

from kubeqed.cli import main

BROKEN = {**CHART, "charts/web/values.yaml": "port: 80\nbackend: 81\n"}
PARTS = {
    "charts/web/templates/ingress.yaml": True,
    "charts/web/templates/service.yaml": True,
    "charts/web/templates": True,
    "charts/web/values.yaml": True,
    "charts/web/templates/_helpers.tpl": False,
    "charts/web/templates/other.yaml": False,
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    more = {"charts/web/templates/_helpers.tpl": "", "charts/web/templates/other.yaml": "", ".git/HEAD": ""}
    for name, text in {**BROKEN, **more}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(*arguments: str) -> list[str]:
    output = CliRunner().invoke(main, ["check", "--output-format", "concise", "--quiet", *arguments]).stdout
    return [line.partition(":")[0] for line in output.splitlines() if "backend-port-missing" in line]


@pytest.mark.parametrize("given", [(), ("--within", ".")])
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.usefixtures("root")
def test_what_concerns_the_file_is_reported(part: str, given: tuple[str, ...]) -> None:
    assert found(*given, part) == (["charts/web/templates/ingress.yaml"] if PARTS[part] else [])


@pytest.mark.usefixtures("root")
def test_a_file_is_named_from_where_it_stands(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root / "charts/web/templates")
    assert found("ingress.yaml") == ["ingress.yaml"]
    assert found("../values.yaml") == ["../templates/ingress.yaml"]
