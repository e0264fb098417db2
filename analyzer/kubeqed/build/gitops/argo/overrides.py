"""Files beside manifests that change a source: `.argocd-source.yaml` and that of one Application (repository.mergeSourceParameters)."""

from __future__ import annotations

import posixpath

from kubeqed.build.directory import Files, thaw_documents
from kubeqed.build.node import Entries, OriginNode
from kubeqed.build.refusal import RefusalError

_KEPT = ("chart", "path", "repoURL", "targetRevision")


def override(source: OriginNode, files: Files, real: str, application: str) -> OriginNode:
    """A source as the files in its real directory change it, first that for all, then that for the application.

    A RefusalError for one that is no YAML; an OSError for one that cannot be read.
    """
    made = source.copy()
    for name in (".argocd-source.yaml", f".argocd-source-{application}.yaml"):
        path = files.follow(posixpath.join(real, name))
        if not files.is_file(path):
            continue
        for patch in thaw_documents(files.documents(path))[:1]:
            if not isinstance(patch.value, dict):
                raise RefusalError(f"{name}: Invalid JSON Patch", patch.place)
            merge(made.entries, patch.entries, deletes=False)
    for key in _KEPT:
        made.entries.pop(key, None)
        if key in source.entries:
            made.entries[key] = source.entries[key]
    return made


def merge(entries: Entries, patch: Entries, *, deletes: bool) -> None:
    """Merges entries into others, as a merge patch does (RFC 7386): a list replaces one, and null deletes.

    Where Argo CD then decodes the result into what it had before, null changes nothing.
    """
    for key, node in patch.items():
        old = entries.get(key)
        if node.value is None:
            if deletes:
                entries.pop(key, None)
        elif old is not None and isinstance(old.value, dict) and isinstance(node.value, dict):
            merge(old.value, node.value, deletes=deletes)
        else:
            entries[key] = node
