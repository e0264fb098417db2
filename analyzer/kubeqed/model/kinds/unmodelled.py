"""Objects of kinds that kubeqed does not model: nothing may be lost silently, and they may create what others miss."""

from __future__ import annotations

from dataclasses import dataclass

from kubeqed.model.kinds.builtin import is_cluster_wide
from kubeqed.model.kinds.object import Identity, Object, read_metadata
from kubeqed.model.kinds.statefulset import POD_INDEX, POD_NAME
from kubeqed.model.kinds.workload import Workload, read_workload
from kubeqed.model.values.fields import read_field
from kubeqed.parse import Sequence


@dataclass(frozen=True, slots=True, eq=False)
class UnmodelledObject(Object):
    """An object of a kind that kubeqed does not model."""


@dataclass(frozen=True, slots=True, eq=False)
class UnmodelledWorkload(Workload):
    """A custom resource that carries a pod template, such as an Argo Rollout: its pods are seen, so it hides none."""


def read(identity: Identity) -> Object:
    """The object of a manifest of any kind."""
    template = read_field(read_field(identity.root, "spec"), "template")
    if isinstance(read_field(read_field(template, "spec"), "containers"), Sequence):
        numbered = (POD_NAME, POD_INDEX) if identity.kind == "StatefulSet" else ()  # such as OpenKruise's
        return UnmodelledWorkload(*read_workload(identity, added=numbered))
    return UnmodelledObject(*read_metadata(identity, namespaced=not is_cluster_wide(identity.group, identity.kind)))


KINDS = {("", ""): read}
