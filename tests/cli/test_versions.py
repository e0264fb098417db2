"""Target versions that nobody described: the next best one, and a word about it."""

from __future__ import annotations

import pytest

from kubeqed.cli.options import kubernetes_version
from kubeqed.model.admission.table import served_since
from kubeqed.model.cluster import OLDEST_KUBERNETES, Version


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
    assert kubernetes_version(text) == Version(1, int(text.split(".")[1]))
    assert capsys.readouterr().err == said


@pytest.mark.parametrize("text", ["2.0", "0.9", "1", "new"])
def test_what_is_no_version_is_wrong_usage(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        kubernetes_version(text)


def test_the_oldest_version_is_that_of_the_tables() -> None:
    assert OLDEST_KUBERNETES.minor == served_since()
