"""`openapi`: a schema of the user's own is not read, which is said, and is a part that is missing where it may count."""

from __future__ import annotations

from pathlib import Path

from tests.build.built import build_files

from kubeqed.build.built import Built

DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
CONTAINERS = "spec: {template: {spec: {containers: [{name: web, image: %s}]}}}\n"
MERGES = "patches: [{path: list.yaml}]\n"
SETS = "patches: [{path: label.yaml}]\n"
OWN = "openapi: {path: schema.json}\n"
FILES = {
    "root/all.yaml": DEPLOYMENT + CONTAINERS % "nginx",
    "root/list.yaml": DEPLOYMENT + CONTAINERS % "web",
    "root/label.yaml": f"{DEPLOYMENT}spec: {{replicas: 2, template: {{metadata: {{labels: {{a: b}}}}}}}}\n",
    "root/schema.json": '{"definitions": {}}',
}


def built(root: Path, kustomization: str, **more: str) -> Built:
    files = {**FILES, "root/kustomization.yaml": f"resources: [all.yaml]\n{kustomization}", **more}
    return build_files(root, files, "root")


def test_a_schema_that_no_patch_needs_is_named_and_nothing_is_missing(tmp_path: Path) -> None:
    for rest in ("", SETS):
        one = built(tmp_path, OWN + rest)
        assert (one.refusals, one.unbuilt, one.lacks_change) == ((), (), False)
        assert [(part.place.span.line, "schema.json" in part.reason) for part in one.ignored] == [(2, True)]


def test_a_list_that_a_patch_merges_is_not_known(tmp_path: Path) -> None:
    one = built(tmp_path, OWN + MERGES)
    assert [part.reason for part in one.unbuilt] == [
        "the lists of Deployment web as the schema schema.json merges them"
    ]
    assert (one.lacks_change, one.ignored) == (True, ())


def test_the_schema_of_a_base_holds_for_what_follows(tmp_path: Path) -> None:
    base = {"base/kustomization.yaml": OWN + "configMapGenerator: [{name: a}]\n", "base/schema.json": "{}"}
    one = build_files(
        tmp_path, {**FILES, **base, "root/kustomization.yaml": f"resources: [../base, all.yaml]\n{MERGES}"}, "root"
    )
    assert [Path(part.place.span.file).parent.name for part in one.unbuilt] == ["base"]


def test_the_schema_that_the_tool_holds_changes_nothing(tmp_path: Path) -> None:
    one = built(tmp_path, f"openapi: {{version: v1.21.2}}\n{MERGES}")
    assert (one.refusals, one.unbuilt, one.ignored) == ((), (), ())


def test_what_the_tool_refuses_of_a_schema(tmp_path: Path) -> None:
    for stated, reason in (
        ("version: v1.20.4", "the specified OpenAPI version is not built in"),
        ("version: v1.21.2, path: schema.json", "builtin version and custom schema provided, cannot use both"),
        ("path: absent.json", "open absent.json: no such file or directory"),
    ):
        (refusal,) = built(tmp_path, f"openapi: {{{stated}}}\n").refusals
        assert (refusal.reason, refusal.place.span.line) == (reason, 2)
