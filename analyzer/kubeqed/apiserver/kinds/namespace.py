"""Namespace, as pkg/apis/core/validation of k8s.io/kubernetes judges it."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.metadata import validate_metadata
from kubeqed.apiserver.formats.names import dns_label, qualified_name
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation
from kubeqed.model.values.known import is_known, is_set


def validate_namespace(root: Node, _: Server) -> Iterator[Violation]:
    """A Namespace."""
    yield from validate_metadata(root, dns_label, namespaced=False, counted=False)
    finalizers = root["spec"]["finalizers"]
    for finalizer in finalizers.items():
        for why in qualified_name(finalizer.text) if is_known(finalizer.text) else ():
            yield Violation(Reason.VALUE, finalizers.path, f'names the finalizer "{finalizer.text}": {why}')
        if is_set(finalizer.text) and "/" not in finalizer.text and finalizer.text != "kubernetes":
            yield Violation(Reason.VALUE, finalizers.path, f'names the finalizer "{finalizer.text}": must be qualified')


KINDS = {("", "v1", "Namespace"): validate_namespace}
