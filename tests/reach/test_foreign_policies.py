"""Whom policies of other engines may concern: no pod that they may govern is left out, and few that they cannot."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.reach.samples import pod
from tests.reach.world import unit_of

from kubeqed.model.unmodelled.policy_kinds import KINDS, is_foreign_policy
from kubeqed.reach.policy.assumptions import SPECIFICATION, Assumptions
from kubeqed.reach.query.answer import ReachResult

PODS = pod("web") + pod("db") + pod("other", "far") + pod("node", "far", host_network=True)
SPACE = '---\n{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "far", "labels": {"env": "prod"}}}\n'
EVERY = ["db", "other", "web"]
SHOP = ["db", "web"]


def _item(version: str, kind: str, namespace: str | None = "shop", **body: Any) -> str:
    metadata = {"name": "x", **({"namespace": namespace} if namespace else {})}
    return f"---\n{json.dumps({'apiVersion': version, 'kind': kind, 'metadata': metadata, **body})}\n"


def _concerned(text: str, assumptions: Assumptions = SPECIFICATION) -> tuple[list[str], list[str]]:
    """The names of the workloads whose ingress, and of those whose egress, a policy may decide about."""
    found = ReachResult(unit_of(PODS + SPACE + text), assumptions).foreign.all
    ingress = {str(item.name) for one in found for item in one.ingress}
    return sorted(ingress), sorted({str(item.name) for one in found for item in one.egress})


def _cilium(kind: str = "CiliumNetworkPolicy", **body: Any) -> str:
    return _item("cilium.io/v2", kind, None if "wide" in kind else "shop", **body)


def _calico(kind: str = "NetworkPolicy", group: str = "projectcalico.org/v3", **spec: Any) -> str:
    return _item(group, kind, None if "Global" in kind else "shop", spec=spec)


def _labels(**labels: str) -> dict[str, Any]:
    return {"matchLabels": labels}


WEB = _labels(app="web")
IN: dict[str, Any] = {"ingress": [{}]}
OUT: dict[str, Any] = {"egress": [{}]}
WIDE = "CiliumClusterwideNetworkPolicy"
SUBJECT_PODS = {"pods": {"namespaceSelector": _labels(env="prod"), "podSelector": {}}}


@pytest.mark.parametrize(
    ("text", "ingress", "egress"),
    [
        (_cilium(spec={"endpointSelector": WEB, **IN}), ["web"], []),
        (_cilium(spec={"endpointSelector": {}, "egressDeny": [{}]}), [], SHOP),
        (_cilium(spec={"endpointSelector": _labels(**{"k8s:app": "web"}), **IN}), ["web"], []),
        (_cilium(spec={"endpointSelector": _labels(**{"any:app": "web", "io.cilium.x": "1"}), **IN}), ["web"], []),
        (_cilium(specs=[{"endpointSelector": WEB, **IN}, {"endpointSelector": _labels(app="db"), **OUT}]), ["web"], ["db"]),
        (_cilium(spec={"endpointSelector": {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["db"]}]}, **IN}), ["web"], []),
        (_cilium(spec={"endpointSelector": _labels(app="none"), **IN}), [], []),
        (_cilium(), [], []),
        (_cilium(WIDE, spec={"endpointSelector": {}, **IN, **OUT}), EVERY, EVERY),
        (_cilium(WIDE, spec={"endpointSelector": _labels(**{"k8s:io.kubernetes.pod.namespace": "far"}), **IN}), ["other"], []),
        (_cilium(WIDE, spec={"endpointSelector": _labels(**{"k8s:io.cilium.k8s.namespace.labels.env": "prod"}), **IN}), EVERY, []),
        (_cilium(WIDE, spec={"endpointSelector": _labels(**{"io.cilium.k8s.namespace.labels.env": "dev"}), **IN}), SHOP, []),
        (_cilium(WIDE, spec={"nodeSelector": {}, **IN}), ["node"], []),
        (_calico(selector="app == 'web'", types=["Ingress", "Egress"]), ["web"], ["web"]),
        (_calico(selector="app == 'web'"), ["web"], []),
        (_calico(egress=[{"action": "Allow"}]), [], SHOP),
        (_calico(selector="app == "), SHOP, []),
        (_calico(group="crd.projectcalico.org/v1", types=["Egress"]), [], SHOP),
        (_calico("GlobalNetworkPolicy", types=["Ingress"]), EVERY, []),
        (_calico("GlobalNetworkPolicy", namespaceSelector="env == 'prod'", types=["Ingress"]), EVERY, []),
        (_calico("GlobalNetworkPolicy", namespaceSelector="env == 'dev'", types=["Ingress"]), SHOP, []),
        (_calico("GlobalNetworkPolicy", selector="projectcalico.org/namespace == 'far'", types=["Egress"]), [], ["other"]),
        (_calico("GlobalNetworkPolicy", namespaceSelector="projectcalico.org/name == 'far'"), ["other"], []),
        (_calico("GlobalNetworkPolicy", selector="projectcalico.org/orchestrator == 'k8s'"), EVERY, []),
        (_calico("StagedNetworkPolicy"), [], []),
        (_calico("Tier", order=1), [], []),
        (_item("security.istio.io/v1", "AuthorizationPolicy"), SHOP, []),
        (_item("security.istio.io/v1", "AuthorizationPolicy", spec={"selector": WEB}), ["web"], []),
        (_item("security.istio.io/v1", "AuthorizationPolicy", "istio-system", spec={}), EVERY, []),
        (_item("security.istio.io/v1", "AuthorizationPolicy", spec={"action": "AUDIT"}), [], []),
        (_item("security.istio.io/v1", "AuthorizationPolicy", "gone", spec={}), [], []),
        (_item("security.istio.io/v1", "PeerAuthentication", spec={"mtls": {"mode": "STRICT"}}), SHOP, []),
        (_item("security.istio.io/v1", "PeerAuthentication", spec={"mtls": {"mode": "PERMISSIVE"}}), [], []),
        (_item("security.istio.io/v1", "PeerAuthentication", spec={"portLevelMtls": {"80": {"mode": "STRICT"}}}), SHOP, []),
        (_item("networking.istio.io/v1", "Sidecar", spec={"workloadSelector": {"labels": {"app": "web"}}}), [], ["web"]),
        (_item("networking.istio.io/v1", "Gateway"), [], []),
        (_item("crd.antrea.io/v1beta1", "NetworkPolicy", spec={"appliedTo": [{"podSelector": WEB}], **IN}), ["web"], []),
        (_item("crd.antrea.io/v1beta1", "NetworkPolicy", spec=IN), SHOP, []),
        (_item("crd.antrea.io/v1beta1", "ClusterNetworkPolicy", None, spec={"appliedTo": [{"namespaceSelector": _labels(env="prod")}], **OUT}), [], EVERY),
        (_item("crd.antrea.io/v1beta1", "ClusterNetworkPolicy", None, spec={"appliedTo": [{"namespaceSelector": _labels(env="dev")}], **OUT}), [], SHOP),
        (_item("networking.k8s.aws/v1alpha1", "ApplicationNetworkPolicy", spec={"podSelector": WEB, "policyTypes": ["Egress"]}), [], ["web"]),
        (_item("networking.k8s.aws/v1alpha1", "ClusterNetworkPolicy", None, spec={"subject": SUBJECT_PODS, **IN}), EVERY, []),
        (_item("networking.k8s.aws/v1alpha1", "ClusterNetworkPolicy", None, spec={"subject": {"namespaces": _labels(env="dev")}, **IN}), SHOP, []),
        (_item("vpcresources.k8s.aws/v1beta1", "SecurityGroupPolicy", spec={"podSelector": WEB}), ["web"], ["web"]),
        (_item("k8s.ovn.org/v1", "EgressFirewall", spec={"egress": [{"type": "Deny"}]}), [], SHOP),
        (_item("k8s.ovn.org/v1", "UserDefinedNetwork", spec={"layer2": {"role": "Primary"}}), SHOP, SHOP),
        (_item("k8s.ovn.org/v1", "UserDefinedNetwork", spec={"layer2": {"role": "Secondary"}}), [], []),
        (_item("network.openshift.io/v1", "NetNamespace", None, netname="far", netid=5), ["other"], ["other"]),
        (_item("kubeovn.io/v1", "Subnet", None, spec={"private": True, "namespaces": ["far"]}), ["other"], ["other"]),
        (_item("kubeovn.io/v1", "Subnet", None, spec={"private": False, "namespaces": ["far"]}), [], []),
        (_item("policy.linkerd.io/v1beta3", "Server", spec={"podSelector": WEB, "port": 80}), ["web"], []),
        (_item("policy.linkerd.io/v1alpha1", "AuthorizationPolicy", spec={}), SHOP, []),
        (_item("kuma.io/v1alpha1", "MeshTrafficPermission", "kuma-system"), EVERY, []),
        (_item("consul.hashicorp.com/v1alpha1", "ServiceIntentions"), EVERY, []),
        (_item("nsx.vmware.com/v1alpha1", "SecurityPolicy", spec={"appliedTo": [{"podSelector": WEB}]}), ["web"], ["web"]),
        (_item("policy.networking.k8s.io/v1alpha7", "ClusterNetworkPolicy", None, spec={"subject": {"namespaces": {}}, **IN}), EVERY, []),
        (_item("policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy", None, spec={"subject": {"namespaces": {}}, **IN}), [], []),
    ],
)  # fmt: skip
def test_whom_a_policy_may_concern(text: str, ingress: list[str], egress: list[str]) -> None:
    assert _concerned(text) == (ingress, egress)


@pytest.mark.parametrize(("group", "kind"), sorted(KINDS))
def test_every_kind_concerns_somebody_where_nothing_narrows_it(group: str, kind: str) -> None:
    full: dict[str, Any] = {"ingress": [{}], "egress": [{}], "private": True, "network": {"a": 1}, "acls": [1]}
    full |= {"mtls": {"mode": "STRICT"}, "layer2": {"role": "Primary"}, "securityGroupIDs": ["sg"]}
    ingress, egress = _concerned(_item(f"{group}/v1", kind, spec=full))
    assert ingress or egress
    assert is_foreign_policy(group, kind)


@pytest.mark.parametrize(
    "spec",
    [
        {"endpointSelector": {"matchLabels": {"app": "${APP}"}}, **IN},
        {"endpointSelector": {"matchExpressions": "${SOME}"}, **IN},
        {"endpointSelector": {"matchLabels": {"${KEY}": "web"}}, "ingress": "${RULES}"},
    ],
)
def test_a_selector_with_a_placeholder_may_concern_anybody_of_the_namespace(spec: dict[str, Any]) -> None:
    assert _concerned(_cilium(spec=spec))[0] == SHOP


def test_a_policy_that_is_a_placeholder_may_concern_anybody_of_the_namespace() -> None:
    assert _concerned(_cilium(specs="${SPECS}")) == (SHOP, SHOP)
    assert _concerned(_cilium(spec="${SPEC}")) == (SHOP, SHOP)


def test_a_namespace_with_a_placeholder_may_be_any() -> None:
    text = _item("cilium.io/v2", "CiliumNetworkPolicy", "${SPACE}", spec={"endpointSelector": {}, **IN})
    assert _concerned(text)[0] == EVERY


def test_a_pod_whose_labels_are_not_known_may_be_selected() -> None:
    text = pod("open").replace('"app": "open"', '"app": "${APP}"')
    assert _concerned(text + _cilium(spec={"endpointSelector": WEB, **IN}))[0] == ["open", "web"]


def test_pods_of_the_host_network_are_concerned_where_policies_govern_them() -> None:
    text = _cilium(WIDE, spec={"endpointSelector": {}, **IN})
    assert _concerned(text, Assumptions(hosts_governed=True))[0] == ["db", "node", "other", "web"]


@pytest.mark.parametrize(
    ("rule", "concerned"),
    [
        ({"generate": {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "name": "deny"}}, True),
        ({"template": "---\napiVersion: v1\nkind: NetworkPolicy\n"}, True),
        ({"match": {"resources": {"kinds": ["NetworkPolicy"]}}}, False),
        ({"generate": {"apiVersion": "v1", "kind": "ConfigMap", "name": "x"}}, False),
    ],
)
def test_an_object_that_writes_policies_for_others_concerns_all(rule: dict[str, Any], concerned: bool) -> None:
    found = _concerned(_item("kyverno.io/v1", "ClusterPolicy", None, spec={"rules": [rule]}))
    assert found == ((EVERY, EVERY) if concerned else ([], []))


def test_what_is_asked_about_narrows_whom_a_policy_concerns() -> None:
    answer = ReachResult(unit_of(PODS + _cilium(spec={"endpointSelector": {}, **IN}) + _calico(selector="app == 'db'")))
    web = frozenset(item for item in answer.unit.workloads if item.name == "web")
    (one,) = answer.foreign.about(destinations=web, sources=web)
    assert (one.object.kind, one.ingress, one.egress) == ("CiliumNetworkPolicy", web, frozenset())
    assert len(answer.foreign.about()) == 2
