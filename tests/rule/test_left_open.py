"""What a search does not look at to the end is said, and is no all-clear."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from kubeqed.cli import main
from kubeqed.reach.query.tiers import Comparisons

POLICY = """\
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: p%d}
spec: {priority: %d, subject: {namespaces: {}}, ingress: [{action: %s, from: [{namespaces: {}}]}]}
"""


def test_rules_of_administrators_that_are_too_many_are_left_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.yaml").write_text("---\n".join(POLICY % (n, n, ("Allow", "Deny")[n % 2]) for n in range(4)))
    monkeypatch.chdir(tmp_path)
    whole = CliRunner().invoke(main, ["check", "--show", "all"])
    assert "gave-up" not in whole.output
    assert "admin-rule-shadowed" in whole.output
    monkeypatch.setattr(Comparisons.__init__, "__defaults__", (2,))
    cut = CliRunner().invoke(main, ["check", "--show", "all"])
    assert "which rules of administrators decide nothing was given up in the unit" in cut.output
    assert cut.exit_code == 3
