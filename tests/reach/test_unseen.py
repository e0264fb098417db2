"""What an answer cannot show or leaves to the specification is said, and nothing is said where nothing is unseen."""

from __future__ import annotations

import pytest
from tests.reach.samples import deployment, pod, policy
from tests.reach.world import unit_of

from kubeqed.reach.policy.assumptions import SPECIFICATION, Assumptions, assumptions_of_cni
from kubeqed.reach.query.answer import ReachResult
from kubeqed.report.reach.words import caveat_lines

KAFKA = "---\napiVersion: kafka.strimzi.io/v1\nkind: Kafka\nmetadata: {name: NAME, namespace: shop}\n"
TOPIC = KAFKA.replace("kind: Kafka", "kind: KafkaTopic")
MONITOR = "---\napiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: m, namespace: shop}\n"


def _daemonset(namespace: str, name: str, image: str) -> str:
    text = deployment(name).replace('"Deployment"', '"DaemonSet"').replace('"shop"', f'"{namespace}"')
    return text.replace('"image": "x"', f'"image": "{image}"')


FLANNEL = _daemonset("kube-flannel", "kube-flannel-ds", "ghcr.io/flannel-io/flannel:v0.26.1")
CALICO = _daemonset("kube-system", "calico-node", "quay.io/calico/node:v3.29.0")
POLICIES = _daemonset("kube-system", "kube-network-policies", "registry.k8s.io/networking/kube-network-policies:v0.7.0")


def _said(text: str, assumptions: Assumptions = SPECIFICATION) -> str:
    return "\n".join(caveat_lines(ReachResult(unit_of(text), assumptions).caveats))


def test_what_an_operator_may_create_is_missing_and_said_once_for_many() -> None:
    said = _said(pod("web") + KAFKA)
    assert said == (
        "manifests.yaml:5:7: note: Kafka shop/NAME: the pods, Services and policies that it may create are not in the answer"
    )
    many = "".join(KAFKA.replace("NAME", f"k{number}") for number in range(3))
    many += "".join(TOPIC.replace("NAME", f"t{number}") for number in range(9))
    first, rest = _said(pod("web") + many).splitlines()
    assert "Kafka shop/k0: the pods" in first
    assert rest == "note: the same of 11 more: 9 KafkaTopic and 2 Kafka"


@pytest.mark.parametrize("text", [pod("web") + MONITOR, pod("web"), pod("web") + policy("in")])
def test_nothing_is_said_where_nothing_is_created(text: str) -> None:
    assert _said(text) == ""


def test_a_cni_that_ignores_policies_is_said_and_how_to_name_it() -> None:
    said = _said(FLANNEL + pod("web") + policy("in"))
    assert "DaemonSet kube-flannel/kube-flannel-ds: it shows flannel, which ignores NetworkPolicies" in said
    assert "--cni flannel, or cluster.cni in kubeqed.yaml" in said


def test_a_cni_that_reads_policies_otherwise_is_said_without_that_it_ignores_them() -> None:
    said = _said(CALICO + pod("web") + policy("in"))
    assert "it shows calico: the answer is the specification's" in said
    assert "ignores" not in said


@pytest.mark.parametrize("name", ["flannel", "calico", "cilium", "none"])
def test_a_cni_that_was_named_is_not_said_again(name: str) -> None:
    assert "it shows" not in _said(FLANNEL + pod("web") + policy("in"), assumptions_of_cni(name))


def test_a_cni_is_of_no_matter_without_policies_or_beside_an_engine_that_obeys_them() -> None:
    assert _said(FLANNEL + pod("web")) == ""
    assert "ignores" not in _said(FLANNEL + POLICIES + pod("web") + policy("in"))


def test_a_workload_without_a_namespace_beside_others_is_said_to_be_in_default() -> None:
    bare = pod("db").replace(', "namespace": "shop"', "")
    assert "Pod db: it names no namespace, as others of the unit do: it is taken to be in default" in _said(
        pod("web") + bare
    )
    assert _said(bare) == ""
