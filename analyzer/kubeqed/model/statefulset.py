"""StatefulSet: pods with names of their own, governed by a headless Service.

https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/stateful-set-v1/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kubeqed.model.fields import field, text
from kubeqed.model.object import Identity, Reference
from kubeqed.model.workload import Workload, read_workload
from kubeqed.parse import Unknown

_ADDED = ("controller-revision-hash", "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index")


@dataclass(frozen=True, slots=True, eq=False)
class StatefulSet(Workload):
    """A StatefulSet; `service_name` is `spec.serviceName`, None when absent or empty (legal: no pod DNS names)."""

    service_name: str | Unknown | None

    def references(self) -> Iterator[Reference]:
        """Its governing Service."""
        if self.service_name is not None:
            yield Reference(self, "spec.serviceName", ("", "Service"), self.namespace, self.service_name)


def read(identity: Identity) -> StatefulSet:
    """The StatefulSet of a manifest."""
    name = text(field(identity.root, "spec"), "serviceName")
    return StatefulSet(*read_workload(identity, added=_ADDED), name if isinstance(name, Unknown) else name or None)


KINDS = {("apps", "StatefulSet"): read}
