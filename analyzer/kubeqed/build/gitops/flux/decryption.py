"""Objects that SOPS has encrypted: the controller decrypts them before it applies them, and nobody else can."""

from __future__ import annotations

from kubeqed.build.kustomize.resources.resource import BuildResource
from kubeqed.build.node import OriginNode
from kubeqed.parse import Fresh, Unknown

ENCRYPTED = "ENC["
_FIELD = "sops"


def decrypt(one: BuildResource, tree: OriginNode) -> None:
    """Makes what is encrypted unknown, if the Kustomization `tree` has its objects decrypted."""
    if tree.text_at("spec", "decryption", "provider") == _FIELD and one.tree.entries.pop(_FIELD, None) is not None:
        _hide_encrypted(one.tree)


def _hide_encrypted(node: OriginNode) -> None:
    if isinstance(node.value, str) and node.value.startswith(ENCRYPTED):
        node.value = Unknown(Fresh(node.value), node.value)
    for below in (*node.entries.values(), *node.items):
        _hide_encrypted(below)
