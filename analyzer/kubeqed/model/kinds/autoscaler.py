"""What scales a workload: HorizontalPodAutoscaler, KEDA's ScaledObject, VerticalPodAutoscaler; they differ in where they name it.

https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/
https://keda.sh/docs/latest/reference/scaledobject-spec/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kubeqed.model.kinds.object import Identity, Object, ObjectReference, read_metadata
from kubeqed.model.values.fields import apply_default, read_field, read_text
from kubeqed.parse import Unknown

_APPS = ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet")
_CORE = ("ReplicationController",)


@dataclass(frozen=True, slots=True, eq=False)
class Autoscaler(Object):
    """An object that scales a workload; `target_path` is the reference, of which kind and name may be unknown."""

    target_path: str
    target_kind: str | Unknown | None
    target_name: str | Unknown | None

    def references(self) -> Iterator[ObjectReference]:
        """The workload that it scales; nothing for a kind that Kubernetes does not bring, which may be anywhere."""
        kind, name = self.target_kind, self.target_name
        if isinstance(kind, str) and name is not None and kind in (*_APPS, *_CORE):
            group = "apps" if kind in _APPS else ""
            yield ObjectReference(self, f"{self.target_path}.name", (group, kind), self.namespace, name)


def _make_reader(field: str, kind: str | None) -> Callable[[Identity], Autoscaler]:
    """A reader of the objects that name their target in a field of `spec`; `kind` is the target's where none is written."""

    def read(identity: Identity) -> Autoscaler:
        target = read_field(read_field(identity.root, "spec"), field)
        written = read_text(target, "kind")
        named = written if kind is None else apply_default(written, kind)
        return Autoscaler(*read_metadata(identity), f"spec.{field}", named, read_text(target, "name"))

    return read


KINDS = {
    ("autoscaling", "HorizontalPodAutoscaler"): _make_reader("scaleTargetRef", None),
    ("keda.sh", "ScaledObject"): _make_reader("scaleTargetRef", "Deployment"),
    ("autoscaling.k8s.io", "VerticalPodAutoscaler"): _make_reader("targetRef", None),
}
