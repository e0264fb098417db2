"""A file outside of the kustomization's directory is read and named, in the tool's words: it refuses that by default."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.build.built import build_files, objects

from kubeqed.build.files import TreeFiles
from kubeqed.build.kustomize.build import build
from kubeqed.parse import Place
from kubeqed.sources import tree_around

SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"
PATCH = f"{SERVICE}spec: {{type: NodePort}}\n"
REPLACEMENT = "- sourceValue: x\n  targets: [{select: {kind: Service}, fieldPaths: [metadata.annotations.x], options: {create: true}}]\n"
OPERATION = '[{"op": "add", "path": "/spec", "value": {"type": "NodePort"}}]'

NAMING = {
    "resources: [../x]": SERVICE.replace("web", "other"),
    "bases: [../x]": SERVICE.replace("web", "other"),
    "patches: [{path: ../x}]": PATCH,
    "patchesStrategicMerge: [../x]": PATCH,
    "patchesJson6902: [{target: {version: v1, kind: Service, name: web}, path: ../x}]": OPERATION,
    "replacements: [{path: ../x}]": REPLACEMENT,
    "configMapGenerator: [{name: a, files: [../x]}]": "text",
    "configMapGenerator: [{name: a, files: [key=../x]}]": "text",
    "secretGenerator: [{name: a, envs: [../x]}]": "A=b",
    "secretGenerator: [{name: a, env: ../x}]": "A=b",
    "configurations: [../x]": "images: [{path: spec/x}]",
    "crds: [../x]": "{}",
    "openapi: {path: ../x}": "{}",
    "transformers: [../x]": "apiVersion: builtin\nkind: NamespaceTransformer\nmetadata: {name: x, namespace: shop}\n",
    "generators: [../x]": "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: x}\n",
}


@pytest.mark.parametrize("entry", NAMING)
def test_each_entry_that_names_such_a_file_is_named(tmp_path: Path, entry: str) -> None:
    base = "resources: [web.yaml]\n" if "resources" not in entry else ""
    files = {"root/kustomization.yaml": f"{base}{entry}\n", "root/web.yaml": SERVICE, "x": NAMING[entry]}
    built = build_files(tmp_path, files, "root")
    assert (built.refusals, built.unbuilt) == ((), ())
    (outside,) = built.outside
    assert outside.reason.startswith("security; file '../x' is not in or below 'root'")
    line = (tmp_path / outside.place.span.file).read_text().split("\n")[outside.place.span.line - 1]
    assert line == entry
    inside = {"root/kustomization.yaml": f"{base}{entry.replace('../x', 'x')}\n", "root/x": NAMING[entry]}
    assert build_files(tmp_path, inside, "root").outside == ()


def test_directories_and_what_a_base_names_in_its_own_are_allowed(tmp_path: Path) -> None:
    files = {
        "base/kustomization.yaml": "resources: [web.yaml]\nconfigMapGenerator: [{name: a, files: [sub/text]}]\n",
        "base/web.yaml": SERVICE,
        "base/sub/text": "text",
        "root/kustomization.yaml": "resources: [../base, ../absent.yaml]\n",
    }
    assert build_files(tmp_path, files, "root").outside == ()


def test_a_link_out_of_the_directory_leads_outside(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "web.yaml").symlink_to(tmp_path / "web.yaml")
    files = {"root/kustomization.yaml": "resources: [web.yaml]\n", "web.yaml": SERVICE}
    built = build_files(tmp_path, files, "root")
    assert len(objects(built.documents)) == 1
    assert [one.reason.split(",")[0] for one in built.outside] == [
        "security; file 'web.yaml' is not in or below 'root'"
    ]


def test_an_outer_build_says_it_of_its_bases_and_flux_of_nothing(tmp_path: Path) -> None:
    files = {
        "base/kustomization.yaml": "resources: [../web.yaml]\n",
        "web.yaml": SERVICE,
        "root/kustomization.yaml": "resources: [../base]\n",
    }
    (outside,) = build_files(tmp_path, files, "root").outside
    assert Path(outside.place.span.file).parent.name == "base"
    with tree_around(str(tmp_path)) as tree:
        free = build(str((tmp_path / "root").resolve()), TreeFiles(tree, str), Place("root", 0, 0), restricted=False)
    assert (free.outside, len(free.documents)) == ((), 1)
