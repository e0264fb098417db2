"""Labels that pods are given while they run, or that the pods of the control plane have: no manifest shows them."""

from __future__ import annotations

from kubeqed.parse import Unknown

_ROLE_KEYS = frozenset({"role", "spilo-role", "vault-active", "active", "leader", "primary", "state"})
_ROLES = frozenset({"master", "leader", "primary", "active", "replica", "standby", "true"})


def is_given_at_run_time(key: str, value: str | Unknown) -> bool:
    """Whether a label is one of a role that changes, or of the control plane."""
    if not isinstance(value, str):
        return False
    return value.startswith("kube-") or (key.rsplit("/", 1)[-1] in _ROLE_KEYS and value in _ROLES)
