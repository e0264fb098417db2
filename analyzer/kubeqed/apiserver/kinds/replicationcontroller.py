"""ReplicationController, as pkg/apis/core/validation of k8s.io/kubernetes judges it."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.metadata import metadata
from kubeqed.apiserver.formats.names import dns_subdomain
from kubeqed.apiserver.kinds.pod_template import always_restarting, not_negative, plain_matching, template
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.warnings import pod_name
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, required


def replicationcontroller(root: Node, server: Server) -> Iterator[Violation]:
    """A ReplicationController; without a selector it takes the labels of its template."""
    spec = root["spec"]
    yield from metadata(root, dns_subdomain)
    yield from pod_name(root)
    yield from not_negative(spec, "replicas", "minReadySeconds")
    if spec["template"].absent:
        yield required(spec["template"])
        return
    if spec["selector"].length == 0 and spec["template"]["metadata"]["labels"].length == 0:
        yield required(spec["selector"])
    yield from plain_matching(spec)
    yield from template(spec["template"], server)
    yield from always_restarting(spec["template"])


KINDS = {("", "v1", "ReplicationController"): replicationcontroller}
