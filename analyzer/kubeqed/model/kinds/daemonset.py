"""DaemonSet: one pod on each node.

https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/daemon-set-v1/
"""

from __future__ import annotations

from dataclasses import dataclass

from kubeqed.model.kinds.object import Identity
from kubeqed.model.kinds.workload import Workload, read_workload

_ADDED = ("controller-revision-hash", "pod-template-generation")


@dataclass(frozen=True, slots=True, eq=False)
class DaemonSet(Workload):
    """A DaemonSet; `replicas` says nothing, one pod runs on each node that fits."""


def read(identity: Identity) -> DaemonSet:
    """The DaemonSet of a manifest."""
    return DaemonSet(*read_workload(identity, added=_ADDED))


KINDS = {("apps", "DaemonSet"): read, ("extensions", "DaemonSet"): read}
