"""Directories of plain manifests, and what becomes of the objects (Argo CD v3.5.1)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.build.built import plain
from tests.build.gitops.argo.applied import SERVICE, application, applied, names

from kubeqed.build.refusal import RefusalCause


def service(name: str) -> str:
    return SERVICE.replace("web", name)


FILES = {
    "apps/b.yaml": service("b"),
    "apps/a.yml": service("a1") + "---\n" + service("a2"),
    "apps/c.json": '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "c"}}',
    "apps/.hidden.yaml": service("hidden"),
    "apps/notes.txt": service("text"),
    "apps/aa/deep.yaml": service("deep"),
    "apps/z/.d/deeper.yaml": service("deeper"),
    "other.yaml": service("other"),
}
TOP = ["hidden", "a1", "a2", "b", "c"]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("", TOP),
        (", directory: {recurse: false}", TOP),
        (", directory: {recurse: true}", ["hidden", "a1", "a2", "deep", "b", "c", "deeper"]),
        (", directory: {recurse: true, include: '*.yaml'}", ["hidden", "deep", "b", "deeper"]),
        (", directory: {recurse: true, include: 'aa/*'}", ["deep"]),
        (", directory: {recurse: true, exclude: '{aa/*,*.json}'}", ["hidden", "a1", "a2", "b", "deeper"]),
        (", directory: {include: '[!.]*.y?ml', exclude: 'b.*'}", []),
        (", directory: {include: '{a,b}.y*'}", ["a1", "a2", "b"]),
        (", directory: {include: '{a'}", []),
    ],
)
def test_which_files_count(tmp_path: Path, options: str, found: list[str]) -> None:
    built = applied(tmp_path, application(f"path: apps{options}"), FILES)
    assert names(built) == [f"Service shop/{name}" for name in found]
    assert (built.refusals, built.unbuilt) == ((), ())


def test_a_link_to_a_file_counts_and_one_to_a_directory_does_not(tmp_path: Path) -> None:
    for name, target in (
        ("link.yaml", "../other.yaml"),
        ("deep", "aa"),
        ("gone.yaml", "nowhere"),
        ("out.yaml", "/etc/hostname"),
    ):
        (tmp_path / "apps").mkdir(exist_ok=True)
        (tmp_path / "apps" / name).symlink_to(target)
    files = {"apps/aa/x.txt": "", "other.yaml": service("other")}
    built = applied(tmp_path, application("path: apps, directory: {recurse: true}"), files)
    assert names(built) == ["Service shop/other"]


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("replicas: 3\n", []),
        ("- one\n", []),
        ("replicas: [\n", []),
        ("kind:\nmetadata: {name: x}\napiVersion: v1\n", ["Failed to unmarshal \"x.yaml\": Object 'Kind' is missing"]),
        (service("web") + "---\nreplicas: 3\n", ["Failed to unmarshal \"x.yaml\": Object 'Kind' is missing"]),
        ("# +argocd:skip-file-rendering\n" + service("web") + "---\nreplicas: 3\n", []),
    ],
)
def test_what_is_no_manifest_is_passed_over_unless_it_looks_like_one(
    tmp_path: Path, text: str, reasons: list[str]
) -> None:
    built = applied(tmp_path, application("path: apps"), {"apps/x.yaml": text, "apps/b.yaml": service("b")})
    assert [one.reason for one in built.refusals] == reasons
    assert "Service shop/b" in names(built)


def test_a_json_file_must_be_an_object(tmp_path: Path) -> None:
    built = applied(tmp_path, application("path: apps"), {"apps/package.json": '{"name": "web"}'})
    assert [one.reason for one in built.refusals] == ["Failed to unmarshal \"package.json\": Object 'Kind' is missing"]


def test_jsonnet_is_not_run(tmp_path: Path) -> None:
    built = applied(tmp_path, application("path: apps"), {"apps/x.jsonnet": "{}", "apps/lib.libsonnet": "{}"})
    assert [one.reason for one in built.unbuilt] == ["x.jsonnet, which is jsonnet"]


def test_lists_are_taken_apart(tmp_path: Path) -> None:
    inner = "\n".join(f"  {line}" for line in SERVICE.splitlines())
    files = {
        "apps/l.yaml": f"apiVersion: v1\nkind: List\nitems:\n-{inner[1:]}\n---\napiVersion: v1\nkind: List\nitems:\n"
    }
    built = applied(tmp_path, application("path: apps"), files)
    assert names(built) == ["Service shop/web"]
    assert built.documents[0].at("metadata.name").span.line == 6


def test_the_namespace_of_the_destination_fills_what_is_absent(tmp_path: Path) -> None:
    role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r, namespace: x}\n"
    custom = "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: t}\n"
    own = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: own}\n"
    space = "apiVersion: v1\nkind: Namespace\nmetadata: {name: space}\n"
    files = {"apps/x.yaml": "---\n".join((role, custom, own, space))}
    built = applied(tmp_path, application("path: apps"), files)
    assert names(built) == ["ClusterRole /r", "Thing shop/t", "ConfigMap own/c", "Namespace /space"]
    place = built.documents[1].at("metadata.namespace")
    assert (place.file, place.span.line) == ("app.yaml", 6)


def test_no_namespace_is_set_where_the_destination_has_none(tmp_path: Path) -> None:
    built = applied(tmp_path, application("path: apps", "  destination: {}\n"), {"apps/x.yaml": SERVICE})
    assert names(built) == ["Service /web"]


@pytest.mark.parametrize(("hook", "count"), [("PreSync", 1), ("Skip", 0), ("Skip,PreSync", 1)])
def test_only_what_a_hook_says_to_skip_is_left_out(tmp_path: Path, hook: str, count: int) -> None:
    text = SERVICE.replace("name: web", f"name: web, annotations: {{argocd.argoproj.io/hook: '{hook}'}}")
    assert len(applied(tmp_path, application("path: apps"), {"apps/x.yaml": text}).documents) == count


def test_an_object_came_through_the_path_of_its_application(tmp_path: Path) -> None:
    built = applied(tmp_path, application("path: apps"), {"apps/x.yaml": SERVICE})
    place = built.documents[0].at("spec.ports[0].port")
    assert (place.file.rpartition("/")[2], place.span.line) == ("x.yaml", 4)
    assert [(one.place.file, one.place.span.line, one.text) for one in place.through] == [("app.yaml", 5, "applies it")]


CHART = "apiVersion: v2\nname: web\nversion: 0.1.0\n"
KUSTOMIZATION = {"apps/kustomization.yaml": "resources: [x.yaml]\nnamePrefix: a-\n", "apps/x.yaml": SERVICE}


@pytest.mark.parametrize(
    ("source", "files", "found", "lacks"),
    [
        ("", KUSTOMIZATION, ["Service shop/a-web"], []),
        (", kustomize: {}", KUSTOMIZATION, ["Service shop/a-web"], []),
        (", directory: {include: x.yaml}", KUSTOMIZATION, ["Service shop/web"], []),
        ("", {**KUSTOMIZATION, "apps/Chart.yaml": "name: x\n"}, ["Service shop/a-web"], []),
        ("", {"apps/Chart.yaml": CHART, "apps/templates/x.yaml": SERVICE}, ["Service shop/web"], []),
        ("", {"apps/Chart.yaml": CHART, "apps/x.yaml": SERVICE}, [], []),
        (", plugin: {name: x}", KUSTOMIZATION, [], ["what a plugin makes"]),
        (", helm: null", KUSTOMIZATION, ["Service shop/a-web"], []),
    ],
)
def test_which_tool_builds(
    tmp_path: Path, source: str, files: dict[str, str], found: list[str], lacks: list[str]
) -> None:
    built = applied(tmp_path, application(f"path: apps{source}"), files)
    assert (names(built), [one.reason for one in built.unbuilt]) == (found, lacks)


@pytest.mark.parametrize(
    ("source", "reason", "cause"),
    [
        ("path: gone", "gone: app path does not exist", RefusalCause.NO_FILE),
        ("path: apps/x.yaml", "apps/x.yaml: app path is not a directory", RefusalCause.TEXT),
        (
            "path: apps, helm: {}, kustomize: {}",
            "multiple application sources defined: Kustomize,Helm",
            RefusalCause.TEXT,
        ),
    ],
)
def test_what_argo_cd_refuses_is_said_at_the_path(
    tmp_path: Path, source: str, reason: str, cause: RefusalCause
) -> None:
    (refusal,) = applied(tmp_path, application(source), KUSTOMIZATION).refusals
    assert (refusal.place.span.line, refusal.reason, refusal.cause, refusal.tool) == (5, reason, cause, "Argo CD")


def test_values_stay_as_they_are_written(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: '0644', b: 'on'}\n"
    built = applied(tmp_path, application("path: apps"), {"apps/x.yaml": text})
    assert plain(built.documents[0].document.root)["data"] == {"a": "0644", "b": "on"}
