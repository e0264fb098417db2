"""ConfigMap: text that programs and network plugins read.

https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/config-map-v1/
"""

from __future__ import annotations

from dataclasses import dataclass

from kubeqed.model.kinds.object import Identity, Object, read_metadata
from kubeqed.model.values.fields import Labels, read_labels


@dataclass(frozen=True, slots=True, eq=False)
class ConfigMap(Object):
    """A ConfigMap; `data` maps keys to text."""

    data: Labels


def read(identity: Identity) -> ConfigMap:
    """The ConfigMap of a manifest."""
    return ConfigMap(*read_metadata(identity), read_labels(identity.root, "data", "data"))


KINDS = {("", "ConfigMap"): read}
