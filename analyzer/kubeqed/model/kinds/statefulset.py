"""StatefulSet: pods with names of their own, governed by a headless Service.

https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/stateful-set-v1/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kubeqed.model.kinds.object import Identity, ObjectReference
from kubeqed.model.kinds.ordinals import Ordinals, join_ranges
from kubeqed.model.kinds.workload import Workload, read_workload
from kubeqed.model.values.fields import apply_default, read_field, read_integer, read_text
from kubeqed.parse import Unknown

POD_NAME = "statefulset.kubernetes.io/pod-name"
POD_INDEX = "apps.kubernetes.io/pod-index"
_ADDED = ("controller-revision-hash", POD_NAME, POD_INDEX)


@dataclass(frozen=True, slots=True, eq=False)
class StatefulSet(Workload):
    """A StatefulSet; `service_name` is `spec.serviceName`, None when absent or empty (legal: no pod DNS names).

    `first` is the number of its first pod, `spec.ordinals.start`.
    """

    service_name: str | Unknown | None
    first: int | Unknown

    @property
    def ordinals(self) -> Ordinals:
        """The numbers of its pods. There are as many as `replicas` says; where it says none or 0, one or more."""
        stated = self.replicas if self.holds("spec.replicas") and isinstance(self.replicas, int) else 0
        prefix: str | Unknown = "-" if self.name is None else join_ranges(self.name, "-")
        labels: dict[str, str | Unknown] = {POD_NAME: prefix, POD_INDEX: ""}
        count = stated if stated > 0 else None
        return Ordinals(self.first, max(stated, 1), count, labels, "spec.replicas", "spec.ordinals.start")

    def references(self) -> Iterator[ObjectReference]:
        """Its governing Service."""
        if self.service_name is not None:
            yield ObjectReference(self, "spec.serviceName", ("", "Service"), self.namespace, self.service_name)


def read(identity: Identity) -> StatefulSet:
    """The StatefulSet of a manifest."""
    spec = read_field(identity.root, "spec")
    name = read_text(spec, "serviceName")
    first = apply_default(read_integer(read_field(spec, "ordinals"), "start"), 0)
    fields = read_workload(identity, added=_ADDED)
    return StatefulSet(*fields, name if isinstance(name, Unknown) else name or None, first)


KINDS = {("apps", "StatefulSet"): read}
