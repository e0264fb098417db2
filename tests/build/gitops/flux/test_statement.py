"""What objects of Flux state: a path, its repository, its cluster, and what has to be there first."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.build.built import objects
from tests.build.gitops.flux.flux_objects import build_path, kustomization, read, tree_of

from kubeqed.build.gitops.flux.statement import read_flux, read_source
from kubeqed.build.node import WRITTEN, OriginNode
from kubeqed.parse import Mapping, Unknown

SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n"


def test_a_kustomization_states_its_path() -> None:
    statement = read(kustomization("  dependsOn: [{name: infra}, {name: crds, namespace: base}]\n"))
    (path,) = statement.paths
    assert statement.title == "Kustomization flux-system/apps"
    assert (path.repository, path.path) == ("GitRepository flux-system/flux-system", "./apps")
    assert (path.place.span.line, path.place.span.column) == (5, 9)
    assert statement.depends_on == ("Kustomization flux-system/infra", "Kustomization base/crds")
    assert (statement.cluster, statement.unbuilt) == ("", ())


@pytest.mark.parametrize("reference", ["secretRef", "configMapRef"])
def test_a_kustomization_names_another_cluster(reference: str) -> None:
    assert read(kustomization(f"  kubeConfig: {{{reference}: {{name: prod}}}}\n")).cluster == "prod"


def test_a_path_that_a_variable_names_is_not_built() -> None:
    statement = read(kustomization(path="./clusters/${CLUSTER}/apps"))
    assert statement.paths == ()
    assert [one.reason for one in statement.unbuilt] == [
        "the path ./clusters/${CLUSTER}/apps, which only the cluster knows"
    ]


def test_an_absent_path_is_the_root() -> None:
    (path,) = read(kustomization().replace("  path: ./apps\n", "")).paths
    assert path.path == ""


def test_an_instance_states_what_it_is_synchronised_with() -> None:
    head = "apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {name: flux, namespace: flux-system}\n"
    assert read_flux(tree_of(f"{head}spec: {{distribution: {{version: 2.x}}}}\n")) is None
    statement = read(
        f"{head}spec:\n  sync:\n    kind: GitRepository\n    url: https://example.com/a/fleet\n    path: clusters/prod\n"
    )
    (path,) = statement.paths
    assert (statement.title, path.repository, path.path) == (
        "FluxInstance flux-system/flux",
        "GitRepository flux-system/flux-system",
        "clusters/prod",
    )


def test_a_source_is_called_as_kustomizations_call_it() -> None:
    head = "apiVersion: source.toolkit.fluxcd.io/v1\nmetadata: {name: fleet, namespace: flux-system}\n"
    git = read_source(tree_of(f"{head}kind: GitRepository\nspec: {{url: https://example.com/a/fleet}}\n"))
    bucket = read_source(tree_of(f"{head}kind: Bucket\nspec: {{endpoint: s3.example.com, bucketName: fleet}}\n"))
    assert git == ("GitRepository flux-system/fleet", "https://example.com/a/fleet")
    assert bucket == ("Bucket flux-system/fleet", "s3://s3.example.com/fleet")
    assert read_source(tree_of(f"{head}kind: HelmRepository\nspec: {{url: https://example.com/charts}}\n")) is None


def test_other_objects_state_nothing() -> None:
    assert read_flux(tree_of(SERVICE)) is None
    own = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n"
    assert read_flux(tree_of(own)) is None


def test_a_directory_without_a_kustomization_is_applied_whole(tmp_path: Path) -> None:
    files = {"apps/web.yaml": SERVICE, "apps/deep/db.yml": SERVICE.replace("web", "db"), "apps/README.md": "kind: no"}
    built = build_path(tmp_path, files, kustomization("  targetNamespace: shop\n"))
    assert (built.refusals, built.unbuilt) == ((), ())
    assert sorted(objects(built.documents)) == [("v1", "Service", "shop", "db"), ("v1", "Service", "shop", "web")]
    place = built.documents[0].at("metadata.namespace")
    assert (place.span.file, place.span.line) == ("flux.yaml", 7)
    assert [(one.place.span.line, one.text) for one in place.through] == [(1, WRITTEN), (5, "takes it in")]


def test_a_directory_with_a_kustomization_is_applied_through_it(tmp_path: Path) -> None:
    files = {"apps/kustomization.yaml": "resources: [web.yaml]\nunknown: field\n", "apps/web.yaml": SERVICE}
    built = build_path(tmp_path, files, kustomization())
    assert (built.refusals, built.unbuilt) == ((), ())
    through = built.documents[0].at("metadata.name").through
    assert [(one.place.span.file, one.text) for one in through] == [
        ("apps/kustomization.yaml", "takes it in"),
        ("flux.yaml", "applies it"),
    ]


def test_a_kustomization_may_be_empty(tmp_path: Path) -> None:
    built = build_path(tmp_path, {"apps/kustomization.yaml": "---\n# nothing yet\n"}, kustomization())
    assert (built.documents, built.refusals, built.unbuilt) == ((), (), ())


INSTANCE = """\
    sync:
      kind: GitRepository
      url: https://example.com/a/fleet
      path: ./apps
    kustomize:
      patches:
      - patch: |
          - op: add
            path: /spec/targetNamespace
            value: shop
        target: {kind: Kustomization, name: flux-system}
      - patch: '[{op: remove, path: /spec/replicas}]'
        target: {kind: Deployment}
"""
MAKERS = {
    "FluxInstance": "apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {name: flux, namespace: flux-system}\nspec:\n"
    + INSTANCE,
    "HelmRelease": "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: flux, namespace: flux-system}\n"
    "spec:\n  chartRef: {kind: OCIRepository, name: flux-instance}\n  values:\n   instance:\n" + INSTANCE,
}


@pytest.mark.parametrize("kind", MAKERS)
def test_an_instance_makes_a_kustomization_that_its_patches_change(tmp_path: Path, kind: str) -> None:
    built = build_path(tmp_path, {"apps/web.yaml": SERVICE}, MAKERS[kind])
    assert (built.refusals, built.unbuilt) == ((), ())
    ((_, _, namespace, _),) = objects(built.documents)
    assert namespace == "shop"


def test_a_release_of_another_chart_states_nothing() -> None:
    assert read_flux(tree_of(MAKERS["HelmRelease"].replace("name: flux-instance", "name: other"))) is None


def test_a_source_leaves_files_out(tmp_path: Path) -> None:
    names = ("web", "docs/a", "docs/kept", ".sops", ".github/a", "stated")
    files = {f"apps/{name}.yaml": SERVICE.replace("web", name.replace("/", "-").strip(".")) for name in names}
    files |= {".sourceignore": "apps/docs/\n!apps/docs/kept.yaml\n"}

    def lookup(kind: str, namespace: str, name: str) -> OriginNode | None:
        if (kind, namespace, name) != ("GitRepository", "flux-system", "flux-system"):
            return None
        return tree_of("apiVersion: v1\nkind: GitRepository\nspec: {ignore: /apps/stated.yaml}\n")

    built = build_path(tmp_path, files, kustomization(), lookup)
    assert sorted(name for *_, name in objects(built.documents)) == ["docs-kept", "web"]


def test_what_is_encrypted_is_not_known(tmp_path: Path) -> None:
    encrypted = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {externalName: 'ENC[AES256_GCM,data:x]'}\nsops: {mac: x}\n"
    built = build_path(tmp_path, {"apps/a.yaml": encrypted}, kustomization("  decryption: {provider: sops}\n"))
    root = built.documents[0].document.root
    assert isinstance(root, Mapping)
    assert "sops" not in root
    spec = root["spec"]
    assert isinstance(spec, Mapping)
    assert isinstance(spec["externalName"], Unknown)
