"""Namespace: its labels are what namespace selectors see, `kubernetes.io/metadata.name` among them.

https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name
"""

from __future__ import annotations

from dataclasses import dataclass

from kubeqed.model.kinds.object import Identity, Object, read_metadata

NAME_LABEL = "kubernetes.io/metadata.name"


@dataclass(frozen=True, slots=True, eq=False)
class Namespace(Object):
    """A Namespace."""


def read(identity: Identity) -> Namespace:
    """The Namespace of a manifest."""
    return Namespace(*read_metadata(identity, namespaced=False))


KINDS = {("", "Namespace"): read}
