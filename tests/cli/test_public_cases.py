"""Inputs after public reports: what `why` answers. What `check` says of them stands in fixtures/worlds/scenarios."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from kubeqed.cli import main

CASES = Path(__file__).parents[2] / "fixtures/worlds/scenarios"


@pytest.mark.parametrize(
    ("case", "ends", "wanted"),
    [
        ("case-067-self", ("t/lone", "t/lone"), "itself: allowed"),
        ("case-067-self", ("t/many", "t/many"), "denied from one of its pods to another"),
        (
            "case-070-controller-by-namespace",
            ("ingress-controller", "fruit/apple"),
            "it depends on where the controller",
        ),
        ("case-059-per-pod-named-port", ("a/mig", "a/q-0[Service]"), "a/q[StatefulSet]"),
        ("case-040-dns-port-5353", ("maas/operand", "openshift-dns/dns-default[Service]"), "denied"),
        ("case-018-ns-label-missing", ("front/web", "store/db"), "kubernetes.io/metadata.name"),
        ("case-004-named-port-protocol", ("tele/probe", "tele/relay"), "denied"),
        ("case-102-members-cut-off", ("shop/cass", "shop/cass"), "denied from one of its pods to another"),
        ("case-104-peer-in-another-namespace", ("front/web", "back/db"), "denied"),
        ("case-105-policy-types-without-ingress", ("shop/cli", "shop/web"), "allowed"),
        ("case-105-policy-types-without-ingress", ("shop/web", "shop/cli"), "denied"),
        ("case-106-policies-add-up", ("shop/web", "shop/db"), "allowed"),
        ("case-106-policies-add-up", ("shop/api", "shop/db"), "allowed"),
        ("case-106-policies-add-up", ("shop/job", "shop/db"), "denied"),
    ],
)
def test_why(case: str, ends: tuple[str, str], wanted: str) -> None:
    shown = CliRunner().invoke(main, ["why", *ends, str(CASES / case)]).output
    assert wanted in shown, shown
