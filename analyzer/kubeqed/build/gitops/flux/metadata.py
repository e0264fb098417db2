"""What the controller adds to all objects that it applies: labels that name their owner, and `commonMetadata`."""

from __future__ import annotations

from kubeqed.build.kustomize.resources.resource import BuildResource
from kubeqed.build.node import OriginNode

_OWNER = "kustomize.toolkit.fluxcd.io/"
_FIELDS = ("labels", "annotations")


def add_owner_labels(one: BuildResource, tree: OriginNode) -> None:
    """Sets the labels that name the Kustomization `tree`, as `SetOwnerLabels` of fluxcd/pkg/ssa does."""
    for field in ("name", "namespace"):
        if (owner := tree.get("metadata", field)) is not None:
            _set_entry(one, "labels", f"{_OWNER}{field}", owner)


def add_common_metadata(one: BuildResource, tree: OriginNode) -> None:
    """Sets `commonMetadata` over what the object has."""
    for field in _FIELDS:
        common = tree.get("spec", "commonMetadata", field)
        for key, node in common.entries.items() if common is not None else ():
            _set_entry(one, field, key, node)


def _set_entry(one: BuildResource, field: str, key: str, node: OriginNode) -> None:
    entries = one.tree.get("metadata", field)
    if entries is None or not isinstance(entries.value, dict):
        entries = node.like({})
        one.set_metadata(field, entries)
    entries.set(key, node.copied_from())
