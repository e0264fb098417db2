"""Where an ingress controller outside the input runs, against packets from pods put there, judged one by one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.reach.brute import Cluster, Packet
from tests.reach.clusters import (
    KEYS,
    OUTSIDE,
    SPACES,
    VALUES,
    adminpolicies,
    networkpolicies,
    pods,
    space_labels,
)
from tests.reach.samples import app, ingress, pod, policy, service
from tests.reach.world import unit_of, unit_of_objects

from kubeqed.cli import main
from kubeqed.model import cluster
from kubeqed.reach.algebra.ports import ALL, intersection, make_ports
from kubeqed.reach.algebra.tokens import OTHER, display
from kubeqed.reach.policy.assumptions import SPECIFICATION, assumptions_of_cluster
from kubeqed.reach.query.answer import ReachResult
from kubeqed.reach.query.decision import decide_pair
from kubeqed.reach.query.placed import PlacementVerdict
from kubeqed.reach.remedy import find_edits
from kubeqed.report.reach.caveats import depending_lines
from kubeqed.report.reach.words import condition_text
from kubeqed.report.schema.reach import ReachReport
from kubeqed.report.schema.why import WhyReport

Manifest = dict[str, Any]

DIALLED = (80, 443)


def _space(name: str, worn: dict[str, str]) -> Manifest:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": worn}}


def _entry(target: Manifest) -> list[Manifest]:
    """A Service in front of one pod, and an Ingress that leads to both of its ports."""
    name, namespace = target["metadata"]["name"], target["metadata"]["namespace"]
    metadata = {"name": name, "namespace": namespace}
    listed = [{"name": f"p{port}", "port": port} for port in DIALLED]
    backends = [{"service": {"name": name, "port": {"number": port}}} for port in DIALLED]
    paths = [{"path": f"/{at}", "pathType": "Prefix", "backend": one} for at, one in enumerate(backends)]
    return [
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": metadata,
            "spec": {"selector": {"pod": name}, "ports": listed},
        },
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "Ingress",
            "metadata": metadata,
            "spec": {"rules": [{"http": {"paths": paths}}]},
        },
    ]


@st.composite
def clusters(draw: st.DrawFn) -> list[Manifest]:
    """Pods with an Ingress each, and policies."""
    spaces = [_space(name, draw(space_labels)) for name in SPACES[:2]]
    some = draw(pods())
    for one in some:
        one["metadata"]["labels"] = {**one["metadata"]["labels"], "pod": one["metadata"]["name"]}
    entries = [item for one in some for item in _entry(one)]
    return [*spaces, *some, *entries, *draw(networkpolicies()), *draw(adminpolicies())]


def _controller(namespace: str, worn: dict[str, str]) -> Manifest:
    metadata = {"name": "controller", "namespace": namespace, "labels": worn}
    spec = {"containers": [{"name": "c", "image": "x"}]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec, "status": {"podIP": "198.51.99.99"}}


def _works(judge: Cluster, controller: Manifest) -> bool:
    """Whether the policies of its place let a controller send to something that entries lead to."""
    return any(
        judge._side(controller, target, Packet(controller, target, "TCP", port), "egress")
        for target in judge.pods
        for port in DIALLED
    )


def _judge(objects: list[Manifest], spaces: list[Manifest]) -> Cluster:
    return Cluster([*objects, *spaces], blocks_match_pods=False)


def _verdicts(objects: list[Manifest]) -> tuple[ReachResult, dict[str, PlacementVerdict]]:
    answer = ReachResult(unit_of_objects(objects))
    return answer, {one.workload.name: answer.placements.of(one) for one in answer.reach.endpoints}  # type: ignore[misc]  # names are stated


worn = st.dictionaries(st.sampled_from(KEYS), st.sampled_from((*VALUES, "fresh")), max_size=2)
new_spaces = st.dictionaries(st.sampled_from(("env", "team")), st.sampled_from(("a", "b", "fresh")), max_size=2)


@settings(max_examples=120, suppress_health_check=list(HealthCheck))
@given(clusters(), new_spaces, st.sampled_from((*SPACES, "new")), worn)
def test_no_place_of_a_working_controller_contradicts_what_is_said(
    objects: list[Manifest], space: dict[str, str], namespace: str, labels: dict[str, str]
) -> None:
    judge, controller = _judge(objects, [_space("new", space)]), _controller(namespace, labels)
    _, verdicts = _verdicts(objects)
    sources: list[Manifest | str] = [
        *([controller] if _works(judge, controller) else []),
        *(one for one in OUTSIDE if ":" not in one),
    ]
    for target in judge.pods:
        verdict = verdicts[target["metadata"]["name"]]
        for source in sources:
            for port in DIALLED:
                passes, asked = judge.passes(Packet(source, target, "TCP", port)), make_ports("TCP", port, port)
                assert not passes or intersection(verdict.possible, asked), (source, target, port)
                assert passes or isinstance(source, str) or not intersection(verdict.sure, asked), (source, target)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(clusters())
def test_what_depends_is_open_from_one_place_and_closed_from_another(objects: list[Manifest]) -> None:
    answer, verdicts = _verdicts(objects)
    spaces = [_space(_plain(name), labels) for name, labels in answer.placements._absent_pods.spaces.items()]
    judge = _judge(objects, spaces)
    places = [
        _controller(_plain(one.namespace), {key: _plain(value) for key, value in one.labels})
        for one in answer.placements._absent_pods.all
    ]
    sources: list[Manifest | str] = [
        *(one for one in places if _works(judge, one)),
        *(one for one in OUTSIDE if ":" not in one),
    ]
    for target in judge.pods:
        for case in verdicts[target["metadata"]["name"]].cases:
            for port in DIALLED:
                if intersection(case.ports, make_ports("TCP", port, port)):
                    found = {judge.passes(Packet(source, target, "TCP", port)) for source in sources}
                    assert found == {True, False} or not case.condition.pods, (
                        target,
                        port,
                        condition_text(case.condition),
                    )


def test_a_place_that_may_send_on_other_ports_alone_is_none() -> None:
    everybody: Manifest = {"namespaces": {}}
    admin = {"apiVersion": "policy.networking.k8s.io/v1alpha1", "kind": "AdminNetworkPolicy"}
    names = {"action": "Allow", "to": [everybody], "ports": [{"portNumber": {"protocol": "TCP", "port": 53}}]}
    worn = {"namespaces": {"matchLabels": {"env": "a"}}}
    policies = [
        {**admin, "metadata": {"name": "names"}, "spec": {"subject": everybody, "priority": 1, "egress": [names]}},
        {
            **admin,
            "metadata": {"name": "worn"},
            "spec": {"subject": worn, "priority": 2, "egress": [{"action": "Allow", "to": [everybody]}]},
        },
        {
            **admin,
            "kind": "BaselineAdminNetworkPolicy",
            "metadata": {"name": "default"},
            "spec": {"subject": everybody, "egress": [{"action": "Deny", "to": [everybody]}]},
        },
    ]
    target = {"metadata": {"name": "web", "namespace": "north"}}
    web = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {**target["metadata"], "labels": {"pod": "web"}},
        "spec": {"containers": [{"name": "c", "image": "x"}]},
    }
    _, verdicts = _verdicts([_space("north", {}), web, *_entry(target), *policies])
    assert verdicts["web"].cases == ()
    assert intersection(verdicts["web"].sure, make_ports("TCP", 80, 80))


def _plain(token: str) -> str:
    return "fresh" if token == OTHER else display(token).replace(" ", "-")


ENTERED = pod("web") + service("web", 80, 8080)
NGINX = {
    "from": [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress-nginx"}},
            "podSelector": {"matchLabels": {"app.kubernetes.io/name": "ingress-nginx"}},
        }
    ]
}
RUNS = "if it runs as pods with app.kubernetes.io/name=ingress-nginx of ingress-nginx"
CLOUD = [{"ipBlock": {"cidr": "130.211.0.0/22"}}]


def _condition(text: str, stated: tuple[str, ...] | None = None) -> str:
    answer = ReachResult(unit_of(text), SPECIFICATION._replace(controllers=stated))
    assert len(answer.depending()) <= 1
    return next((condition_text(condition) for _, condition in answer.depending()), str(bool(answer.entering)))


def _ingress(annotation: str = "", **spec: Any) -> str:
    found = ingress("in", "web", 80, **spec)
    return found.replace('"name": "in"', f'"annotations": {{{annotation}}}, "name": "in"') if annotation else found


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"from": [{"namespaceSelector": {}}]}, "True"),
        ({}, "True"),
        ({"from": [{"podSelector": app("api")}]}, "if it runs as pods with app=api of shop"),
        (
            {"from": [{"namespaceSelector": {"matchLabels": {"env": "prod"}}}]},
            "if it runs as any pod of namespaces with env=prod",
        ),
        ({"from": CLOUD}, "if it sends from 130.211.0.0/22"),
        ({"from": [*NGINX["from"], *CLOUD]}, f"{RUNS} or it sends from 130.211.0.0/22"),
        (
            {
                "from": [
                    {
                        "namespaceSelector": {},
                        "podSelector": {"matchExpressions": [{"key": "a", "operator": "DoesNotExist"}]},
                    }
                ]
            },
            "if it runs as pods with !a in any namespace",
        ),
    ],
)
def test_a_controller_that_nobody_states_may_run_anywhere(rule: Any, said: str) -> None:
    assert _condition(ENTERED + _ingress() + policy("in", ingress=[rule])) == said


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        (None, RUNS),
        (("ingress-nginx",), f"{RUNS}, as ingress-nginx usually does"),
        (("contour", "ingress-nginx"), f"{RUNS}, as ingress-nginx usually does"),
        (("contour",), f"{RUNS}; denied where contour usually runs (namespace projectcontour)"),
        (("gce",), "False"),
    ],
)
def test_a_stated_controller_says_whether_that_is_usual(stated: tuple[str, ...] | None, said: str) -> None:
    assert _condition(ENTERED + _ingress() + policy("in", ingress=[NGINX]), stated) == said


CLASS = """---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: public}
spec: {controller: k8s.io/ingress-nginx}
"""


@pytest.mark.parametrize(
    "evident",
    [
        _ingress(ingressClassName="nginx"),
        _ingress('"kubernetes.io/ingress.class": "nginx"'),
        _ingress('"nginx.ingress.kubernetes.io/rewrite-target": "/"'),
        CLASS + _ingress(ingressClassName="public"),
    ],
)
def test_what_an_ingress_says_makes_its_controller_evident(evident: str) -> None:
    closed = policy("in", ingress=[NGINX])
    assert _condition(ENTERED + evident + closed) == f"{RUNS}, as ingress-nginx usually does"


@pytest.mark.parametrize(
    ("provider", "entry", "said"),
    [
        ("k3s", _ingress(), "if it runs as any pod of kube-system, as traefik usually does"),
        ("kubeadm", _ingress(), "if it runs as any pod of kube-system"),
        ("k3s", _ingress(ingressClassName="mine"), "if it runs as any pod of kube-system"),
        ("gke", _ingress(), "if it runs as any pod of kube-system"),
    ],
)
def test_a_platform_brings_the_controller_of_an_ingress_without_a_class(provider: str, entry: str, said: str) -> None:
    system = {"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}]}
    answer = ReachResult(
        unit_of(ENTERED + entry + policy("in", ingress=[system])),
        assumptions_of_cluster(cluster.Cluster(provider=cluster.Stated(provider))),
    )
    assert [condition_text(condition) for _, condition in answer.depending()] == [said]


def test_a_gateway_class_makes_its_controller_evident() -> None:
    gateway = """---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: mine}
spec: {controllerName: gateway.envoyproxy.io/gatewayclass-controller}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: shop}
spec: {gatewayClassName: mine, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec: {parentRefs: [{name: gw}], rules: [{backendRefs: [{name: web, port: 80}]}]}
"""
    envoy = {"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "envoy-gateway-system"}}}]}
    said = "if it runs as any pod of envoy-gateway-system, as envoy-gateway usually does"
    assert _condition(ENTERED + gateway + policy("in", ingress=[envoy])) == said


def test_a_load_balancer_of_a_cloud_is_no_pod() -> None:
    cloud = ENTERED + _ingress('"kubernetes.io/ingress.class": "gce"')
    assert _condition(cloud + policy("in", ingress=[{"from": CLOUD}])) == "if it sends from 130.211.0.0/22"
    assert _condition(cloud + policy("in", ingress=[{"from": [{"namespaceSelector": {}}]}])) == "False"
    assert _condition(cloud + policy("in", ingress=[{"from": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}])) == "True"


def test_no_edit_names_addresses_that_nobody_states() -> None:
    cloud = ENTERED + _ingress('"kubernetes.io/ingress.class": "gce"') + policy("in", ingress=[NGINX])
    answer = ReachResult(unit_of(cloud))
    found = decide_pair(answer, "ingress-controller", "web", ALL)
    assert found is not None
    assert (found.allowed, find_edits(answer, found)) == ((), ())


def test_a_place_that_can_send_nothing_is_none() -> None:
    text = ENTERED + _ingress() + policy("in", ingress=[{"from": [{"namespaceSelector": {}}]}])
    assert _condition(text + policy("out", policyTypes=["Egress"])) == "True"
    ours = policy("out", "ingress-nginx", policyTypes=["Egress"])
    assert _condition(ENTERED + _ingress() + policy("in", ingress=[NGINX]) + ours) == "False"


def test_two_classes_have_a_condition_each() -> None:
    text = ENTERED + pod("api") + service("api", 80, 8080) + policy("in", ingress=[NGINX])
    text += ingress("a", "web", 80, ingressClassName="nginx") + ingress("b", "api", 80, ingressClassName="traefik")
    assert depending_lines(ReachResult(unit_of(text)).depending()) == [
        f"depends: {{ingress-controller}} => shop/api[Pod] : TCP 8080, {RUNS}; denied where traefik usually runs (namespace traefik)",
        f"depends: {{ingress-controller}} => shop/web[Pod] : TCP 8080, {RUNS}, as ingress-nginx usually does",
    ]


def test_where_there_are_too_many_places_nothing_is_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        ENTERED
        + _ingress()
        + policy("in", ingress=[{"from": [{"podSelector": app("a")}]}, {"from": [{"namespaceSelector": {}}]}])
    )
    assert _condition(text) == "True"
    monkeypatch.setattr("kubeqed.reach.query.placements.MOST_PODS", 1)
    assert _condition(text).startswith("if it runs as any pod in any namespace")


def test_every_format_says_what_it_depends_on(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(ENTERED + _ingress() + policy("in", ingress=[NGINX]))

    def run(*words: str) -> str:
        return CliRunner().invoke(main, [*words, str(path)]).stdout

    text = run("why", "--output-format", "json", "ingress-controller", "web")
    assert WhyReport.model_validate_json(text).model_dump(mode="json", by_alias=True, exclude_unset=True) == json.loads(
        text
    )
    (decision,) = json.loads(text)["decisions"]
    assert (decision["allowed"], decision["depends"]) == ({}, [{"allow": {"TCP": [[8080, 8080]]}, "condition": RUNS}])
    assert decision["edits"] == []
    text = run("reach", "--output-format", "json")
    assert ReachReport.model_validate_json(text).model_dump(
        mode="json", by_alias=True, exclude_unset=True
    ) == json.loads(text)
    assert [one["condition"] for one in json.loads(text)["connections"] if one.get("depends")] == [RUNS]
    for form in ("text", "dot", "mermaid"):
        assert "depends: {ingress-controller}" in run("reach", "--output-format", form)
    said = run("why", "ingress-controller", "web")
    assert "on TCP 8080: it depends on where the controller runs\n" in said
    assert f"  allowed on TCP 8080 {RUNS}\n" in said
