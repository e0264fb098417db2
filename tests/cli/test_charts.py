"""Charts are units of their own, at their default values: what stands in a template is found at its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kubeqed.cli import main
from kubeqed.model.cluster import NEWEST_KUBERNETES

CHART = "apiVersion: v2\nname: shop\nversion: 0.1.0\n"
SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
spec:
  type: NodePort
  ports:
  - port: 80
    nodePort: {{ .Values.nodePort }}
"""
RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: shop, namespace: flux-system}
spec: {interval: 1h, chart: {spec: {chart: shop, sourceRef: {kind: GitRepository, name: apps}}}}
"""
FILES = {"shop/Chart.yaml": CHART, "shop/values.yaml": "nodePort: 80\n", "shop/templates/web.yaml": SERVICE}


def check(
    root: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], *more: str
) -> dict[str, list[dict[str, object]]]:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    monkeypatch.chdir(root)
    done = CliRunner().invoke(main, ["check", "--output-format", "json", *more])
    found: dict[str, list[dict[str, object]]] = json.loads(done.stdout)
    return found


def places(found: dict[str, list[dict[str, object]]]) -> list[tuple[object, ...]]:
    return [(one["rule"], one["file"], one["line"], one["certainty"]) for one in found["findings"]]


def test_what_a_default_value_breaks_is_found_in_the_template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = check(tmp_path, monkeypatch, FILES)
    assert places(found) == [("node-port-out-of-range", "shop/templates/web.yaml", 9, "rejected")]
    (finding,) = found["findings"]
    assert "shop/values.yaml" in json.dumps(finding["related"])


def test_a_chart_is_built_for_the_newest_kubernetes_or_the_one_that_is_stated(tmp_path: Path) -> None:
    data = 'data: {a: "{{ .Capabilities.KubeVersion }}", b: "{{ .Capabilities.APIVersions.Has "c.example/v1" }}"}'
    files = {"Chart.yaml": f'{CHART}kubeVersion: ">=1.27"\n', "templates/a.yaml": f"kind: ConfigMap\n{data}\n"}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    built = {
        options: CliRunner().invoke(main, ["build", *options, str(tmp_path)])
        for options in (
            (),
            ("--kube-version", "1.30", "-a", "d.example/v1,c.example/v1"),
            ("--kube-version", "v1.26.3"),
        )
    }
    assert [done.exit_code for done in built.values()] == [0, 0, 1]
    first, second, third = built.values()
    assert f"a: v{NEWEST_KUBERNETES}.0\n  b: 'false'" in first.stdout.replace('"', "'")
    assert "a: v1.30\n  b: 'true'" in second.stdout.replace('"', "'")
    assert "chart requires kubeVersion: >=1.27 which is incompatible with Kubernetes v1.26.3" in third.stderr


def test_a_chart_for_older_clusters_is_a_mistake_where_a_newer_one_is_stated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {**FILES, "shop/Chart.yaml": f"{CHART}kubeVersion: <1.24.0\n", "shop/values.yaml": "nodePort: 30080\n"}
    assert check(tmp_path, monkeypatch, files)["findings"] == []
    files["kubeqed.yaml"] = "cluster: {kubernetes: '1.30'}\n"
    assert places(check(tmp_path, monkeypatch, files)) == [("chart-broken", "shop/Chart.yaml", 2, "proved")]
    files["kubeqed.yaml"] = "cluster: {kubernetes: '1.23'}\n"
    assert check(tmp_path, monkeypatch, files)["findings"] == []


def test_an_object_without_a_namespace_has_that_of_its_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (finding,) = check(tmp_path, monkeypatch, FILES)["findings"]
    assert finding["object"] == {
        "apiVersion": "v1",
        "kind": "Service",
        "namespace": "default",
        "name": "release-name",
    }


def test_a_chart_that_may_be_given_values_is_open_to_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release = RELEASE.replace("GitRepository", "HelmRepository")  # another chart, but of this one nobody knows
    broken = {**FILES, "release.yaml": release, "shop/templates/b.yaml": "{{ .Values.a.b }}\n"}
    found = check(tmp_path, monkeypatch, broken, "--show", "possible")
    assert ("chart-broken", "shop/templates/b.yaml", 1, "possible") in places(found)


@pytest.mark.parametrize(
    ("template", "values", "certainty"),
    [
        ("a: {{ .Values.a.b }}\n", "", "possible"),
        ("a: {{ .Values.password | b64enc }}\n", "password:\n", "possible"),
        ('a: {{ include "said" . }}\n{{ define "said" }}{{ .Values.a }}: b: c{{ end }}\n', "", "possible"),
        ("a: b: c\n", "", "proved"),
        ('a: {{ include "nowhere" . }}\n', "", "proved"),
        ("a: {{ .Values.a\n", "", "proved"),
    ],
)
def test_what_fails_at_the_defaults_alone_may_wait_for_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, template: str, values: str, certainty: str
) -> None:
    files = {"shop/Chart.yaml": CHART, "shop/values.yaml": values, "shop/templates/b.yaml": template}
    found = check(tmp_path, monkeypatch, files, "--show", "possible")
    assert [(one["rule"], one["certainty"]) for one in found["findings"]] == [("chart-broken", certainty)]


def test_an_empty_description_is_still_to_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check(tmp_path, monkeypatch, {**FILES, "shop/Chart.yaml": ""})["findings"] == []
    named = check(tmp_path, monkeypatch, {**FILES, "shop/Chart.yaml": "name: shop\n"})
    assert places(named) == [("chart-broken", "shop/Chart.yaml", 1, "proved")]


def test_a_sub_chart_counts_only_through_its_parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = {f"shop/charts/inner/{name.removeprefix('shop/')}": text for name, text in FILES.items()}
    off = "\ndependencies: [{name: shop, version: 0.1.0, condition: shop.enabled}]\n"
    outer = {
        "shop/Chart.yaml": CHART.replace("name: shop", "name: outer") + off,
        "shop/values.yaml": "shop: {enabled: false}\n",
    }
    assert check(tmp_path, monkeypatch, {**inner, **outer})["findings"] == []
    on = {**inner, **outer, "shop/values.yaml": "shop: {enabled: true}\n"}
    assert len(check(tmp_path, monkeypatch, on)["findings"]) == 1


def test_a_comment_in_a_template_suppresses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "{{/* kubeqed: ignore[node-port-out-of-range] as the lab has it */}}"
    text = SERVICE.replace("{{ .Values.nodePort }}", f"{{{{ .Values.nodePort }}}} {said}")
    assert check(tmp_path, monkeypatch, {**FILES, "shop/templates/web.yaml": text})["findings"] == []


def test_a_library_chart_is_no_unit_and_no_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {**FILES, "shop/Chart.yaml": f"{CHART}type: library\n"}
    found = check(tmp_path, monkeypatch, files)
    assert (found["findings"], found["units"]) == ([], [])
    built = CliRunner().invoke(main, ["build", "shop"])
    assert (built.exit_code, "library charts are not installable" in built.stderr) == (1, True)


def test_a_default_value_that_is_empty_waits_for_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "kind: ConfigMap\napiVersion: v1\ndat: {{ .Values.owner }}\nmetadata: {name: x, labels: {owner: {{ .Values.owner }}}}\n"
    files = {"shop/Chart.yaml": CHART, "shop/values.yaml": "owner: ''\n", "shop/templates/x.yaml": text}
    lost = ("field-unknown", "shop/templates/x.yaml", 3, "rejected")
    assert places(check(tmp_path, monkeypatch, files)) == [lost]
    found = check(tmp_path, monkeypatch, files, "--show", "possible")
    assert places(found) == [lost, ("scalar-misread", "shop/templates/x.yaml", 4, "possible")]
    assert "unless another value is given for the chart" in str(found["findings"][1]["message"])


@pytest.mark.parametrize(
    ("spec", "certainty"),
    [
        ("spec: {ports: [{port: 80000}]}", "rejected"),
        ("spec: {ports: [{port: {{ .Values.port }}}]}", "rejected"),
        ("spec: {ports: [{port: 80}], externalName: web., type: ExternalName}", None),
        ("spec: {ports: [{port: 80}], externalName: 'web.<your-domain>', type: ExternalName}", None),
        ("spec: {ports: [{port: 80}], externalName: please name a host, type: ExternalName}", None),
        ("spec: {ports: [{port: 80}], externalName: web_example, type: ExternalName}", "rejected"),
        ("spec: {ports: [{port: 80}], externalName: 'web.{{ .Values.domain }}', type: ExternalName}", None),
    ],
)
def test_what_a_rendered_template_says_reaches_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spec: str, certainty: str | None
) -> None:
    text = f"kind: Service\napiVersion: v1\nmetadata: {{name: web}}\n{spec}\n"
    values = "port: 90000\ndomain: ''\n"
    files = {"shop/Chart.yaml": CHART, "shop/values.yaml": values, "shop/templates/web.yaml": text}
    found = check(tmp_path, monkeypatch, files)
    assert [one["certainty"] for one in found["findings"]] == ([certainty] if certainty else [])


INGRESS = """\
{{- if .Values.ingress.enabled }}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ .Release.Name }}-{{ .Values.ingress.name }}
spec:
  rules:
  {{- range .Values.ingress.hosts }}
  - host: {{ .host }}
  {{- end }}
{{- end }}
"""


@pytest.mark.parametrize(
    ("ingress", "count"),
    [
        ("{enabled: false, name: web, hosts: []}", 0),
        ("{enabled: true, name: web, hosts: []}", 0),
        ("{enabled: true, name: web, hosts: [{host: a_b}]}", 1),
        (f"{{enabled: true, name: {'w' * 52}, hosts: [{{host: a.example}}]}}", 0),
        (f"{{enabled: true, name: {'w' * 250}, hosts: [{{host: a.example}}]}}", 1),
    ],
)
def test_what_a_chart_is_to_be_given_is_no_mistake_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ingress: str, count: int
) -> None:
    values = f"ingress: {ingress}\n"
    files = {"shop/Chart.yaml": CHART, "shop/values.yaml": values, "shop/templates/web.yaml": INGRESS}
    assert len(check(tmp_path, monkeypatch, files)["findings"]) == count


WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: shop, volumeMounts: [{name: keys, mountPath: /keys}]}]
      volumes:
      {{- with .Values.keys }}
      - {name: keys, secret: {secretName: {{ . }}}}
      {{- end }}
"""


def test_a_source_that_a_chart_prints_for_a_value_waits_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = "envFrom:\n        - secretRef:\n            {{- with .Values.keys }}\n            name: {{ . }}\n            {{- end }}"
    text = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  containers:\n    - name: web\n      image: shop\n      {sources}\n"
    files = {"shop/Chart.yaml": CHART, "shop/values.yaml": "keys: ''\n", "shop/templates/web.yaml": text}
    assert check(tmp_path, monkeypatch, files)["findings"] == []
    files["shop/values.yaml"] = "keys: a_b\n"
    assert len(check(tmp_path, monkeypatch, files)["findings"]) == 1


def test_a_volume_that_a_chart_prints_for_a_value_waits_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"shop/Chart.yaml": CHART, "shop/values.yaml": "keys: ''\n", "shop/templates/web.yaml": WORKLOAD}
    assert check(tmp_path, monkeypatch, files)["findings"] == []
    (finding,) = check(
        tmp_path,
        monkeypatch,
        {"web.yaml": WORKLOAD.replace("{{- with", "#").replace("{{- end", "#").replace("- {name: keys, secret", "# -")},
        "web.yaml",
    )["findings"]
    assert (finding["rule"], finding["certainty"]) == ("value-rejected", "rejected")


@pytest.mark.parametrize(("stated", "expected"), [("", []), ("namespace: web, ", ["likely", "likely"])])
def test_the_namespace_of_a_release_is_nobodys_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stated: str, expected: list[str]
) -> None:
    service = f"{{apiVersion: v1, kind: Service, metadata: {{{stated}name: web}}, spec: {{selector: {{app: web}}, ports: [{{port: 80}}]}}}}\n"
    template = "{metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: a}]}}"
    pods = f"{{apiVersion: apps/v1, kind: Deployment, metadata: {{namespace: shop, name: web}}, spec: {{selector: {{matchLabels: {{app: web}}}}, template: {template}}}}}\n"
    policy = f"{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {{{stated}name: web}}, spec: {{podSelector: {{matchLabels: {{app: web}}}}}}}}\n"
    files = {
        "shop/Chart.yaml": CHART,
        "shop/templates/a.yaml": service,
        "shop/templates/b.yaml": pods,
        "shop/templates/c.yaml": policy,
    }
    found = check(tmp_path, monkeypatch, files)
    assert [one["certainty"] for one in found["findings"]] == expected


def test_what_a_chart_lacks_is_not_looked_for_in_the_charts_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = "{app: frontends}"
    pods = f"spec: {{selector: {{matchLabels: {labels}}}, template: {{metadata: {{labels: {labels}}}, spec: {{containers: [{{name: c, image: c}}]}}}}}}"
    files = {
        "charts/one/Chart.yaml": CHART,
        "charts/one/templates/a.yaml": SERVICE.replace("  ports:", "  selector: {app: frontend}\n  ports:").replace(
            "    nodePort: {{ .Values.nodePort }}\n", ""
        ),
        "charts/two/Chart.yaml": CHART.replace("shop", "two"),
        "charts/two/templates/a.yaml": f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: a}}\n{pods}\n",
    }
    for path in (".", str(tmp_path)):
        assert "service-selects-nothing" not in str(check(tmp_path, monkeypatch, files, "--show", "all", path))
