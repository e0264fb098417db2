"""Pod, as pkg/apis/core/validation of k8s.io/kubernetes judges it."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.metadata import validate_metadata
from kubeqed.apiserver.formats.names import dns_subdomain
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.spec import PodSpecUse, validate_pod_spec
from kubeqed.apiserver.pod.warnings import warn_of_pod_name
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, invalid
from kubeqed.model.values.known import is_set


def validate_pod(root: Node, server: Server) -> Iterator[Violation]:
    """A Pod."""
    yield from validate_metadata(root, dns_subdomain)
    yield from warn_of_pod_name(root)
    yield from validate_pod_spec(root, server, PodSpecUse(is_pod=True))
    for key in ("containers", "initContainers"):
        for container in root["spec"][key].items():
            image = container["image"]
            if is_set(image.text) and image.text.strip() != image.text:
                yield invalid(image, "must not have leading or trailing whitespace")


KINDS = {("", "v1", "Pod"): validate_pod}
