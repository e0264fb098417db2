"""The ranges of a cluster, against a cluster to which the Services are sent one after another."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.resolve.allocation import Allocation, Step
from tests.worlds import graph, whole

from kubeqed.apiserver import server_of
from kubeqed.model.cluster import Cluster, PortRange, Stated
from kubeqed.model.kinds.service import Service
from kubeqed.prove.questions.ranges import ClusterIPsSuffice, NodePortsSuffice
from kubeqed.resolve import Resolver

FOUR_PORTS = Cluster(node_port_range=Stated(PortRange(30000, 30003)))
FIVE_ADDRESSES = Cluster(service_cidr=Stated("10.0.0.0/29"))

Spec = dict[str, Any]

_entries = st.fixed_dictionaries(
    {"port": st.sampled_from([80, 81, 82])},
    optional={"protocol": st.sampled_from(["TCP", "UDP"]), "nodePort": st.sampled_from([0, 30001, 30002, 30003])},
)
_required: dict[str, st.SearchStrategy[Any]] = {
    "type": st.sampled_from(["NodePort", "LoadBalancer", "ClusterIP"]),
    "ports": st.lists(_entries, min_size=1, max_size=3, unique_by=lambda entry: entry["port"]),
}
_optional: dict[str, st.SearchStrategy[Any]] = {
    "allocateLoadBalancerNodePorts": st.booleans(),
    "externalTrafficPolicy": st.sampled_from(["Local", "Cluster"]),
    "clusterIP": st.sampled_from(["", "None", "10.0.0.2", "10.0.0.4"]),
}
_specs = st.fixed_dictionaries(_required, optional=_optional)


def _document(index: int, spec: Spec) -> str:
    ports = [{"name": f"p{number}", **entry} for number, entry in enumerate(spec["ports"])]
    document = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": f"s{index}"}}
    return json.dumps({**document, "spec": {**spec, "ports": ports}})


def _text(specs: list[Spec]) -> str:
    """The Services as documents; those that ask for what an earlier one has are left out."""
    taken: set[object] = set()
    documents = []
    for index, spec in enumerate(specs):
        asked = Counter(filter(None, (entry.get("nodePort") for entry in spec["ports"])))
        fixed = {*asked, spec.get("clusterIP", "")} - {"", "None"}
        if taken.isdisjoint(fixed) and max(asked.values(), default=0) < 2:
            documents.append(_document(index, spec))
            taken |= fixed
    return "\n---\n".join(documents)


def _is_full(within: Resolver) -> bool:
    """Whether the cluster has nothing left for one of the Services."""
    cluster = Allocation(server_of(within.cluster))
    steps = [Step(*item.identity[2:]) for item in within.unit.of(Service)]
    said = [violation.message for step in steps for violation in cluster.send(step)]
    return any(("range" in text and "full" in text) or "which is taken" in text for text in said)


@settings(max_examples=200)
@given(st.lists(_specs, max_size=8).map(_text))
def test_a_range_is_full_where_the_allocators_run_out_of_it(text: str) -> None:
    within = graph(text, cluster=FOUR_PORTS)
    assert NodePortsSuffice().answer(within).fails == _is_full(within)
    within = graph(text, cluster=FIVE_ADDRESSES)
    assert ClusterIPsSuffice().answer(within).fails == _is_full(within)


SERVICE = (
    "{apiVersion: v1, kind: Service, metadata: {name: %s}, spec: {type: NodePort, ports: [{port: 80}, %s]}}\n---\n"
)


@pytest.mark.parametrize(("count", "fails"), [(2768, False), (2769, True)])
def test_the_default_range(count: int, fails: bool) -> None:
    within = graph("".join(SERVICE.replace(", %s", "") % f"s{index}" for index in range(count)))
    assert NodePortsSuffice().answer(within).fails is fails


def test_the_facts_are_the_range_and_what_is_taken_up_to_the_first_without_room() -> None:
    port = "{port: 81, name: b}"
    text = "".join(SERVICE.replace("80}", "80, name: a}") % (name, port) for name in ("a", "b", "c"))
    answer = NodePortsSuffice().answer(graph(text, cluster=FOUR_PORTS))
    assert (answer.beyond.service.name, answer.beyond.path) == ("c", "spec.ports[0].nodePort")
    assert [fact.text for fact in answer.facts][:3] == [
        "the node port range 30000-30003 (stated) has room for 4",
        "Service a spec.type is NodePort",
        "Service a spec.ports[0].nodePort is not set",
    ]
    assert len(answer.facts) == 1 + 3 + 5


def test_a_service_cidr_may_be_added() -> None:
    text = "".join(_document(index, {"ports": [{"port": 80}]}) + "\n---\n" for index in range(6))
    assert ClusterIPsSuffice().answer(graph(text, cluster=FIVE_ADDRESSES)).fails
    more = "{apiVersion: networking.k8s.io/v1, kind: ServiceCIDR, metadata: {name: more}, spec: {cidrs: [10.1.0.0/24]}}"
    assert not ClusterIPsSuffice().answer(graph(text + more, cluster=FIVE_ADDRESSES)).fails
    two = Cluster(service_cidr=Stated("10.0.0.0/29,fd00::/112"))
    assert not ClusterIPsSuffice().answer(graph(text, cluster=two)).fails


@pytest.mark.parametrize(("second", "guessed"), [("a/y.yaml", False), ("b/y.yaml", True)])
def test_whether_two_directories_are_one_cluster_is_a_guess(second: str, guessed: bool) -> None:
    texts = [
        _document(index, {"type": "NodePort", "ports": [{"port": 80}, {"port": 81}, {"port": 82}]}) for index in (0, 1)
    ]
    found = whole({"a/x.yaml": texts[0], second: texts[1]})
    (unit,) = found.units
    answer = NodePortsSuffice().answer(Resolver(unit, found, FOUR_PORTS))
    assert (answer.fails, answer.is_guessed) == (True, guessed)
