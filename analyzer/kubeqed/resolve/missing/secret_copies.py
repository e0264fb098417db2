"""Whether a controller is asked to copy a Secret to other namespaces, as annotations of the Secret say."""

from __future__ import annotations

from kubeqed.late_pattern import compile_late
from kubeqed.model.values.fields import Labels
from kubeqed.parse import Unknown

# https://github.com/emberstack/kubernetes-reflector, https://github.com/mittwald/kubernetes-replicator, kubed (now config-syncer)
_REFLECTOR = "reflector.v1.k8s.emberstack.com/reflection-auto"
_REPLICATOR = "replicator.v1.mittwald.de/replicate-to"
_TO_NAMED = {f"{_REFLECTOR}-enabled": f"{_REFLECTOR}-namespaces", _REPLICATOR: _REPLICATOR}
_TO_LABELLED = (f"{_REPLICATOR}-matching", "kubed.appscode.com/sync")
_PLAIN = compile_late(r"[a-z0-9-]+\Z")


def may_be_copied_to(annotations: Labels, namespace: str | Unknown | None) -> bool:
    """Whether a Secret with these annotations may get a copy in a namespace; one that is not listed gets none."""
    asked = annotations.entries
    if annotations.more is not None or any(key in asked for key in _TO_LABELLED):
        return True
    return any(_may_list(asked.get(listed), namespace) for key, listed in _TO_NAMED.items() if key in asked)


def _may_list(listed: str | Unknown | None, namespace: str | Unknown | None) -> bool:
    """Whether a list of names and patterns may hold a namespace; an empty one stands for all."""
    if not isinstance(listed, str) or not isinstance(namespace, str) or not listed.strip():
        return True
    return any(part == namespace or not _PLAIN.match(part) for part in map(str.strip, listed.split(",")))
