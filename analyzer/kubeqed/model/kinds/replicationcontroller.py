"""ReplicationController: the ancestor of ReplicaSet; its selector is a plain map.

https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/replication-controller-v1/
"""

from __future__ import annotations

from dataclasses import dataclass

from kubeqed.model.kinds.object import Identity
from kubeqed.model.kinds.selector import read_plain_selector
from kubeqed.model.kinds.workload import Workload, read_workload
from kubeqed.model.values.fields import read_field


@dataclass(frozen=True, slots=True, eq=False)
class ReplicationController(Workload):
    """A ReplicationController."""


def read(identity: Identity) -> ReplicationController:
    """The ReplicationController of a manifest."""
    fields = read_workload(identity)
    selector = read_plain_selector(read_field(identity.root, "spec"), "selector", "spec.selector")
    return ReplicationController(*fields[:-2], selector, fields[-1])


KINDS = {("", "ReplicationController"): read}
