"""The API groups whose objects may state what reaches a cluster, and the one that says where a repository is."""

from __future__ import annotations

import re

from kubeqed.late_pattern import compile_late

SOURCES = "source.toolkit.fluxcd.io"
HELM_RELEASES = "helm.toolkit.fluxcd.io"
STATING = frozenset(["kustomize.toolkit.fluxcd.io", "fluxcd.controlplane.io", "argoproj.io", HELM_RELEASES])
_STATES = compile_late(rb"\b(?:%b)/v" % b"|".join(re.escape(one).encode() for one in sorted(STATING)))


def states(content: bytes) -> bool:
    """Whether the bytes of a file may hold an object that states something."""
    return _STATES.search(content) is not None
