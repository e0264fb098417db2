"""How versions of Kubernetes that this kubeqed does not describe are judged."""

from __future__ import annotations

from kubeqed.model.cluster import NEWEST_KUBERNETES, OLDEST_KUBERNETES, KubernetesVersion


def notice_of_version(version: KubernetesVersion) -> str | None:
    """How a version without data is judged; None for one that is known."""
    if version > NEWEST_KUBERNETES:
        return f"Kubernetes {version} is not known yet and judged as {NEWEST_KUBERNETES}"
    if version < OLDEST_KUBERNETES:
        return f"the fields of Kubernetes {version} are judged as those of {OLDEST_KUBERNETES}"
    return None
