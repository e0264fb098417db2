"""PodDisruptionBudget: how many pods of a selection may be evicted at one time.

https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/pod-disruption-budget-v1/
"""

from __future__ import annotations

from dataclasses import dataclass

from kubeqed.model.kinds.object import Identity, Object, read_metadata
from kubeqed.model.kinds.selector import LabelSelector, read_selector
from kubeqed.model.values.fields import read_field


@dataclass(frozen=True, slots=True, eq=False)
class PodDisruptionBudget(Object):
    """A PodDisruptionBudget; one without a selector protects no pod."""

    selector: LabelSelector | None


def read(identity: Identity) -> PodDisruptionBudget:
    """The PodDisruptionBudget of a manifest."""
    spec = read_field(identity.root, "spec")
    return PodDisruptionBudget(*read_metadata(identity), selector=read_selector(spec, "selector", "spec.selector"))


KINDS = {("policy", "PodDisruptionBudget"): read}
