"""What kustomize calls its files, and the annotation that keeps an object from the server."""

from __future__ import annotations

KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
LOCAL_CONFIG = "config.kubernetes.io/local-config"
