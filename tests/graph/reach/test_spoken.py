"""What people type for a peer, and the name that is meant by one that is not there."""

from __future__ import annotations

import pytest
from tests.graph.reach.samples import deployment, pod, service
from tests.graph.reach.world import unit_of

from kubeqed.graph.reach.answer import Answer
from kubeqed.graph.reach.ports import ALL
from kubeqed.graph.reach.spoken import nearest, side
from kubeqed.graph.reach.through import through_service

ANSWER = Answer(unit_of(deployment("frontend") + pod("db") + pod("db", "other") + service("db", 80, 8080)))


@pytest.mark.parametrize(
    "text",
    [
        "frontend",
        "shop/frontend",
        "frontend[Deployment]",
        "shop/Deployment/frontend",
        "Deployment/shop/frontend",
        "deployment/frontend",
    ],
)
def test_a_workload_has_several_names(text: str) -> None:
    assert [str(one) for one in side(ANSWER, text, "Egress").workloads] == ["shop/frontend[Deployment]"]


@pytest.mark.parametrize("text", ["Pod/shop/frontend", "shop/frontend/Deployment", "Deployment/other/frontend"])
def test_another_kind_or_namespace_is_another_workload(text: str) -> None:
    assert side(ANSWER, text, "Egress").empty


@pytest.mark.parametrize("text", ["db", "shop/db", "Service/shop/db", "service/db", "db[Service]"])
def test_a_service_has_several_names(text: str) -> None:
    assert [str(one) for one in through_service(ANSWER, text, ALL).side.workloads] == ["shop/db[Pod]"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("frontnd", "; did you mean shop/frontend[Deployment]?"),
        ("shop/frontent", "; did you mean shop/frontend[Deployment]?"),
        ("Deployment/shop/frontends", "; did you mean shop/frontend[Deployment]?"),
        ("zzz", ""),
    ],
)
def test_the_nearest_name(text: str, meant: str) -> None:
    assert nearest([ANSWER], text) == meant
