"""What a repository says of its API server: flags in the files of kubeadm, k3s, Talos, kind, kOps, and what follows."""

from __future__ import annotations

import pytest
from tests.worlds import whole

from kubeqed.config import default_settings
from kubeqed.model.cluster import Cluster, KubernetesVersion, PortRange, Stated
from kubeqed.model.units.server_facts import ServerFacts, apply_server_facts, find_server_facts
from kubeqed.parse import parse
from kubeqed.rule.catalogue import find_rules
from kubeqed.rule.run import run_rules
from kubeqed.rule.select import Choice
from kubeqed.sources import SourceFile

KUBEADM = """
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
apiServer:
  extraArgs:
  - name: service-node-port-range
    value: "80-32767"
  - {name: feature-gates, value: "HPAScaleToZero=true"}
"""
OLDER = (
    "apiServer:\n  extraArgs:\n    service-node-port-range: 80-32767\n    feature-gates: A=false,HPAScaleToZero=true\n"
)
K3S = "service-node-port-range: 80-32767\nkube-apiserver-arg:\n- feature-gates=HPAScaleToZero=true\n"
K3D = "options: {k3s: {extraArgs: [{arg: '--service-node-port-range=80-32767'}, {arg: --kube-apiserver-arg=feature-gates=HPAScaleToZero=true}]}}\n"
TALOS = """
cluster:
  apiServer:
    extraArgs:
      feature-gates: HPAScaleToZero=true
      service-node-port-range: 80-32767
"""
KIND = "apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\nfeatureGates: {HPAScaleToZero: true}\n"
KOPS = "spec:\n  kubeAPIServer:\n    serviceNodePortRange: 80-32767\n    featureGates:\n      HPAScaleToZero: 'true'\n"
ANSIBLE = 'kube_apiserver_node_port_range: "80-32767"\n'


def facts(text: str) -> ServerFacts:
    return find_server_facts(parse(SourceFile("x.yaml", text.encode())))


@pytest.mark.parametrize(
    ("text", "node_ports", "gate"),
    [
        (KUBEADM, True, True),
        (OLDER, True, True),
        (K3S, True, True),
        (K3D, True, True),
        (TALOS, True, True),
        (KIND, False, True),
        (KOPS, True, True),
        (ANSIBLE, True, False),
        ("# service-node-port-range: 80-32767\n#  HPAScaleToZero: true\n", False, False),
        ("note: HPAScaleToZero=false\nservice-node-port-range: ${RANGE}\n", False, False),
    ],
)
def test_flags_as_each_tool_writes_them(text: str, node_ports: bool, gate: bool) -> None:
    found = facts(text)
    assert (found.node_ports and found.node_ports.value) == (PortRange(80, 32767) if node_ports else None)
    assert ("HPAScaleToZero" in found.gates) is gate


def test_a_range_is_placed_where_it_stands() -> None:
    stated = facts("a: 1\n  service-node-port-range: 80-90\n").node_ports
    assert stated is not None
    assert stated.place is not None
    assert (stated.place.file, stated.place.span.line, stated.place.span.column) == ("x.yaml", 2, 3)


def test_what_the_user_states_counts_more() -> None:
    stated = Cluster(node_port_range=Stated(PortRange(31000, 31999)))
    cluster = apply_server_facts(stated, whole({"k3s/config.yaml": K3S}).facts)
    assert cluster.node_port_range == stated.node_port_range
    assert cluster.gates == {"HPAScaleToZero"}


def test_ranges_only_widen_the_default() -> None:
    low = whole({"a.yaml": "service-node-port-range: 80-90\n", "b.yaml": "node_port_range: 31000-32000\n"})
    assert apply_server_facts(Cluster(), low.facts).node_ports == PortRange(80, 32767)
    narrow = whole({"b.yaml": "node_port_range: 31000-32000\n"})
    assert apply_server_facts(Cluster(), narrow.facts).node_port_range is None


SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  type: NodePort\n  ports: [{port: 80, nodePort: %d}]\n"
AUTOSCALER = """
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  minReplicas: 0
  maxReplicas: 3
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  metrics: [{type: %s}]
"""
EXTERNAL = "External, external: {metric: {name: queue}, target: {type: Value, value: 3}}"
CPU = "Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}"

UNSTATED = default_settings().cluster


def said(files: dict[str, str], cluster: Cluster = UNSTATED) -> list[tuple[str, str, str]]:
    """(rule, certainty, message) of what is shown by default."""
    found = run_rules(whole(files), find_rules(), cluster, Choice()).diagnostics
    return [(item.rule, item.certainty.value, item.message) for item in found if item.severity.value != "note"]


def test_a_node_port_of_the_range_that_the_repository_states() -> None:
    assert [rule for rule, _, _ in said({"web.yaml": SERVICE % 8880})] == ["node-port-out-of-range"]
    assert said({"web.yaml": SERVICE % 8880, "talos.yaml": TALOS}) == []
    ((rule, certainty, message),) = said({"web.yaml": SERVICE % 79, "talos.yaml": TALOS})
    assert (rule, certainty) == ("node-port-out-of-range", "rejected")
    assert "outside the stated range 80-32767" in message


def test_an_autoscaler_goes_to_zero_behind_its_gate_by_a_metric_that_needs_no_pods() -> None:
    ((rule, _, message),) = said({"web.yaml": AUTOSCALER % CPU})
    assert (rule, "HPAScaleToZero" in message) == ("value-rejected", True)
    assert said({"web.yaml": AUTOSCALER % EXTERNAL}) == []  # the gate may be set where nobody reads it
    assert said({"web.yaml": AUTOSCALER % EXTERNAL, "talos.yaml": TALOS}) == []
    assert [rule for rule, _, _ in said({"web.yaml": AUTOSCALER % CPU, "talos.yaml": TALOS})] == ["value-rejected"]


def test_an_autoscaler_goes_to_zero_from_kubernetes_1_37_on() -> None:
    newer = Cluster(kubernetes=Stated(KubernetesVersion(1, 37)))
    assert said({"web.yaml": AUTOSCALER % EXTERNAL}, newer) == []
    assert [rule for rule, _, _ in said({"web.yaml": AUTOSCALER % CPU}, newer)] == ["value-rejected"]
