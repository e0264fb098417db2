"""`kubeqed prove --suggest` writes a file of intents that `--intents` reads, and that then holds."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from ruamel.yaml import YAML
from tests.cli.test_prove import SHOP
from tests.reach.clusters import clusters

from kubeqed.cli import main

FIXTURES = Path(__file__).parents[2] / "fixtures"


def suggest(place: Path, file: Path) -> list[Any]:
    result = CliRunner().invoke(main, ["prove", str(place), "--suggest"])
    assert result.exit_code == 0, result.output
    file.write_text(result.stdout)
    entries: list[Any] = YAML(typ="safe").load(result.stdout)["intents"]
    return entries


def check_round_trip(place: Path, file: Path) -> list[Any]:
    """Every entry is read back, holds, and speaks of a packet."""
    entries = suggest(place, file)
    if entries:
        result = CliRunner().invoke(main, ["prove", str(place), "--intents", str(file), "--output-format", "json"])
        assert result.exit_code == 0, result.output
        assert all(": note: " in line for line in result.stderr.splitlines()), result.stderr
        verdicts = json.loads(result.stdout)["intents"]
        assert len({one["line"] for one in verdicts}) == len(entries)
        assert all(one["verdict"] == "holds" and one["speaks"] for one in verdicts)
    return entries


@pytest.mark.parametrize(
    "name", ["clean/policy-change", "clean/changed-by-an-overlay", "worlds/shop", "worlds/scenarios"]
)
def test_what_is_suggested_for_fixtures_holds(name: str, tmp_path: Path) -> None:
    assert check_round_trip(FIXTURES / name, tmp_path / "intents.yaml")


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(clusters())
def test_what_is_suggested_for_any_cluster_holds(objects: list[dict[str, Any]]) -> None:
    with TemporaryDirectory() as directory:
        place = Path(directory) / "k8s"
        place.mkdir()
        (place / "all.yaml").write_text("\n---\n".join(json.dumps(item) for item in objects))
        check_round_trip(place, Path(directory) / "intents.yaml")


def test_only_what_policies_allow_reaches_a_workload(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(SHOP)
    entries = suggest(tmp_path, tmp_path / "intents.txt")
    assert entries[0] == {"use": "dns-reachable", "scope": "any-pod"}
    assert entries[1]["from"] == [{"scope": "any-pod"}, "external"]
    assert entries[1]["to"] == {"namespace": "payments", "pods": {"matchLabels": {"app": "db"}}}
    assert entries[1]["except"][0] == {
        "from": [{"namespace": "payments", "pods": {"matchLabels": {"app": "checkout"}}}],
        "ports": ["TCP/5432"],
    }
    assert len(entries) == 2


def test_it_stands_alone(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["prove", str(tmp_path), "--suggest", "--intents", "x"])
    assert (result.exit_code, "name one of the two" in result.stderr) == (2, True)
