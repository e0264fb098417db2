"""A chart is judged at the values that an object states for it; at its own only where nothing states any."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.app.test_gitops import SOURCE, argo, flux, names, read, write

from kubeqed.cli import main
from kubeqed.model.units.unit import Unit, UnitOrigin

CHART = {
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n",
    "charts/web/values.yaml": "port: 80\nbackend: 80\n",
    "charts/web/templates/service.yaml": """apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
spec:
  selector: {app: web}
  ports:
    - port: {{ .Values.port }}
""",
    "charts/web/templates/ingress.yaml": """apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ .Release.Name }}
spec:
  defaultBackend:
    service:
      name: {{ .Release.Name }}
      port:
        number: {{ .Values.backend }}
""",
}
ARGO = argo("shop", "charts/web", "sources: []").replace(
    "charts/web}", "charts/web, helm: {valuesObject: {backend: 81}}}"
)
RELEASE = """apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: shop, namespace: shop}
spec:
  chart: {spec: {chart: ./charts/web, sourceRef: {kind: GitRepository, name: flux-system, namespace: flux-system}}}
  values: {backend: 81}
"""
KUSTOMIZATION = """namespace: shop
helmGlobals: {chartHome: ../charts}
helmCharts:
  - name: web
    releaseName: shop
    valuesInline: {backend: 81}
"""
STATED = {
    "argo": {"apps/shop.yaml": ARGO},
    "flux": {
        "clusters/a/sync.yaml": SOURCE + "---\n" + flux("flux-system", "./clusters/a"),
        "clusters/a/shop.yaml": RELEASE,
    },
    "kustomize": {"overlay/kustomization.yaml": KUSTOMIZATION},
}


def units(path: Path) -> list[Unit]:
    return [unit for unit in read(path).input.units if unit.objects]


@pytest.fixture(params=sorted(STATED))
def repository(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return write(tmp_path, {**CHART, **STATED[request.param]})


def test_its_objects_are_those_of_the_stated_values(repository: Path) -> None:
    (unit,) = units(repository)
    kinds = {one for one in names(unit) if "HelmRelease" not in one}
    assert {one.replace("Ingress ", "").replace("Service ", "") for one in kinds} <= {"shop/shop", "shop"}
    assert len(kinds) == 2
    assert not unit.producers


def test_what_a_stated_value_breaks_is_an_error(repository: Path) -> None:
    result = CliRunner().invoke(main, ["check", "--output-format", "concise", str(repository)])
    assert result.exit_code == 1
    (line,) = result.stdout.splitlines()
    assert "charts/web/templates/ingress.yaml:10:17: error: Ingress" in line
    assert "sends to port 81 of Service" in line


def test_a_path_in_the_chart_leads_to_what_states_its_values(repository: Path) -> None:
    found = [unit.found for unit in units(repository / "charts" / "web")]
    if (repository / "overlay").exists():
        assert found == [UnitOrigin.CHART]  # a name in `helmCharts` is no path that is looked for
    else:
        assert found == [UnitOrigin.CLUSTER]


def test_the_lines_of_templates_are_shown(repository: Path) -> None:
    result = CliRunner().invoke(main, ["check", str(repository)])
    assert "10 |         number: {{ .Values.backend }}" in result.stdout


def test_values_that_nobody_sees_make_no_error(tmp_path: Path) -> None:
    files = {
        **STATED["flux"],
        "clusters/a/shop.yaml": RELEASE + "  valuesFrom: [{kind: Secret, name: hidden}]\n",
    }
    result = CliRunner().invoke(main, ["check", str(write(tmp_path, {**CHART, **files}))])
    assert (result.exit_code, result.stdout) == (0, "")
    (unit,) = units(tmp_path)
    assert "the values values.yaml of Secret shop/hidden" in [one.text for one in unit.producers]


def test_a_release_of_a_chart_that_is_fetched_may_create_anything(tmp_path: Path) -> None:
    release = RELEASE.replace("GitRepository", "HelmRepository").replace("./charts/web", "web")
    files = {**STATED["flux"], "clusters/a/shop.yaml": release}
    (unit,) = units(write(tmp_path, files))
    assert "HelmRelease shop/shop" in [one.text for one in unit.producers]


APPS = {
    "apps/Chart.yaml": "apiVersion: v2\nname: apps\nversion: 0.1.0\n",
    "apps/values.yaml": "names: [a, b]\n",
    "apps/templates/all.yaml": "{{ range .Values.names }}\n---\n"
    + argo("{{ . }}", "{{ . }}").replace("url: ''", "url: https://example.org/team/fleet.git")
    + "{{ end }}\n",
    "a/x.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
    "b/x.yaml": argo("c", "c"),
    "c/x.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n",
}


def test_a_chart_of_applications_is_a_cluster(tmp_path: Path) -> None:
    (unit,) = units(write(tmp_path, APPS))
    assert unit.root == str(tmp_path / "apps")
    assert unit.found is UnitOrigin.CLUSTER
    assert names(unit) == {"ConfigMap shop/a", "ConfigMap shop/c"}


def test_a_chart_of_applications_that_another_applies_is_no_root(tmp_path: Path) -> None:
    (unit,) = units(write(tmp_path, {**APPS, "root/app.yaml": argo("root", "apps")}))
    assert unit.root == str(tmp_path / "root")
    assert names(unit) == {"ConfigMap shop/a", "ConfigMap shop/c"}


def test_what_does_not_render_at_stated_values_is_an_error(tmp_path: Path) -> None:
    broken = ARGO.replace("backend: 81", "backend: 'a: b'")
    files = {**CHART, "apps/shop.yaml": broken}
    result = CliRunner().invoke(main, ["check", "--output-format", "concise", str(write(tmp_path, files))])
    assert result.exit_code == 1
    assert "[chart-broken]" in result.stdout


CONFIGURATION = """charts:
  - path: charts/web
    values: [envs/prod.yaml]
    set: {port: 81}
    release: prod
    namespace: shop
  - path: charts/web
    set: {backend: 82, note: "1,2"}
"""


def checked(root: Path, files: dict[str, str]) -> tuple[int, list[str]]:
    write(root, files)
    (root / ".git").mkdir(exist_ok=True)
    result = CliRunner().invoke(main, ["check", "--output-format", "concise", str(root)])
    return result.exit_code, [line.removeprefix(f"{root}/") for line in result.stdout.splitlines()]


def test_the_configuration_states_values(tmp_path: Path) -> None:
    files = {**CHART, "kubeqed.yaml": CONFIGURATION, "envs/prod.yaml": "backend: 80\n"}
    code, (line,) = checked(tmp_path, files)  # one mistake at two values is one finding
    assert code == 1
    assert "Ingress shop/prod sends to port 80 of Service shop/prod, which has only 81" in line
    found = units(tmp_path)
    assert [(unit.root.removeprefix(f"{tmp_path}/"), unit.found) for unit in found] == [
        ("charts/web (prod.yaml, prod)", UnitOrigin.VALUED_CHART),
        ("charts/web (backend, note)", UnitOrigin.VALUED_CHART),
    ]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("path: charts/web\n    values: [gone.yaml]", "3:14: error: helm does not build this: open "),
        ("path: charts/gone", "2:11: error: helm does not build this: Chart.yaml file is missing"),
    ],
)
def test_what_the_configuration_names_and_is_not_there(tmp_path: Path, entry: str, message: str) -> None:
    code, (line, *_) = checked(tmp_path, {**CHART, "kubeqed.yaml": f"charts:\n  - {entry}\n"})
    assert code == 1
    assert line.startswith(f"kubeqed.yaml:{message}")


def test_lists_and_mappings_are_for_files_of_values(tmp_path: Path) -> None:
    write(tmp_path, {**CHART, "kubeqed.yaml": "charts: [{path: charts/web, set: {a: [b]}}]\n"})
    result = CliRunner().invoke(main, ["check", str(tmp_path)])
    assert result.exit_code == 2
    assert '"a" is a list: put it into a file of values' in result.stderr
