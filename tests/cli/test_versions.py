"""Target versions that nobody described: the next best one, and a word about it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from kubeqed.apiserver.decode.table import served_since
from kubeqed.cli import main
from kubeqed.cli.options import kubernetes_version
from kubeqed.model.cluster import OLDEST_KUBERNETES, KubernetesVersion


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1.99", "kubeqed: Kubernetes 1.99 is not known yet and judged as 1.36\n"),
        ("1.37", "kubeqed: Kubernetes 1.37 is not known yet and judged as 1.36\n"),
        ("1.36", ""),
        ("v1.27.3", ""),
        ("1.26", "kubeqed: the fields of Kubernetes 1.26 are judged as those of 1.27\n"),
        ("1.10", "kubeqed: the fields of Kubernetes 1.10 are judged as those of 1.27\n"),
    ],
)
def test_a_version_outside_the_tables_is_said(text: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert kubernetes_version(text) == KubernetesVersion(1, int(text.split(".")[1]))
    assert capsys.readouterr().err == said


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ('"1.99"', ":2:15: Kubernetes 1.99 is not known yet and judged as 1.36"),
        ('"1.20"', ":2:15: the fields of Kubernetes 1.20 are judged as those of 1.27"),
        ("v1.36.4", None),
    ],
)
def test_the_configuration_says_so_too(stated: str, said: str | None, tmp_path: Path) -> None:
    config = tmp_path / "kubeqed.yaml"
    config.write_text(f"cluster:\n  kubernetes: {stated}\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["check", "--config", str(config), "-"], input="{}")
    assert result.exit_code == 0
    assert (said in result.stderr) if said else ("Kubernetes 1." not in result.stderr)
    overruled = CliRunner().invoke(main, ["check", "--kubernetes-version", "1.36", "--config", str(config), "-"], "{}")
    assert "judged as" not in overruled.stderr


@pytest.mark.parametrize("text", ["2.0", "0.9", "1", "new"])
def test_what_is_no_version_is_wrong_usage(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        kubernetes_version(text)


def test_the_oldest_version_is_that_of_the_tables() -> None:
    assert OLDEST_KUBERNETES.minor == served_since()
