"""Which files get findings: manifests, wherever they are met, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from kubeqed.app.check.run import CheckRequest, analyze

CLIENT_SIDE = {
    "compose.yaml": "services:\n  web:\n    image: nginx\n    image: httpd\n    ports: [80:80\n",
    "docker-compose.yml": "version: 3\nservices:\n  web: {image: nginx}\n  web: {image: httpd}\n",
    "values.yaml": "service:\n  kind: ClusterIP\n  port: 80\nservice:\n  port: 81\nlimit: .inf\n",
    "values-broken.yaml": "image: {repository: nginx\nport: 80\n",
    ".rubocop.yml": "Metrics/MethodLength:\n  Max: .inf\n",
    ".gitlab-ci.yml": "test:\n  script: [make]\ntest:\n  script: [make, again]\n",
    "workflow.yml": "on: push\njobs:\n  test: {runs-on: x, runs-on: y}\n",
    "ejabberd.yml": "acl: {admin: {}}\nacl: {local: {}}\n",
    "truncated.json": '{"name": "web", "files": [',
    "tasks.json": '{\n  // an editor\'s\n  "tasks": [{"group": {\n    "kind": "build"\n  }}]\n}\n',
    "tsconfig.json": '{\n  // the compiler\'s\n  "compilerOptions": {"strict": true,},\n}\n',
    "kustomization.yaml": "resources: []\nresources: []\n",
    "chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "plugin.yaml": "apiVersion: v1\ntype: cli/v1\nname: web\nversion: 1.0.0\n",
    "provisioning.yaml": "apiVersion: 1\nproviders:\n- name: web\n",
    "kubeconfig.yaml": "apiVersion: v1\nkind: Config\nclusters: []\nusers: []\ncontexts: []\ncurrent-context: x\n",
    "kind.yaml": "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes:\n- role: control-plane\n",
    "kind-notes.yaml": 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n---\nkubectl get nodes\n\ncurl x --data "{\\"a\\": 1}" | jq\nb: [\n',
    "skaffold.yaml": "apiVersion: skaffold/v4beta11\nkind: Config\nmanifests: {rawYaml: [k8s/*]}\n",
    "k3d.yaml": "apiVersion: k3d.io/v1alpha5\nkind: Simple\nmetadata: {name: web}\nservers: 1\n",
    "eksctl.yaml": "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: web, region: x}\n",
    "kubeadm.yaml": "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nnetworking: {}\n",
    "kubelet.yaml": "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nmaxPods: 50\n",
    "audit.yaml": "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None}]\n",
    "encryption.yaml": "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources: []\n",
    "pipeline.yml": "kind: pipeline\ntype: docker\nname: default\nsteps: []\n",
    "catalog-info.yaml": "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: web}\nspec: {}\n",
    "openapi.yaml": "openapi: 3.0.0\ninfo: {title: x, version: 1}\npaths: {}\n",
}


def written(files: dict[str, str], directory: Path) -> None:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def said(request: CheckRequest) -> list[str]:
    return [f"{item.span.line} {item.rule}" for item in analyze(request).report.findings]


@pytest.mark.parametrize("name", CLIENT_SIDE)
def test_a_file_of_a_client_is_silent_named_or_met(name: str, tmp_path: Path) -> None:
    written({name: CLIENT_SIDE[name]}, tmp_path)
    path = str(tmp_path / name)
    assert said(CheckRequest((path,))) == []
    assert said(CheckRequest((str(tmp_path),))) == []
    assert said(CheckRequest((str(tmp_path),), about=(path,))) == []


def test_all_of_them_together_are_silent(tmp_path: Path) -> None:
    written(CLIENT_SIDE, tmp_path)
    assert said(CheckRequest((str(tmp_path),))) == []


def test_two_slips_are_an_error_only_in_a_file_that_somebody_named(tmp_path: Path) -> None:
    written({"web.yaml": "apiversion: v1\nKind: Service\nmetadata: {name: web}\n"}, tmp_path)
    path = str(tmp_path / "web.yaml")
    assert said(CheckRequest((path,))) == ["1 value-rejected", "2 value-rejected"]
    assert said(CheckRequest((str(tmp_path),), about=(path,))) == []
    assert said(CheckRequest((str(tmp_path),))) == []


def test_a_slip_takes_the_place_of_the_hint_that_nothing_was_found(tmp_path: Path) -> None:
    written({"web.yaml": "kind: Service\napiversion: v1\nmetadata: {name: web}\n"}, tmp_path)
    report = analyze(CheckRequest((str(tmp_path / "web.yaml"),))).report
    (finding,) = report.findings
    assert (finding.span.line, finding.span.column, finding.suggestion) == (2, 1, "apiVersion")
    assert not any("no Kubernetes object" in caveat for caveat in report.caveats)


def test_files_of_other_programs_are_not_parsed_but_for_those_that_a_kustomization_names(tmp_path: Path) -> None:
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80, nodePort: 1}]}\n"
    operations = (
        '[{"op": "replace", "path": "/spec/ports/0/nodePort", "value": 30000},'
        ' {"op": "add", "path": "/spec/type", "value": "NodePort"}]'
    )
    files = {"kustomization.yaml": "resources: [web.yaml]\n", "web.yaml": service, "fix.json": operations}
    written(files, tmp_path)
    analysis = analyze(CheckRequest((str(tmp_path),)))
    assert len(analysis.report.findings) == 1
    assert [one.file.rpartition("/")[2] for one in analysis.parsed.values() if one.passed_over] == ["fix.json"]
    named = "resources: [web.yaml]\npatches: [{path: fix.json, target: {kind: Service}}]\n"
    written({"kustomization.yaml": named}, tmp_path)
    assert said(CheckRequest((str(tmp_path),))) == []
