"""Pod: a workload of one.

https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
"""

from __future__ import annotations

from dataclasses import dataclass

from kubeqed.model.kinds.object import Identity, read_metadata
from kubeqed.model.kinds.template import read_template
from kubeqed.model.kinds.workload import Workload


@dataclass(frozen=True, slots=True, eq=False)
class Pod(Workload):
    """A bare Pod; its own labels are what selectors see."""


def read(identity: Identity) -> Pod:
    """The Pod of a manifest."""
    return Pod(*read_metadata(identity), read_template(identity.root, ""), 1, None, {})


KINDS = {("", "Pod"): read}
