"""`--within`: all of a tree is read, and only what concerns the given files is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from kubeqed.cli import main

if TYPE_CHECKING:
    from pathlib import Path

SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: NAME, namespace: shop}
spec:
  type: NodePort
  selector: {app: NAME}
  ports: [{port: 80, nodePort: 30080}]
"""
RANGE = "apiVersion: v1\nkind: Service\nmetadata: {name: low, namespace: shop}\nspec: {type: NodePort, ports: [{port: 1, nodePort: 1}]}\n"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two Services that want the same node port, each in a directory of its own, and one that wants a forbidden one."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "service.yaml").write_text(SERVICE.replace("NAME", name))
    (tmp_path / "low.yaml").write_text(RANGE)
    (tmp_path / "kubeqed.yaml").write_text("rules: {select: [node-port-clash, node-port-out-of-range]}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def concise(*arguments: str) -> set[str]:
    run = CliRunner().invoke(main, ["check", "--output-format", "concise", *arguments])
    assert run.exit_code == (1 if run.stdout else 0), run.output
    return {line.partition(":")[0] for line in run.stdout.splitlines()}


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize(
    ("arguments", "files"),
    [
        ([], {"b/service.yaml", "low.yaml"}),
        (["--within", "."], {"b/service.yaml", "low.yaml"}),
        (["--within", ".", "low.yaml"], {"low.yaml"}),
        (["--within", ".", "b/service.yaml"], {"b/service.yaml"}),
        (["--within", ".", "a/service.yaml"], {"b/service.yaml"}),  # by its related place
        (["--within", ".", "a"], {"b/service.yaml"}),
        (["--within", ".", "a", "low.yaml"], {"b/service.yaml", "low.yaml"}),
        (["--within", ".", "gone.yaml"], set()),
        (["--within", "a", "--within", "low.yaml", "low.yaml"], {"low.yaml"}),
        (["a"], set()),  # alone, nothing clashes with it
    ],
)
def test_what_is_said(arguments: list[str], files: set[str]) -> None:
    assert concise(*arguments) == files


def test_a_path_may_be_absolute_or_a_link(tree: Path) -> None:
    (tree.parent / "link").symlink_to(tree)
    assert concise("--within", str(tree), "low.yaml") == {str(tree / "low.yaml")}
    assert concise("--within", ".", str(tree.parent / "link" / "low.yaml")) == {"low.yaml"}


@pytest.mark.usefixtures("tree")
def test_what_is_found_elsewhere_is_not_counted() -> None:
    run = CliRunner().invoke(main, ["check", "--show", "posture", "--within", ".", "low.yaml"])
    assert "kubeqed: 1 error in" in run.stderr
