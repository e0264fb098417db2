"""Pod, as pkg/apis/core/validation of k8s.io/kubernetes judges it."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.metadata import metadata
from kubeqed.apiserver.formats.names import dns_subdomain
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.spec import PodSpecUse, pod_spec
from kubeqed.apiserver.pod.warnings import pod_name
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, invalid


def pod(root: Node, server: Server) -> Iterator[Violation]:
    """A Pod."""
    yield from metadata(root, dns_subdomain)
    yield from pod_name(root)
    yield from pod_spec(root, server, PodSpecUse(is_pod=True))
    for key in ("containers", "initContainers"):
        for container in root["spec"][key].items():
            image = container["image"]
            if image.text and image.text.strip() != image.text:
                yield invalid(image, "must not have leading or trailing whitespace")


KINDS = {("", "v1", "Pod"): pod}
