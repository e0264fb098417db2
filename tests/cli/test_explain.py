"""`kubeqed explain`: where the package data that a rule judges by comes from."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from kubeqed.cli import main


@pytest.mark.parametrize(
    ("rule", "address"),
    [
        ("policy-not-enforced", "https://github.com/flannel-io/flannel"),
        ("ingress-class-unserved", "https://kubernetes.github.io/ingress-nginx"),
        ("address-space-short", "https://learn.microsoft.com/en-us/azure/aks/configure-kubenet"),
    ],
)
def test_explain_prints_the_sources_of_the_data(rule: str, address: str) -> None:
    shown = CliRunner().invoke(main, ["explain", rule]).stdout
    assert f"\n  {address}" in shown.partition("was written after:")[2]


def test_explain_names_no_data_for_a_rule_that_has_none() -> None:
    assert "was written after" not in CliRunner().invoke(main, ["explain", "service-selects-nothing"]).stdout
