"""PodDisruptionBudget, as pkg/apis/policy/validation of k8s.io/kubernetes judges it."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.labels import validate_selector
from kubeqed.apiserver.formats.metadata import validate_metadata
from kubeqed.apiserver.formats.names import path_segment
from kubeqed.apiserver.kinds.pod_template import validate_share
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, forbidden, unsupported
from kubeqed.model.values.known import is_known

_EVICTION = ("IfHealthyBudget", "AlwaysAllow")


def validate_poddisruptionbudget(root: Node, _: Server) -> Iterator[Violation]:
    """A PodDisruptionBudget; its metadata is looked at only when the rest is right."""
    faults = [*_validate_spec(root["spec"])]
    yield from faults or validate_metadata(root, path_segment, own=False)


def _validate_spec(spec: Node) -> Iterator[Violation]:
    policy = spec["unhealthyPodEvictionPolicy"]
    if policy.present and is_known(policy.text) and policy.text not in _EVICTION:
        yield unsupported(policy, _EVICTION)
    if spec["minAvailable"].present and spec["maxUnavailable"].present:
        yield forbidden(spec, "minAvailable and maxUnavailable cannot be both set")
    for key in ("minAvailable", "maxUnavailable"):
        yield from validate_share(spec[key], at_most_all=True)
    yield from validate_selector(spec["selector"])


KINDS = {("policy", "v1", "PodDisruptionBudget"): validate_poddisruptionbudget}
