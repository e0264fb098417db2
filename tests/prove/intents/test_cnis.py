"""Intents are judged by what the CNI of the cluster obeys, as `reach` has it."""

from __future__ import annotations

import pytest
from tests.prove.intents.test_intents import NOWHERE
from tests.reach.samples import app, pod, policy
from tests.reach.world import unit_of
from tests.resolve.cni_world import daemonset

from kubeqed.model.cluster import Cluster
from kubeqed.model.intents import EndClaim, Expectation, Intent, LabelClaim
from kubeqed.prove.intents.judge import IntentJudge
from kubeqed.reach import ReachResult, assumptions_of_cluster
from kubeqed.reach.algebra import ALL

DB = EndClaim(pods=LabelClaim((("app", "In", ("db",)),)))
CLOSED = Intent("nobody reaches the database", NOWHERE, (EndClaim(),), (DB,), Expectation.DENIED, ALL)
SHOP = pod("web") + pod("db") + policy("in", podSelector=app("db"))
ENGINE = daemonset("kube-system", "kube-network-policies", "networking/kube-network-policies:v1.0.0")


@pytest.mark.parametrize(("text", "holds"), [(SHOP, False), (f"{SHOP}---\n{ENGINE}", True)])
def test_a_cni_that_obeys_no_policies_counts_unless_an_engine_is_there(text: str, holds: bool) -> None:
    unit, assumptions = unit_of(text), assumptions_of_cluster(Cluster(), "flannel")
    assert IntentJudge(unit, [CLOSED], assumptions).judge(CLOSED).holds is holds
    assert ReachResult(unit, assumptions).reach.assumptions.enforced is holds
