"""PodDisruptionBudget, as pkg/apis/policy/validation of k8s.io/kubernetes judges it."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.model.admission.labels import selector
from kubeqed.model.admission.metadata import metadata
from kubeqed.model.admission.names import dns_subdomain
from kubeqed.model.admission.node import Node
from kubeqed.model.admission.server import Server
from kubeqed.model.admission.violation import Violation, forbidden
from kubeqed.model.admission.workload import share


def poddisruptionbudget(root: Node, _: Server) -> Iterator[Violation]:
    """A PodDisruptionBudget."""
    spec = root["spec"]
    yield from metadata(root, dns_subdomain)
    if spec["minAvailable"].present and spec["maxUnavailable"].present:
        yield forbidden(spec, "minAvailable and maxUnavailable cannot be both set")
    for key in ("minAvailable", "maxUnavailable"):
        yield from share(spec[key], at_most_all=True)
    yield from selector(spec["selector"])


KINDS = {("policy", "v1", "PodDisruptionBudget"): poddisruptionbudget}
