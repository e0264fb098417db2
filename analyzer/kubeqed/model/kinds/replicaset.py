"""ReplicaSet: a number of interchangeable pods.

https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/replica-set-v1/
"""

from __future__ import annotations

from dataclasses import dataclass

from kubeqed.model.kinds.object import Identity
from kubeqed.model.kinds.workload import Workload, read_workload


@dataclass(frozen=True, slots=True, eq=False)
class ReplicaSet(Workload):
    """A ReplicaSet."""


def read(identity: Identity) -> ReplicaSet:
    """The ReplicaSet of a manifest."""
    return ReplicaSet(*read_workload(identity))


KINDS = {("apps", "ReplicaSet"): read, ("extensions", "ReplicaSet"): read}
