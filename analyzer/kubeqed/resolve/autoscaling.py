"""What changes the number of a workload's pods while it runs: HorizontalPodAutoscalers, and their like of KEDA."""

from __future__ import annotations

from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.ordinals import Ordinals
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.unit import Unit
from kubeqed.model.values.fields import apply_default, read_field, read_integer, read_text
from kubeqed.model.values.match import Match, same_value, sameness_key

_DEFAULT_KIND = "Deployment"  # of KEDA's ScaledObject; a HorizontalPodAutoscaler must name one
_LIMITS = (("minReplicas", "maxReplicas"), ("minReplicaCount", "maxReplicaCount"))


class Autoscalers:
    """The objects of a unit that scale workloads, by what they scale."""

    def __init__(self, unit: Unit) -> None:
        self._of: dict[tuple[str, object], list[Object]] = {}
        for item in unit.objects:
            target = read_field(read_field(item.identity.root, "spec"), "scaleTargetRef")
            kind, name = apply_default(read_text(target, "kind"), _DEFAULT_KIND), read_text(target, "name")
            if name is not None and isinstance(kind, str):
                self._of.setdefault((kind, sameness_key(name)), []).append(item)

    def of(self, workload: Workload) -> list[Object]:
        """Those that scale the workload, or may where a namespace is not known."""
        named = self._of.get((workload.kind, sameness_key(workload.name)), ())
        return [item for item in named if same_value(item.namespace, workload.namespace) is not Match.NO]

    def scaled(self, workload: Workload, ordinals: Ordinals) -> Ordinals:
        """The numbers of the workload's pods, within the limits of what scales it."""
        limits = [_read_limits(scaler) for scaler in self.of(workload)]
        if not limits:
            return ordinals
        most = [high for _, high in limits if high is not None]
        at_most = max(most) if len(most) == len(limits) else None
        return ordinals._replace(at_least=min(low for low, _ in limits), at_most=at_most)


def _read_limits(scaler: Object) -> tuple[int, int | None]:
    """The fewest and the most replicas that an autoscaler sets."""
    spec = read_field(scaler.identity.root, "spec")
    for least, most in _LIMITS:
        low, high = read_integer(spec, least), read_integer(spec, most)
        if high is not None:
            return (low if isinstance(low, int) else 1), (high if isinstance(high, int) else None)
    return 1, None
