"""The API groups whose objects may state what reaches a cluster."""

from __future__ import annotations

STATING = frozenset(["kustomize.toolkit.fluxcd.io", "fluxcd.controlplane.io", "argoproj.io"])
