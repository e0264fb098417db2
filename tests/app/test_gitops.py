"""GitOps objects state clusters: what a root reaches is one unit, each path built as its tool builds it."""

from __future__ import annotations

from pathlib import Path
from subprocess import run

import pytest
from click.testing import CliRunner

from kubeqed.app.load import Loaded, load
from kubeqed.app.settings import CommandLineSettings
from kubeqed.cli import main
from kubeqed.model.units.unit import Unit, UnitOrigin
from kubeqed.sources import origin_url

SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n"
SOURCE = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: flux-system, namespace: flux-system}\nspec: {url: https://example.org/team/fleet.git}\n"


def flux(name: str, path: str, *more: str, source: str = "flux-system") -> str:
    lines = [
        "apiVersion: kustomize.toolkit.fluxcd.io/v1",
        "kind: Kustomization",
        f"metadata: {{name: {name}, namespace: flux-system}}",
        "spec:",
        f"  path: {path}",
        f"  sourceRef: {{kind: GitRepository, name: {source}}}",
        *(f"  {line}" for line in more),
    ]
    return "\n".join(lines) + "\n"


def argo(name: str, path: str, *more: str, server: str = "https://kubernetes.default.svc", url: str = "") -> str:
    lines = [
        "apiVersion: argoproj.io/v1alpha1",
        "kind: Application",
        f"metadata: {{name: {name}, namespace: argocd}}",
        "spec:",
        f"  destination: {{server: '{server}', namespace: shop}}",
        f"  source: {{repoURL: '{url or 'https://example.org/team/fleet.git'}', path: {path}}}",
        *(f"  {line}" for line in more),
    ]
    return "\n".join(lines) + "\n"


FLUX = {
    "clusters/prod/flux-system/gotk-sync.yaml": SOURCE + "---\n" + flux("flux-system", "./clusters/prod"),
    "clusters/prod/flux-system/kustomization.yaml": "resources: [gotk-sync.yaml]\n",
    "clusters/prod/apps.yaml": flux("apps", "./apps/prod", "targetNamespace: shop"),
    "clusters/dev/flux-system/gotk-sync.yaml": SOURCE + "---\n" + flux("flux-system", "./clusters/dev"),
    "clusters/dev/flux-system/kustomization.yaml": "resources: [gotk-sync.yaml]\n",
    "clusters/dev/apps.yaml": flux("apps", "./apps/dev"),
    "apps/prod/kustomization.yaml": "resources: [../base]\nnameSuffix: -prod\n",
    "apps/dev/kustomization.yaml": "resources: [../base]\nnamespace: dev\n",
    "apps/base/kustomization.yaml": "resources: [web.yaml]\n",
    "apps/base/web.yaml": SERVICE,
}


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def read(path: Path) -> Loaded:
    return load((str(path),), CommandLineSettings(), closed=False)


def clusters(path: Path) -> list[Unit]:
    return [unit for unit in read(path).input.units if unit.found is UnitOrigin.CLUSTER]


def names(unit: Unit) -> set[str]:
    return {str(item) for item in unit.objects if item.kind not in ("Kustomization", "GitRepository", "Application")}


def root_names(path: Path, units: list[Unit]) -> list[str]:
    return [unit.root.removeprefix(f"{path}/") for unit in units]


def test_a_root_and_all_that_it_reaches_is_one_unit(tmp_path: Path) -> None:
    units = read(write(tmp_path, FLUX)).input.units
    assert root_names(tmp_path, list(units)) == ["clusters/dev", "clusters/prod"]
    assert [names(unit) for unit in units] == [{"Service dev/web"}, {"Service shop/web-prod"}]


def test_a_unit_is_whole_though_one_file_is_named(tmp_path: Path) -> None:
    run(["git", "init", "--quiet", str(tmp_path)], check=True)
    write(tmp_path, FLUX)
    for file in ("apps/base/web.yaml", "clusters/prod/apps.yaml", "apps/prod/kustomization.yaml"):
        (unit,) = [one for one in clusters(tmp_path / file) if one.places[0].endswith("prod")]
        assert names(unit) == {"Service shop/web-prod"}, file


def test_a_path_of_another_repository_is_a_producer(tmp_path: Path) -> None:
    elsewhere = SOURCE.replace("flux-system", "other").replace("fleet", "other")
    files = {**FLUX, "clusters/prod/other.yaml": elsewhere + "---\n" + flux("other", "./manifests", source="other")}
    files["clusters/prod/other.yaml"] = files["clusters/prod/other.yaml"].replace(
        "namespace: other", "namespace: flux-system"
    )
    unit = clusters(write(tmp_path, files))[1]
    assert [producer.text for producer in unit.producers] == [
        "./manifests of GitRepository flux-system/other, which is not in this repository"
    ]


def test_an_instance_and_kustomizations_name_one_repository(tmp_path: Path) -> None:
    instance = (
        "apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {name: flux, namespace: flux-system}\n"
        "spec: {sync: {kind: GitRepository, url: https://example.org/team/fleet.git, path: cluster}}\n"
    )
    files = {
        "cluster/apps.yaml": flux("apps", "./apps") + "---\n" + flux("more", "./more"),
        "apps/flux.yaml": instance,
        "more/web.yaml": SERVICE,
    }
    (unit,) = clusters(write(tmp_path, files))
    assert [one.text for one in unit.producers] == ["FluxInstance flux-system/flux"]
    assert "Service web" in names(unit)


def test_a_path_of_another_repository_may_be_called_like_one_that_is_here(tmp_path: Path) -> None:
    elsewhere = SOURCE.replace("name: flux-system", "name: other").replace("fleet", "other")
    files = {
        name: text.removeprefix(f"{SOURCE}---\n") for name, text in FLUX.items()
    }  # how the fleet is called is not known
    files["clusters/prod/other.yaml"] = f"{elsewhere}---\n{flux('other', './apps', source='other')}"
    unit = clusters(write(tmp_path, files))[1]
    assert [producer.text for producer in unit.producers] == [
        "./apps of GitRepository flux-system/other, which is not in this repository"
    ]


@pytest.mark.parametrize("origin", ["git@example.org:me/fleet.git", "https://example.org/team/fleet", ""])
def test_a_fork_is_the_repository_too(tmp_path: Path, origin: str) -> None:
    run(["git", "init", "--quiet", str(tmp_path)], check=True)
    if origin:
        run(["git", "-C", str(tmp_path), "remote", "add", "origin", origin], check=True)
    assert origin_url(str(tmp_path)) == origin
    assert root_names(tmp_path, clusters(write(tmp_path, FLUX))) == ["clusters/dev", "clusters/prod"]


def test_what_is_called_otherwise_is_another_repository(tmp_path: Path) -> None:
    run(["git", "init", "--quiet", str(tmp_path)], check=True)
    run(["git", "-C", str(tmp_path), "remote", "add", "origin", "https://example.org/team/fleet.git"], check=True)
    files = {
        "root.yaml": argo("apps", "apps"),
        "apps/here.yaml": argo("here", "web"),
        "apps/there.yaml": argo("there", "web", url="https://example.org/team/shop.git"),
        "web/web.yaml": SERVICE,
    }
    (unit,) = clusters(write(tmp_path, files))
    assert [part.title for part in unit.parts if part.real] == ["Application argocd/apps", "Application argocd/here"]
    assert [producer.text for producer in unit.producers] == [
        "web of https://example.org/team/shop.git, which is not in this repository"
    ]


def test_an_app_of_apps_is_followed(tmp_path: Path) -> None:
    files = {"root.yaml": argo("apps", "apps"), "apps/web.yaml": argo("web", "web"), "web/web.yaml": SERVICE}
    (unit,) = clusters(write(tmp_path, files))
    assert names(unit) == {"Service shop/web"}
    assert not unit.producers


def test_each_destination_is_a_cluster(tmp_path: Path) -> None:
    files = {
        "apps/dev.yaml": argo("dev", "web", server="https://dev.example.org"),
        "apps/prod.yaml": argo("prod", "web", server="https://prod.example.org"),
        "web/web.yaml": SERVICE,
    }
    units = [unit for unit in clusters(write(tmp_path, files)) if names(unit)]
    assert root_names(tmp_path, units) == ["apps (https://dev.example.org)", "apps (https://prod.example.org)"]
    assert [names(unit) for unit in units] == [{"Service shop/web"}] * 2


def test_roots_that_define_an_object_in_two_ways_are_of_several_clusters(tmp_path: Path) -> None:
    files = {
        "apps/one.yaml": argo("one", "one"),
        "apps/two.yaml": argo("two", "two"),
        "one/web.yaml": SERVICE,
        "two/web.yaml": SERVICE.replace("80", "81"),
    }
    assert root_names(tmp_path, clusters(write(tmp_path, files))) == ["apps/one.yaml", "apps/two.yaml"]


def test_what_two_statements_apply_just_so_is_one_object(tmp_path: Path) -> None:
    files = {**FLUX, "clusters/dev/again.yaml": flux("again", "./apps/dev")}
    dev, _ = clusters(write(tmp_path, files))
    assert sum(item.kind == "Service" for item in dev.objects) == 1


def test_what_a_kustomization_and_its_application_apply_just_so_is_one_object(tmp_path: Path) -> None:
    files = {
        "apps/kustomization.yaml": "resources: [app.yaml, web, other]\n",
        "apps/app.yaml": argo("web", "apps/web"),
        "apps/web/kustomization.yaml": "resources: [web.yaml]\nnamespace: shop\n",
        "apps/web/web.yaml": SERVICE,
        "apps/other/kustomization.yaml": "resources: [web.yaml]\nnamespace: other\n",
        "apps/other/web.yaml": SERVICE,
    }
    (unit,) = clusters(write(tmp_path, files))
    assert sorted(str(item) for item in unit.objects if item.kind == "Service") == [
        "Service other/web",
        "Service shop/web",
    ]


def test_a_configuration_wins(tmp_path: Path) -> None:
    write(tmp_path, {**FLUX, "kubeqed.yaml": "units: [{path: clusters}, {path: apps/dev}]\n"})
    statement = CommandLineSettings(config=str(tmp_path / "kubeqed.yaml"))
    units = load((str(tmp_path),), statement, closed=False).input.units
    assert all(unit.found is not UnitOrigin.CLUSTER for unit in units)


def test_a_variable_comes_from_a_config_map_of_the_cluster(tmp_path: Path) -> None:
    settings = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: flux-system}\ndata: {NAME: shop}\n"
    )
    files = {
        **FLUX,
        "clusters/prod/apps.yaml": flux(
            "apps", "./apps/prod", "postBuild: {substituteFrom: [{kind: ConfigMap, name: settings}]}"
        ),
        "clusters/prod/late.yaml": flux("settings", "./settings"),
        "settings/settings.yaml": settings,
        "apps/base/web.yaml": SERVICE.replace("name: web", "name: '${NAME}'"),
    }
    dev, prod = clusters(write(tmp_path, files))
    assert names(prod) == {"Service shop-prod", "ConfigMap flux-system/settings"}
    assert {str(item.name) for item in dev.objects if item.kind == "Service"} == {"${NAME}"}


def test_what_a_path_leaves_out_is_no_cluster(tmp_path: Path) -> None:
    files = {
        "flux/apps.yaml": flux("apps", "./apps"),
        "apps/kustomization.yaml": "resources: [web/ks.yaml]\n",
        "apps/web/ks.yaml": flux("web", "./apps/web/app"),
        "apps/web/app/web.yaml": SERVICE,
        "apps/old/ks.yaml": flux("old", "./apps/old/app"),
        "apps/old/app/old.yaml": SERVICE.replace("web", "old"),
        "archive/web/ks.yaml": flux("web", "./apps/web/app", "targetNamespace: old"),
    }
    (unit,) = clusters(write(tmp_path, files))
    assert names(unit) == {"Service web"}


def test_a_document_whose_placeholders_are_filled_in_creates_nothing_unseen(tmp_path: Path) -> None:
    substituted = flux("apps", "./apps/prod", "postBuild: {substitute: {NAME: shop}}")
    web = SERVICE.replace("name: web", "name: '${NAME}-{{ .x }}'")
    files = {**FLUX, "clusters/prod/apps.yaml": substituted, "apps/base/web.yaml": SERVICE.replace("web", "'${NAME}'")}
    _, prod = clusters(write(tmp_path, files))
    assert not prod.producers
    _, prod = clusters(write(tmp_path, {**files, "apps/base/web.yaml": web}))
    assert [producer.text for producer in prod.producers] == ["a document with placeholders"]


def test_both_sides_of_a_difference_are_clusters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    pod = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web}}\nspec: {containers: [{name: web, image: web}]}\n"
    write(tmp_path, {**FLUX, "apps/base/web.yaml": SERVICE + pod})
    git = ["git", "-c", "user.email=a@example.org", "-c", "user.name=a"]
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message=x"]):
        run([*git, *command], check=True)
    deny = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny}\nspec: {podSelector: {}, policyTypes: [Ingress]}\n"
    write(tmp_path, {"clusters/prod/deny.yaml": deny.replace("{name: deny}", "{name: deny, namespace: shop}")})
    done = CliRunner().invoke(main, ["diff", "HEAD", "--quiet"])
    assert done.stdout.splitlines() == [
        "- 0.0.0.0/0, any pod in any namespace => shop/web-prod[Pod] : All Connections",
        "    + clusters/prod/deny.yaml:4: NetworkPolicy shop/deny isolates for ingress",
    ]


def test_what_renames_itself_comes_to_an_end(tmp_path: Path) -> None:
    root = flux("root", "./inner", "postBuild: {substitute: {MORE: x}}")
    inner = flux("'${MORE}'", "./inner", "postBuild: {substitute: {MORE: 'x${MORE}'}}")
    (unit,) = clusters(write(tmp_path, {"root.yaml": root, "inner/inner.yaml": inner, "inner/web.yaml": SERVICE}))
    assert len(unit.parts) < 100
    assert any("too many" in producer.text for producer in unit.producers)


def test_what_waits_for_an_object_that_is_nowhere_keeps_the_others_in_order(tmp_path: Path) -> None:
    """The root asks for a Secret that no path holds, and what it applies asks for what comes after it."""
    uses = "postBuild: {substituteFrom: [{kind: %s, name: %s}]}"
    settings = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: flux-system}\ndata: {NAME: shop}\n"
    )
    files = {
        "root/all.yaml": flux("root", "./clusters/prod", uses % ("Secret", "elsewhere")),
        "clusters/prod/a.yaml": flux("a", "./a", uses % ("ConfigMap", "settings")),
        "clusters/prod/b.yaml": flux("b", "./b"),
        "a/web.yaml": SERVICE.replace("name: web", "name: '${NAME}'"),
        "b/settings.yaml": settings,
        "z.yaml": SOURCE,
    }
    (unit,) = clusters(write(tmp_path, files))
    assert "Service shop" in names(unit)


@pytest.mark.parametrize(("more", "exit_code"), [(["syncPolicy: {syncOptions: [ServerSideApply=true]}"], 0), ([], 1)])
def test_a_part_of_an_object_may_be_laid_over_it(tmp_path: Path, more: list[str], exit_code: int) -> None:
    part = SERVICE.replace("{ports: [{port: 80}]}", "{trafficDistribution: PreferSameZone}")
    overlay = (
        "resources: [../../apps]\nnamespace: other\n"  # what one cluster lays over its object is a part for others too
    )
    apps = "kind: Kustomization\nresources: [web.yaml]\n"
    files = {
        "roots/apps.yaml": argo("apps", "apps", *more),
        "apps/web.yaml": part,
        "apps/kustomization.yaml": apps,
        "overlays/other/kustomization.yaml": overlay,
    }
    root = write(tmp_path, files)
    assert CliRunner().invoke(main, ["check", str(root)]).exit_code == exit_code
