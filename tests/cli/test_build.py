"""`kubeqed build`: what a kustomization applies, where each value was set, and what is missing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.cli.running import environment, run
from tests.model.canaries import CANARY, canaries

from kubeqed.cli import main

BASE = {
    "base/kustomization.yaml": "resources: [web.yaml]\n",
    "base/web.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  ports:\n  - port: 80\n    name: ${NAME}\n",
}
PROD = {
    "prod/kustomization.yaml": "resources: [../base]\nnamespace: shop\nnamePrefix: prod-\npatches:\n- path: patch.yaml\n",
    "prod/patch.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  ports:\n  - port: 80\n    name: http\n",
}
APPLIED = """\
apiVersion: v1
kind: Service
metadata:
  name: prod-web
  namespace: shop
spec:
  ports:
  - name: http
    port: 80
"""
ORIGINS = """\
# from base/web.yaml:1 through base/kustomization.yaml:1, prod/kustomization.yaml:1
apiVersion: v1     # prod/patch.yaml:1, replaces base/web.yaml:1
kind: Service      # base/web.yaml:2
metadata:          # base/web.yaml:3
  name: prod-web   # prod/kustomization.yaml:3, replaces base/web.yaml:3
  namespace: shop  # prod/kustomization.yaml:2
spec:              # base/web.yaml:4
  ports:           # base/web.yaml:5
  - name: http     # prod/patch.yaml:7, replaces base/web.yaml:7
    port: 80       # prod/patch.yaml:6, replaces base/web.yaml:6
"""
SECRET = "secretGenerator:\n- name: login\n  literals: [password=hunter2]\n  options: {disableNameSuffixHash: true}\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(*files: dict[str, str]) -> None:
    for name, text in ((name, text) for part in files for name, text in part.items()):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["build", *arguments])


def test_what_is_applied_is_printed() -> None:
    put(BASE, PROD)
    done = call("prod")
    assert (done.exit_code, done.stdout, done.stderr) == (0, APPLIED, "")


def test_several_documents_and_the_texts_of_placeholders() -> None:
    more = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: 'yes', b: \"1\\n2\\n\", c: '{{ .x }}'}\n"
    put(BASE, {"base/kustomization.yaml": "resources: [web.yaml, more.yaml]\n", "base/more.yaml": more})
    first, second = sorted(call("base").stdout.split("---\n"))
    assert (
        first
        == "apiVersion: v1\ndata:\n  a: \"yes\"\n  b: |\n    1\n    2\n  c: '{{ .x }}'\nkind: ConfigMap\nmetadata:\n  name: x\n"
    )
    assert "  - name: ${NAME}\n" in second


def test_origins() -> None:
    put(BASE, PROD)
    assert call("prod", "--origins").stdout == ORIGINS


def test_an_origin_names_all_that_a_value_was_and_what_it_was_copied_from() -> None:
    put(BASE, PROD)
    copying = "- source: {kind: Service, fieldPath: metadata.name}\n  targets: [{select: {kind: Service}, fieldPaths: [%s]}]\n"
    more = f"replacements:\n{copying % 'spec.ports.0.name'}"
    put({"prod/kustomization.yaml": PROD["prod/kustomization.yaml"] + more})
    (line,) = [line for line in call("prod", "--origins").stdout.splitlines() if "- name:" in line]
    assert line.split("#")[1].strip() == (
        "prod/kustomization.yaml:8, copied from prod/kustomization.yaml:3, replaces prod/patch.yaml:7, base/web.yaml:7"
    )


@pytest.mark.parametrize(
    ("at", "path", "file"),
    [
        ("prod", (), "../base/web.yaml"),
        ("prod", ("kustomization.yaml",), "../base/web.yaml"),
        (".", ("prod/kustomization.yaml",), "base/web.yaml"),
        (".", ("prod/",), "base/web.yaml"),
        (".", ("./prod",), "base/web.yaml"),
        ("base", ("../prod",), "../base/web.yaml"),
        ("/", (), "{here}/base/web.yaml"),
    ],
)
def test_files_print_as_they_are_reached(at: str, path: tuple[str, ...], file: str, here: Path) -> None:
    put(BASE, PROD)
    os.chdir(at)
    given = path if at != "/" else (str(here / "prod"),)
    assert f"kind: Service      # {file.format(here=here)}:2" in re.sub(
        " +#", "      #", call(*given, "--origins").stdout
    )


@pytest.mark.parametrize(("at", "path"), [(".", "prod"), ("prod", "."), ("/", "{here}/prod")])
def test_without_a_repository_what_lies_below_the_path_is_what_may_be_read(at: str, path: str, here: Path) -> None:
    (here / ".git").rmdir()
    put(BASE, PROD)
    os.chdir(at)
    path = path.format(here=here)
    done = call(path)
    assert done.exit_code == 3
    assert f"error: the output lacks ../base, which lies outside of {path} (in no git repository)" in done.stderr
    assert call(str(here / "base")).exit_code == 0


def test_what_the_tool_would_refuse_is_named_and_the_rest_is_built() -> None:
    wrong = (
        "- patch: '[{op: remove, path: /spec/x}]'\n  target: {kind: Service}\n- path: none.yaml\n- path: none.yaml\n"
    )
    put(BASE, PROD, {"prod/kustomization.yaml": PROD["prod/kustomization.yaml"] + wrong})
    done = call("prod")
    assert (done.exit_code, done.stdout) == (1, APPLIED)
    lines = done.stderr.splitlines()
    found = [
        re.match(r"prod/kustomization.yaml:(\d+):\d+: error: .* \[kustomization-broken\]$", line) for line in lines
    ]
    assert [match and match[1] for match in found] == ["6", "8", "9"]


def test_what_is_missing_wins_over_what_is_refused() -> None:
    remote = "resources: [web.yaml, none.yaml, 'https://example.com/a//b?ref=v1']\nhelmCharts: [{name: redis, repo: https://charts.example}]\n"
    put(BASE, {"base/kustomization.yaml": remote})
    done = call("base")
    assert (done.exit_code, "kind: Service" in done.stdout) == (3, True)
    assert [line.partition(": error: ")[2] for line in done.stderr.splitlines()] == [
        "accumulating resources from 'none.yaml': open none.yaml: no such file or directory [kustomization-broken]",
        "the output lacks https://example.com/a//b?ref=v1, which is fetched from another machine [part-missing]",
        "the output lacks the chart redis of https://charts.example [part-missing]",
    ]


def test_the_same_refusal_in_two_overlays_is_named_once() -> None:
    put(BASE, {"base/kustomization.yaml": "resources: [web.yaml, none.yaml]\n"})
    for name in "ab":
        put({f"{name}/kustomization.yaml": f"resources: [../base]\nnamePrefix: {name}-\n"})
    put({"all/kustomization.yaml": "resources: [../a, ../b]\n"})
    done = call("all")
    assert (done.exit_code, len(done.stderr.splitlines()), done.stdout.count("kind: Service")) == (1, 1, 2)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("nowhere", "'nowhere' does not exist: name a directory that holds a kustomization.yaml, or that file"),
        (
            "base/web.yaml",
            "no kustomization.yaml and no Chart.yaml is at 'base/web.yaml', and no cluster of GitOps objects begins there: name a directory that holds one, such as base",
        ),
        (
            "base/deep",
            "no kustomization.yaml and no Chart.yaml is at 'base/deep', and no cluster of GitOps objects begins there: name a directory that holds one, such as base",
        ),
        (
            ".",
            "no kustomization.yaml and no Chart.yaml is at '.', and no cluster of GitOps objects begins there: name a directory that holds one",
        ),
    ],
)
def test_a_path_where_nothing_can_be_built(path: str, said: str) -> None:
    put(BASE, {"base/deep/x.yaml": ""})
    done = call(path)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in " ".join(done.stderr.split())


CHART = {
    "shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.1.0\n",
    "shop/values.yaml": "port: 80\nname:\n",
    "shop/templates/web.yaml": """\
apiVersion: v1
kind: Service
metadata:
  name: {{ required "a name is needed" .Values.name }}
  namespace: {{ .Release.Namespace }}
spec:
  ports:
  - port: {{ .Values.port }}
""",
}


def test_a_chart_is_rendered_at_the_values_that_are_stated() -> None:
    put(CHART, {"prod.yaml": "port: 8080\n"})
    done = call("shop", "--values", "prod.yaml", "--set", "name=web", "--namespace", "prod", "--origins")
    assert (done.exit_code, done.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "name: web # shop/templates/web.yaml:4, copied from <command line>:1" in lines
    assert "namespace: prod # shop/templates/web.yaml:5" in lines
    assert "- port: 8080 # shop/templates/web.yaml:8, copied from prod.yaml:1" in lines


def test_a_value_that_a_chart_asks_for_is_missing() -> None:
    put(CHART)
    done = call("shop/Chart.yaml")
    assert (done.exit_code, done.stdout) == (3, "")
    place = "shop/templates/web.yaml:4:12"
    said = "the output lacks a template that asks for a value: a name is needed"
    assert done.stderr == f"{place}: error: {said} [part-missing]\n"


def test_a_template_that_helm_refuses() -> None:
    put(CHART, {"shop/values.yaml": "name: web\n", "shop/templates/b.yaml": "a: {{ .Values.x.y }}\n"})
    done = call("shop")
    assert (done.exit_code, "kind: Service" in done.stdout) == (1, True)
    said = 'template: shop/templates/b.yaml:1:13: executing "shop/templates/b.yaml" at <.Values.x.y>: nil pointer evaluating interface {}.y'
    assert done.stderr == f"shop/templates/b.yaml:1:14: error: {said} [chart-broken]\n"


def test_values_that_cannot_be_read() -> None:
    put(CHART, {"bad.yaml": "a: [\n"})
    assert call("shop", "--values", "none.yaml").exit_code == 2
    done = call("shop", "--values", "bad.yaml")
    assert (done.exit_code, done.stderr.startswith("bad.yaml:1:")) == (1, True)


def test_a_directory_with_a_kustomization_and_a_chart_is_the_kustomization() -> None:
    put(BASE, {f"base/{name.removeprefix('shop/')}": text for name, text in CHART.items()})
    assert "a name is needed" not in call("base").stderr


def test_two_kustomizations_in_a_directory() -> None:
    put(BASE, {"base/Kustomization": "resources: []\n"})
    done = call("base")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("base:1:1: error: Found multiple kustomization files under it: ")


def test_secrets_are_redacted_unless_they_are_asked_for() -> None:
    put({"kustomization.yaml": SECRET})
    done = call("--origins")
    assert (done.exit_code, done.stderr) == (0, "note: 1 value of Secrets is redacted; --show-secrets prints them\n")
    assert re.search(r"^  password: '\*\*\*' +# kustomization.yaml:3$", done.stdout, re.MULTILINE)
    assert "aHVudGVyMg==" not in done.stdout
    shown = call("--show-secrets")
    assert "  password: aHVudGVyMg==\n" in shown.stdout
    assert shown.stderr == ""


BROKEN = [
    "patches: [{path: none.yaml}]\n",
    "patches:\n- target: {kind: Secret}\n  patch: |-\n    - {op: test, path: /data/a, value: @x}\n",
    "patches:\n- target: {kind: Secret}\n  patch: |-\n    - {op: replace, path: /none/a, value: @}\n",
    "patches:\n- patch: |-\n    kind: Secret\n    metadata: {name: other}\n    stringData: {a: @}\n",
    "patches:\n- patch: |-\n    apiVersion: v1\n    kind: Secret\n    metadata: {name: other}\n    stringData: {a: @}\n",
    "patches:\n- patch: |-\n    [kind: Secret, stringData: {a: @}\n",
    "secretGenerator:\n- {name: x, literals: [@]}\n- {name: y, literals: [a=@, a=@]}\n- {name: z, literal: [@]}\n",
    "replacements:\n- source: {kind: Secret, fieldPath: stringData.a, options: {delimiter: ':', index: 7}}\n  targets: [{select: {kind: Secret}, fieldPaths: [stringData.b]}]\n",
    "replacements:\n- source: {kind: Secret, fieldPath: stringData.a}\n  targets: [{select: {kind: Service}, fieldPaths: ['spec.ports.0.port']}]\n",
    "vars:\n- {name: A, objref: {apiVersion: v1, kind: Secret, name: login}, fieldref: {fieldpath: stringData.a}}\n",
]


# What a variable, an argument, a header or a text of a ConfigMap holds is applied as it stands.
_NO_SECRETS = ("pod", "url", "agent", "route", "header", "backend", "external", "configmap", "k3")


def test_no_output_holds_a_value_of_a_secret() -> None:
    texts = {name: text for name, text in canaries().items() if not name.startswith(_NO_SECRETS)}
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80, name: $(A)}]}\n"
    for number, (name, text) in enumerate(texts.items()):
        if not name.startswith("k"):
            broken = BROKEN[number % len(BROKEN)].replace("@", CANARY)
            put({f"{number}/{name}": text, f"{number}/service.yaml": service})
            put({f"{number}/kustomization.yaml": f"resources: [service.yaml, {name}]\n{broken}"})
        else:
            put({name: text + "resources: [secret.yaml]\n"})
            put({f"{name.partition('/')[0]}/secret.yaml": texts["secret-0.yaml"]})
    for file in sorted(Path().glob("*/kustomization.yaml")):
        done = call(str(file), "--origins")
        assert done.exit_code in (0, 1, 3), done.output
        assert not re.search(CANARY, done.output, re.IGNORECASE), (file.read_text(), done.output)


def test_no_message_quotes_a_value_of_a_secret() -> None:
    secret = (
        f"apiVersion: v1\nkind: Secret\nmetadata: {{name: login}}\ndata: {{a: {CANARY}}}\nstringData: {{a: {CANARY}}}\n"
    )
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80, name: $(A)}]}\n"
    for number, text in enumerate(BROKEN):
        put({f"{number}/s.yaml": f"{secret}---\n{service}"})
        put({f"{number}/kustomization.yaml": f"resources: [s.yaml]\n{text.replace('@', CANARY)}"})
        done = call(str(number))
        assert CANARY not in done.output, (text, done.output)
        assert done.exit_code == (0 if text.startswith("vars") else 1), (text, done.output)


def test_start_up_imports_nothing_that_a_build_does_not_need() -> None:
    put(BASE, PROD)
    code = "import sys; from kubeqed.cli import main; main(['build', 'prod'], standalone_mode=False)"
    listed = f"{code}\nprint(*sys.modules, file=sys.stderr)".replace("main([", "\ntry: main([").replace(
        "False)", "False)\nexcept SystemExit: pass", 1
    )
    done = subprocess.run([sys.executable, "-c", listed], capture_output=True, text=True, env=environment())
    assert done.stdout == APPLIED
    unwanted = {"z3", "pydantic", "sarif_om", "pygls", "kubeqed.rule", "kubeqed.resolve", "kubeqed.config"}
    assert unwanted & set(done.stderr.split()) == set()


def test_a_process_of_its_own() -> None:
    put(BASE, PROD)
    done = run("build", "prod")
    assert (done.exit_code, done.stdout, done.stderr) == (0, APPLIED, "")


def test_what_git_keeps_is_not_read(here: Path) -> None:
    (here / ".git/config").write_text(f"password = {CANARY}\n")
    put({"kustomization.yaml": "configMapGenerator:\n- {name: x, files: [.git/config, a=.GIT/config]}\n"})
    done = call()
    assert done.exit_code == 3
    assert CANARY not in done.output


def test_what_is_read_against_the_default_and_what_is_ignored_is_noted() -> None:
    put(BASE, {"base/kustomization.yaml": "resources: [../web.yaml]\nopenapi: {path: schema.json}\n"})
    put({"web.yaml": BASE["base/web.yaml"], "base/schema.json": "{}"})
    done = call("base")
    assert (done.exit_code, done.stdout[:14]) == (0, "apiVersion: v1")
    first, second = done.stderr.splitlines()
    assert first.startswith("base/kustomization.yaml:1:13: notice: kustomize does not build this: security; file")
    assert first.endswith("[kustomization-broken]")
    assert second.startswith("base/kustomization.yaml:2:17: notice: not read")
    assert "schema.json" in second


def test_a_cluster_is_built(here: Path) -> None:
    kustomization = (
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps, namespace: flux-system}\n"
        "spec: {path: prod, targetNamespace: other, sourceRef: {kind: GitRepository, name: flux-system}}\n"
    )
    put(BASE, PROD, {"clusters/prod/apps.yaml": kustomization})
    done = call("clusters/prod", "--origins")
    assert done.exit_code == 0
    assert re.search("namespace: other +# clusters/prod/apps.yaml:4", done.stdout)
    assert "kind: Kustomization" in done.stdout
