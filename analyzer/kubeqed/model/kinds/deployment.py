"""Deployment: interchangeable pods, replaced gradually.

https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/
"""

from __future__ import annotations

from dataclasses import dataclass

from kubeqed.model.kinds.object import Identity
from kubeqed.model.kinds.workload import Workload, read_workload


@dataclass(frozen=True, slots=True, eq=False)
class Deployment(Workload):
    """A Deployment."""


def read(identity: Identity) -> Deployment:
    """The Deployment of a manifest."""
    return Deployment(*read_workload(identity, added=("pod-template-hash",)))


KINDS = {("apps", "Deployment"): read, ("extensions", "Deployment"): read}
