"""The API groups whose objects may state what reaches a cluster, and the one that says where a repository is."""

from __future__ import annotations

SOURCES = "source.toolkit.fluxcd.io"
STATING = frozenset(["kustomize.toolkit.fluxcd.io", "fluxcd.controlplane.io", "argoproj.io"])
