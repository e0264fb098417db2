"""What is suppressed of what kustomizations build: by a comment on any line that a value came through, in each overlay by itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from kubeqed.cli.group import main

BASE = """\
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: NodePort
  selector: {app: web}
  ports:
  - port: 80
    nodePort: 20080
"""
PATCH = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  ports:\n  - port: 80\n    nodePort: 20090\n"
OVERLAY = "resources:\n- ../base\n"
IGNORE = "  # kubeqed: ignore[node-port-out-of-range] wider there"
RULE = "node-port-out-of-range"


class Said(NamedTuple):
    """A finding: its line, the units that it names, and whether it is suppressed."""

    place: str
    units: tuple[str, ...]
    suppressed: bool


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    put({"base/kustomization.yaml": "resources: [web.yaml]\n", "base/web.yaml": BASE})
    put({f"{name}/kustomization.yaml": f"namespace: {name}\n{OVERLAY}" for name in ("dev", "prod")})


def put(files: dict[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text)


def ignored_at(file: str, line: str) -> None:
    text = Path(file).read_text()
    assert text.count(f"{line}\n") == 1
    Path(file).write_text(text.replace(f"{line}\n", f"{line}{IGNORE}\n"))


def found(*rules: str) -> list[Said]:
    done = CliRunner().invoke(main, ["check", ".", "--output-format", "json", "--show", "suppressed"])
    report: Any = json.loads(done.stdout)
    return [
        Said(f"{one['file']}:{one['line']}", tuple(one["units"]), "suppression" in one)
        for one in report["findings"]
        if one["rule"] in (rules or (RULE,))
    ]


def test_a_comment_in_an_overlay_suppresses_what_it_takes_in_there_alone() -> None:
    assert found() == [Said("base/web.yaml:9", ("dev", "prod"), suppressed=False)]
    ignored_at("dev/kustomization.yaml", "- ../base")
    assert found() == [Said("base/web.yaml:9", ("prod",), suppressed=False)]
    ignored_at("prod/kustomization.yaml", "- ../base")
    assert found() == [Said("base/web.yaml:9", ("dev", "prod"), suppressed=True)]


def test_a_comment_in_the_base_suppresses_it_in_all() -> None:
    for file, line in (("base/web.yaml", "    nodePort: 20080"), ("base/kustomization.yaml", "resources: [web.yaml]")):
        before = Path(file).read_text()
        ignored_at(file, line)
        assert found() == [Said("base/web.yaml:9", ("dev", "prod"), suppressed=True)]
        Path(file).write_text(before)


def test_a_comment_in_a_patch_suppresses_what_the_patch_sets() -> None:
    put({"dev/patch.yaml": PATCH, "dev/kustomization.yaml": f"{OVERLAY}patches: [{{path: patch.yaml}}]\n"})
    ignored_at("dev/patch.yaml", "    nodePort: 20090")
    assert set(found()) == {
        Said("dev/patch.yaml:7", ("dev",), suppressed=True),
        Said("base/web.yaml:9", ("prod",), suppressed=False),
    }


def test_a_comment_in_an_inline_patch_suppresses_what_it_sets() -> None:
    patch = "".join(f"    {line}\n" for line in PATCH.splitlines())
    put(
        {
            "dev/kustomization.yaml": f"{OVERLAY}patches:\n- patch: |\n{patch}",
            "prod/kustomization.yaml": "resources: []\n",
        }
    )
    assert found() == [Said("dev/kustomization.yaml:11", ("dev",), suppressed=False)]
    ignored_at("dev/kustomization.yaml", "        nodePort: 20090")
    assert found() == [Said("dev/kustomization.yaml:11", ("dev",), suppressed=True)]


def test_an_annotation_that_an_overlay_sets_is_that_overlay_s() -> None:
    annotation = f'commonAnnotations:\n  kubeqed.dev/ignore: "{RULE}: wider there"\n'
    put({"dev/kustomization.yaml": OVERLAY + annotation, "prod/kustomization.yaml": OVERLAY})
    assert found() == [Said("base/web.yaml:9", ("prod",), suppressed=False)]
    put({"prod/kustomization.yaml": OVERLAY + annotation})
    assert found() == [Said("base/web.yaml:9", ("dev", "prod"), suppressed=True)]


def test_an_annotation_of_the_base_survives_a_patch() -> None:
    annotated = BASE.replace("{name: web}", f"{{name: web, annotations: {{kubeqed.dev/ignore: '{RULE}: wide'}}}}")
    put({"base/web.yaml": annotated, "dev/patch.yaml": PATCH})
    put({"dev/kustomization.yaml": f"{OVERLAY}patches: [{{path: patch.yaml}}]\n"})
    assert {one.suppressed for one in found()} == {True}
    assert found("suppression-unused") == []


def test_a_comment_in_a_kustomization_or_a_patch_that_nothing_needs_is_named() -> None:
    put({"base/web.yaml": BASE.replace("20080", "30080"), "dev/patch.yaml": PATCH.replace("20090", "30090")})
    put({"dev/kustomization.yaml": f"{OVERLAY}patches: [{{path: patch.yaml}}]\n"})
    ignored_at("dev/patch.yaml", "    nodePort: 30090")
    ignored_at("prod/kustomization.yaml", "- ../base")
    assert [one.place for one in found("suppression-unused")] == ["dev/patch.yaml:7", "prod/kustomization.yaml:3"]
