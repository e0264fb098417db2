"""A deprecated API is warned of from its version on, as APILifecycleDeprecated of k8s.io/api says."""

from __future__ import annotations

import pytest
from tests.apiserver.verdicts import manifest

from kubeqed.apiserver import Server, find_violations
from kubeqed.model.cluster import KubernetesVersion
from kubeqed.rule.reasons import RULE_OF_REASON


@pytest.mark.parametrize(
    ("api", "kind", "minor", "instead"),
    [
        ("v1", "Endpoints", 33, "discovery.k8s.io/v1 EndpointSlice"),
        ("flowcontrol.apiserver.k8s.io/v1beta3", "PriorityLevelConfiguration", 29, "flowcontrol.apiserver.k8s.io/v1"),
        ("networking.k8s.io/v1beta1", "ServiceCIDR", 34, ""),
        ("storage.k8s.io/v1beta1", "VolumeAttributesClass", 34, "storage.k8s.io/v1"),
    ],
)
def test_a_deprecation_is_said_from_its_version_on(api: str, kind: str, minor: int, instead: str) -> None:
    assert _said(api, kind, minor - 1) == []
    (said,) = _said(api, kind, minor)
    assert said == f"is of a kind that is deprecated since Kubernetes 1.{minor}" + (
        f"; use {instead}" if instead else ""
    )


def _said(api: str, kind: str, minor: int) -> list[str]:
    (item,) = manifest(f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: a}}\n").objects
    server = Server(version=KubernetesVersion(1, minor))
    return [
        found.message for found in find_violations(item, server) if RULE_OF_REASON[found.reason] == "field-deprecated"
    ]
