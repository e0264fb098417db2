"""What becomes of the objects of a chart when it is installed: those without a namespace get that of the release."""

from __future__ import annotations

from collections.abc import Iterable

from kubeqed.build.kustomize.resources.identity import is_cluster_scoped
from kubeqed.parse import Mapping, PlacedDocument


def fill_namespaces(documents: Iterable[PlacedDocument], namespace: str) -> None:
    """Gives the objects that have none a namespace, at the place of their metadata; cluster-wide ones have none."""
    for placed in documents:
        root = placed.document.root
        metadata = root.get("metadata") if isinstance(root, Mapping) else None
        if not isinstance(root, Mapping) or not isinstance(metadata, Mapping) or "namespace" in metadata:
            continue
        version, kind = root.get("apiVersion"), root.get("kind")
        if isinstance(version, str) and isinstance(kind, str) and not is_cluster_scoped(version, kind):
            mark = root.marks[2 * list(root).index("metadata")]
            metadata["namespace"] = namespace
            metadata.marks.extend((mark, mark))
