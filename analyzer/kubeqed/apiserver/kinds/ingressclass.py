"""IngressClass, as pkg/apis/networking/validation of k8s.io/kubernetes judges it."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.metadata import validate_metadata
from kubeqed.apiserver.formats.names import dns_label, dns_subdomain, domain_prefixed_path, require_name, validate_name
from kubeqed.apiserver.kinds.ingress import validate_typed_reference
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, forbidden, invalid, required, unsupported
from kubeqed.model.values.known import equals, is_known, is_one_of, is_set

_SCOPES = ("Cluster", "Namespace")


def validate_ingressclass(root: Node, _: Server) -> Iterator[Violation]:
    """An IngressClass."""
    spec = root["spec"]
    controller = spec["controller"]
    yield from validate_metadata(root, dns_subdomain, namespaced=False)
    yield from require_name(controller, domain_prefixed_path)
    if is_set(controller.text) and len(controller.text.encode()) > 250:
        yield invalid(controller, "must be no more than 250 characters")
    if spec["parameters"].present:
        yield from _validate_parameters(spec["parameters"])


def _validate_parameters(node: Node) -> Iterator[Violation]:
    scope, namespace = node["scope"], node["namespace"]
    yield from validate_typed_reference(node)
    if scope.present and is_known(scope.text) and scope.text not in _SCOPES:
        yield unsupported(scope, _SCOPES)
    elif equals(scope.text, "Namespace"):
        if namespace.absent or equals(namespace.text, ""):
            yield required(namespace, "`scope` is Namespace")
        yield from validate_name(namespace, dns_label)
    elif is_one_of(scope.text, ("", "Cluster")) and namespace.present:
        yield forbidden(namespace, "`scope` is Cluster")


KINDS = {("networking.k8s.io", "v1", "IngressClass"): validate_ingressclass}
