"""Every API version that a server stopped to serve has one row, whichever table holds it."""

from __future__ import annotations

import pytest
from tests.apiserver.verdicts import manifest

from kubeqed.apiserver import Server, find_removal, find_violations
from kubeqed.model.cluster import KubernetesVersion
from kubeqed.rule.reasons import RULE_OF_REASON


@pytest.mark.parametrize(
    ("api", "kind", "minor", "instead"),
    [
        ("extensions/v1beta1", "Ingress", 22, "networking.k8s.io/v1"),
        ("policy/v1beta1", "PodSecurityPolicy", 25, ""),
        ("autoscaling/v2beta2", "HorizontalPodAutoscaler", 26, "autoscaling/v2"),
        ("storage.k8s.io/v1beta1", "CSIStorageCapacity", 27, "storage.k8s.io/v1"),
        ("flowcontrol.apiserver.k8s.io/v1beta2", "FlowSchema", 29, "flowcontrol.apiserver.k8s.io/v1"),
        ("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", 32, "flowcontrol.apiserver.k8s.io/v1"),
        ("networking.k8s.io/v1alpha1", "IPAddress", 31, "networking.k8s.io/v1"),
    ],
)
def test_a_removal_has_its_version_and_what_replaces_it(api: str, kind: str, minor: int, instead: str) -> None:
    group, version = api.split("/")
    gone = find_removal(group, version, kind)
    assert gone is not None
    assert (gone.version.minor, gone.instead) == (minor, instead)


@pytest.mark.parametrize("kind", ["Ingress", "NetworkPolicy"])
def test_what_is_served_was_not_removed(kind: str) -> None:
    assert find_removal("networking.k8s.io", "v1", kind) is None
    assert find_removal("example.com", "v1beta1", kind) is None


@pytest.mark.parametrize(("minor", "rules"), [(24, []), (25, ["api-removed"]), (36, ["api-removed"])])
def test_a_server_that_still_serves_a_version_says_nothing(minor: int, rules: list[str]) -> None:
    (item,) = manifest("{apiVersion: policy/v1beta1, kind: PodDisruptionBudget, metadata: {name: a}}").objects
    assert [
        RULE_OF_REASON[found.reason] for found in find_violations(item, Server(version=KubernetesVersion(1, minor)))
    ] == rules


def test_transformers_are_kustomize_s_own() -> None:
    (item,) = manifest("{apiVersion: builtin, kind: PrefixTransformer, metadata: {name: a}, prefix: a-}").objects
    assert list(find_violations(item, Server())) == []


@pytest.mark.parametrize(
    ("kind", "rules"),
    [
        ("Route", []),
        ("DeploymentConfig", []),
        ("ClusterRole", []),
        ("ProjectRequest", []),
        ("Rout", ["value-rejected"]),
    ],
)
def test_kinds_that_openshift_3_served_without_a_group_are_not_kubernetes_own(kind: str, rules: list[str]) -> None:
    (item,) = manifest(f"{{apiVersion: v1, kind: {kind}, metadata: {{name: a}}}}").objects
    assert [RULE_OF_REASON[found.reason] for found in find_violations(item, Server())] == rules


@pytest.mark.parametrize(
    ("version", "rules"),
    [
        ("$API_VERSION", []),
        ("$api_version", []),
        ("DAEMONSET_API", []),
        ("apps/API_VERSION", []),
        ("apps/V1", ["value-rejected"]),
        ("app", ["value-rejected"]),
    ],
)
def test_an_api_version_that_somebody_fills_in_is_not_judged(version: str, rules: list[str]) -> None:
    (item,) = manifest(f"{{apiVersion: {version}, kind: DaemonSet, metadata: {{name: a}}}}").objects
    assert [RULE_OF_REASON[found.reason] for found in find_violations(item, Server())] == rules
