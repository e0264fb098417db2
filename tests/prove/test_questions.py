"""Cases of the named questions that were wrong once, or easily would be."""

from __future__ import annotations

import pytest
from tests.worlds import graph, one

from kubeqed.model.kinds.ingress import Ingress
from kubeqed.model.kinds.service import Service
from kubeqed.model.kinds.statefulset import StatefulSet
from kubeqed.parse import Unknown, Variable
from kubeqed.prove.engine import solver
from kubeqed.prove.engine.answer import Decision, Verdict
from kubeqed.prove.engine.decide import first_fault
from kubeqed.prove.engine.formula import FALSE, TRUE, And, Equal, Fact, Formula, Holds
from kubeqed.prove.questions.backend import BackendPortResolves
from kubeqed.prove.questions.governing_service import GoverningServiceHeadless, GoverningServiceSelectsPods
from kubeqed.prove.questions.pod_names import PodNamesUsed
from kubeqed.prove.questions.service_selects import ServiceSelectsPods
from kubeqed.resolve import Resolver

STATEFULSET = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec: {serviceName: db, template: {metadata: {labels: %s}, spec: {containers: []}}}
---
"""
SERVICE = "{apiVersion: v1, kind: Service, metadata: {name: db%s}, spec: {clusterIP: %s, selector: %s}}\n---\n"


def _world(labels: str, *services: str) -> Resolver:
    return graph(STATEFULSET % labels + "".join(services))


def test_each_label_that_nobody_sees_is_another_unknown() -> None:
    within = _world("'${LABELS}'", SERVICE % (", namespace: shop", "None", "{app: web, tier: front}"))
    answer = GoverningServiceSelectsPods(one(within, StatefulSet)).answer(within)
    assert answer.verdict is Verdict.DEPENDS
    assert len(answer.unknowns) == 2


def test_a_selector_that_nobody_sees_may_be_the_namespace_too() -> None:
    within = _world("{app: web}", SERVICE % (", namespace: '${X}'", "None", "'${X}'"))
    answer = GoverningServiceSelectsPods(one(within, StatefulSet)).answer(within)
    assert answer.verdict is Verdict.DEPENDS


def test_a_fault_that_is_sure_is_told_before_one_that_may_be() -> None:
    unsure, sure = SERVICE % ("", "10.0.0.1", "{}"), SERVICE % (", namespace: shop", "10.0.0.2", "{}")
    within = _world("{app: db}", unsure, sure)
    answer = GoverningServiceHeadless(one(within, StatefulSet)).answer(within)
    assert answer.fails
    assert answer.service.namespace == "shop"


def test_what_was_given_up_is_no_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver.solve, "__defaults__", (1,))
    unknowns = [Fact(Unknown(Variable(name), f"${{{name}}}"), name, None) for name in "XYZ"]  # more than are tried
    hard: Formula = And(tuple(Equal(unknown, "a") for unknown in unknowns))
    assert first_fault([("one", True, TRUE), ("two", False, hard)]) == (Decision(Verdict.GAVE_UP), "two")
    assert first_fault([("one", True, hard), ("two", True, FALSE)])[1] == "two"


def test_a_fact_is_shown_once_however_many_workloads_it_is_compared_with() -> None:
    workload = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: %s, namespace: '${NS}'}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: []}}}
---
"""
    service = "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}}}"
    within = graph(workload % "one" + workload % "two" + service)
    answer = ServiceSelectsPods(one(within, Service)).answer(within)
    assert answer.verdict is Verdict.DEPENDS
    texts = [fact.text for fact in answer.facts]
    assert len(texts) == len(set(texts))


def test_a_witness_names_values_and_never_codes() -> None:
    x, y = (Fact(Unknown(Variable(name), name), f"{name} is", None) for name in "XY")
    decision = solver.solve(_unless_equal(x, y), TRUE)
    assert decision.witness == (("X", "another value"), ("Y", "another value"))
    unset = solver.solve(_unless(Equal(x, None)), TRUE)
    assert unset.witness == (("X", "not set"),)


def _unless(formula: Formula) -> Formula:
    from kubeqed.prove.engine.formula import Not

    return Not(formula)


def _unless_equal(x: Fact, y: Fact) -> Formula:
    from kubeqed.prove.engine.formula import And, Not, Or

    both_new = And((Equal(x, y), Not(Equal(x, "a")), Not(Equal(x, None)), Not(Holds(Fact(False, "no", None)))))
    return Or((Not(both_new), FALSE))


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("db-0.db", True),
        ("http://db-1.db.shop.svc.cluster.local:80,other", True),
        ("a,db-${ORDINAL}.db:5432", True),
        ("db-0.database", False),
        ("old-db-0.db", False),
        ("db-0.db-headless", False),
        ("db.db", False),
    ],
)
def test_pod_names_are_seen_in_any_text(text: str, used: bool) -> None:
    configmap = f"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: c}}, data: {{hosts: '{text}'}}}}\n"
    within = _world("{app: db}", configmap)
    assert PodNamesUsed(one(within, StatefulSet)).answer(within).holds is used


def test_an_unknown_name_is_no_name_to_look_for() -> None:
    within = graph(STATEFULSET.replace("name: db,", "name: '${NAME}',") % "{app: db}")
    assert not PodNamesUsed(one(within, StatefulSet)).answer(within).holds


INGRESS = """
apiVersion: networking.k8s.io/%s
kind: Ingress
metadata: {name: web}
spec: {%s}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [%s]}
"""
V1 = "v1", "defaultBackend: {service: {name: web, port: {%s}}}"
LEGACY = "v1beta1", "backend: {serviceName: web, servicePort: %s}"


@pytest.mark.parametrize(
    ("version", "spec", "ports", "meant"),
    [
        (V1[0], V1[1] % "number: 80", "{name: http, port: 8888, targetPort: 80}", "number: 8888"),
        (V1[0], V1[1] % "name: https", "{name: http, port: 8888}", "name: http"),
        (V1[0], V1[1] % "name: https", "{port: 8888}", "number: 8888"),
        (V1[0], V1[1] % "number: 80", "{port: '${PORT}'}, {name: b, port: 81, targetPort: 80}", "number: 81"),
        (V1[0], V1[1] % "number: 80", "{name: a, port: 81}, {name: b, port: 82}", None),
        (LEGACY[0], LEGACY[1] % "80", "{name: http, port: 8888}", "servicePort: 8888"),
        (LEGACY[0], LEGACY[1] % "https", "{name: http, port: 8888}", "servicePort: http"),
    ],
)
def test_the_port_that_was_meant_is_what_one_would_write(
    version: str, spec: str, ports: str, meant: str | None
) -> None:
    within = graph(INGRESS % (version, spec, ports))
    ingress = one(within, Ingress)
    (backend,) = ingress.backends()
    answer = BackendPortResolves(ingress, backend).answer(within)
    assert not answer.holds
    assert answer.meant == meant


def test_a_witness_takes_values_that_the_unknown_is_compared_with() -> None:
    within = graph(INGRESS % (V1[0], V1[1] % "number: 80", "{name: http, port: '${PORT}'}"))
    ingress = one(within, Ingress)
    (backend,) = ingress.backends()
    answer = BackendPortResolves(ingress, backend).answer(within)
    assert answer.verdict is Verdict.DEPENDS
    assert answer.witness == (("${PORT}", "another value"),)  # and not ClusterIP, which the type is compared with
