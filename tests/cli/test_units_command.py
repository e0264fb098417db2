"""`kubeqed units`: what found each unit, why a file is in it, and what leaves it open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator
from tests.cli.test_units import APPS, GUARD, VARIANT, put

from kubeqed.cli import main
from kubeqed.report.schema import schema_of
from kubeqed.report.schema.units import UnitsReport

RELEASE = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: redis, namespace: shop}\n"
KUSTOMIZATION = "resources: [db.yaml]\npatches: [{path: patch.yaml}]\n"
PATCH = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: db, namespace: shop}\nspec: {replicas: 2}\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["units", *arguments])


def listed(*arguments: str) -> dict[str, Any]:
    text = call(*arguments, "--output-format", "json").stdout
    Draft202012Validator(schema_of("units")).validate(json.loads(text))
    UnitsReport.model_validate_json(text)
    value: dict[str, Any] = json.loads(text)
    return value


def test_a_unit_of_the_configuration() -> None:
    put(APPS, GUARD, {"kubeqed.yaml": "units:\n  - paths: [apps, policies]\n    world: closed\n"})
    assert call().stdout.splitlines() == [
        "apps, policies: closed, 3 objects in 3 files",
        "  units: of the configuration states it (kubeqed.yaml:2)",
    ]
    (unit,) = listed()["units"]
    assert (unit["found"], unit["stated"], unit["complete"]) == ("configured", True, True)
    assert (unit["stated_at"]["file"], unit["stated_at"]["line"]) == ("kubeqed.yaml", 2)


def test_a_guess_names_what_keeps_units_apart() -> None:
    put(APPS, VARIANT)
    lines = call().stdout.splitlines()
    assert lines[0] == "apps: open, 2 objects in 2 files"
    apart = "  guessed: Deployment shop/web stands in apps/web.yaml:2 and staging/web.yaml:2, so these are units of their own"
    assert lines[1] == apart
    assert lines[3:] == ["staging: open, 1 object in 1 file", apart]
    assert "guessed: the files of the PATHs define no object in two ways" in call("apps").stdout


def test_joins_and_producers_are_told() -> None:
    put(APPS, GUARD, VARIANT, {"apps/redis.yaml": RELEASE})
    text = call().stdout
    assert "policies/ joined to apps/ by guess; state it under units:" in text
    assert "what it lacks may come from HelmRelease shop/redis (apps/redis.yaml:2)" in text
    (unit, _) = listed()["units"]
    assert unit["joins"] == [{"root": "policies", "files": ["policies/guard.yaml"]}]
    assert [one["text"] for one in unit["producers"]] == ["HelmRelease shop/redis"]


def test_a_closed_world_that_something_leaves_open() -> None:
    put(APPS, {"apps/redis.yaml": RELEASE})
    assert "it counts as open: what it lacks may come from HelmRelease shop/redis" in call("--world", "closed").stdout
    (unit,) = listed("--world", "closed")["units"]
    assert (unit["found"], unit["world"], unit["complete"]) == ("closed world", "closed", False)


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("policies/guard.yaml", "  policies/guard.yaml: it lies in policies/, which was joined by guess"),
        ("apps/db.yaml", "  apps/db.yaml: it lies in apps/"),
        ("staging", "  staging/web.yaml: it lies in staging/"),
        ("built/db.yaml", "  built/db.yaml: the kustomization in built/ reaches it"),
        (
            "built/patch.yaml",
            "built/patch.yaml: in no unit: it holds a part of an object, such as a patch, and no whole one",
        ),
        ("notes.yaml", "notes.yaml: in no unit: no Kubernetes object is in it"),
    ],
)
def test_why_a_file_is_in_its_unit(file: str, why: str) -> None:
    put(APPS, GUARD, VARIANT, {"notes.yaml": "a: 1\n"})
    put({"built/kustomization.yaml": KUSTOMIZATION, "built/patch.yaml": PATCH, "built/db.yaml": APPS["apps/db.yaml"]})
    lines = call("--within", ".", file).stdout.splitlines()
    assert lines[-1] == why
    assert sum(not line.startswith(" ") for line in lines) == 1  # no other unit


def test_what_cannot_be_read_is_said() -> None:
    put(APPS, {"apps/broken.yaml": "apiVersion: v1\nkind: [\n"})
    done = call()
    assert done.exit_code == 3
    assert "apps/broken.yaml:" in done.stderr
