"""Names by which tools find their files."""

from __future__ import annotations

import posixpath

KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")


def is_kustomization(path: str) -> bool:
    """Whether kustomize takes the file for a kustomization."""
    return posixpath.basename(path) in KUSTOMIZATIONS
