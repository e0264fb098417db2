"""The hooks of `.pre-commit-hooks.yaml`, installed from this tree and met in commits, with pre-commit and with prek."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from tests.surfaces.conftest import Run

ROOT = Path(__file__).parents[2]
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  defaultBackend: {service: {name: web, port: {number: 80}}}
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80}]}
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: nginx}]}}
"""
CLOSED = "units:\n  - {path: ., world: closed}\n"
HOOKS = "repos:\n  - repo: {source}\n    rev: {revision}\n    hooks: [{{id: {hook}}}]\n"


class Source(NamedTuple):
    """A repository that holds this working tree as one commit."""

    path: Path
    revision: str


@pytest.fixture(scope="module")
def source(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Source:
    path = tmp_path_factory.mktemp("source")
    listed = run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, path / name)
    for arguments in (["init", "-q"], ["add", "-A", "-f"], ["commit", "-q", "-m", "all"]):
        run(["git", *arguments], path).check_returncode()
    return Source(path, run(["git", "rev-parse", "HEAD"], path).stdout.strip())


@pytest.fixture
def cluster(run: Run, tmp_path: Path) -> Path:
    """A repository of manifests in which all is well, and whose owner says that it is all there is."""
    (tmp_path / "k8s").mkdir()
    for name, text in (("ingress", INGRESS), ("service", SERVICE), ("deployment", DEPLOYMENT)):
        (tmp_path / "k8s" / f"{name}.yaml").write_text(text)
    (tmp_path / "kubeqed.yaml").write_text(CLOSED)
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "manifests"]):
        run(["git", *arguments], tmp_path).check_returncode()
    return tmp_path


def test_try_repo(run: Run, source: Source, cluster: Path) -> None:
    """Both hooks at once, and the fault is in a file that is not given."""
    (cluster / "k8s/service.yaml").write_text(SERVICE.replace("port: 80", "port: 81"))
    run(["git", "add", "."], cluster).check_returncode()
    done = run(["pre-commit", "try-repo", source.path, "--files", "k8s/service.yaml", "--verbose"], cluster)
    assert done.returncode == 1
    assert done.stdout.count("k8s/ingress.yaml:5:56: error: Ingress shop/web") == 2
    assert done.stdout.count("exit code: 1") == 2


@pytest.mark.parametrize("program", ["pre-commit", "prek"])
def test_a_commit_that_only_deletes_a_service_is_stopped(run: Run, source: Source, cluster: Path, program: str) -> None:
    configuration = HOOKS.format(source=source.path, revision=source.revision, hook="kubeqed")
    (cluster / ".pre-commit-config.yaml").write_text(configuration)
    run([program, "install"], cluster).check_returncode()
    run(["git", "add", ".pre-commit-config.yaml"], cluster).check_returncode()
    good = run(["git", "commit", "-m", "hooks"], cluster)
    assert good.returncode == 0, good.stdout + good.stderr
    assert "kubeqed" in good.stdout + good.stderr

    run(["git", "rm", "-q", "k8s/service.yaml"], cluster).check_returncode()
    bad = run(["git", "commit", "-m", "no service"], cluster)
    assert bad.returncode == 1
    assert "k8s/ingress.yaml:5:36: error: Ingress shop/web" in bad.stdout + bad.stderr
    assert run(["git", "log", "--format=%s"], cluster).stdout.split("\n")[0] == "hooks"


@pytest.mark.parametrize("program", ["pre-commit", "prek"])
def test_changed_files(run: Run, source: Source, cluster: Path, program: str) -> None:
    """An old fault elsewhere stops nobody; one that concerns a file of the commit does, wherever it stands."""
    (cluster / "k8s/old.yaml").write_text(SERVICE.replace("web", "old").replace("{port: 80}", "{port: 0}"))
    run(["git", "add", "k8s/old.yaml"], cluster).check_returncode()
    run(["git", "commit", "-q", "-m", "old"], cluster).check_returncode()
    configuration = HOOKS.format(source=source.path, revision=source.revision, hook="kubeqed-changed")
    (cluster / ".pre-commit-config.yaml").write_text(configuration)
    run([program, "install"], cluster).check_returncode()

    (cluster / "k8s/deployment.yaml").write_text(DEPLOYMENT + "# changed\n")
    run(["git", "add", "."], cluster).check_returncode()
    good = run(["git", "commit", "-m", "changed"], cluster)
    assert good.returncode == 0, good.stdout + good.stderr

    (cluster / "k8s/service.yaml").write_text(SERVICE.replace("port: 80", "port: 81"))
    run(["git", "add", "."], cluster).check_returncode()
    bad = run(["git", "commit", "-m", "other port"], cluster)
    assert bad.returncode == 1, "its Ingress, in a file that is not changed, asks for port 80"
    assert "k8s/ingress.yaml:5:" in bad.stdout + bad.stderr
    assert "k8s/old.yaml" not in bad.stdout + bad.stderr
