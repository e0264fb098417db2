"""The namespace of an Application's destination: objects that have none get it, and it may be made with them."""

from __future__ import annotations

from kubeqed.build.freeze import freeze
from kubeqed.build.kustomize.resources.identity import is_cluster_scoped
from kubeqed.build.node import Entries, OriginNode
from kubeqed.diagnostic import ObjectKey
from kubeqed.parse import PlacedDocument, Through

_CREATES = "CreateNamespace=true"
_MAKES = "makes the namespace"


def set_namespace(tree: OriginNode, namespace: OriginNode | None) -> None:
    """Gives an object the destination's namespace where it has none (controller: NormalizeTargetObjects).

    A kind that Argo CD does not know counts as one with a namespace; here that is one that kustomize does not know.
    """
    metadata = tree.get("metadata")
    if metadata is None or not isinstance(metadata.value, dict):
        return
    if is_cluster_scoped(tree.text_at("apiVersion"), tree.text_at("kind")):
        metadata.entries.pop("namespace", None)
    elif namespace is not None and namespace.text and not metadata.text_at("namespace"):
        metadata.set("namespace", namespace.like(namespace.value))


def managed_namespace(application: OriginNode) -> PlacedDocument | None:
    """The Namespace that `CreateNamespace=true` makes, with the metadata that the Application gives it."""
    option = next(
        (one for one in application.items_at("spec", "syncPolicy", "syncOptions") if one.text == _CREATES), None
    )
    name = application.get("spec", "destination", "namespace")
    if option is None or name is None or not name.text:
        return None
    metadata: Entries = {"name": name.like(name.value)}
    for field in ("labels", "annotations"):
        given = application.get("spec", "syncPolicy", "managedNamespaceMetadata", field)
        if given is not None and given.entries:
            metadata[field] = given
    entries = {
        "apiVersion": option.like("v1"),
        "kind": option.like("Namespace"),
        "metadata": option.like(dict(metadata)),
    }
    key = ObjectKey("v1", "Namespace", None, name.text)
    return freeze(option.like(entries), (Through(option.place, _MAKES),), key)
