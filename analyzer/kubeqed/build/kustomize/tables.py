"""What kustomize knows by heart, read from the data files when it is first asked for (data/generate_kustomize.py writes them)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

_DATA = files("kubeqed.build.kustomize") / "data"

FIRST_KINDS = (
    "Namespace ResourceQuota StorageClass CustomResourceDefinition ServiceAccount PodSecurityPolicy Role ClusterRole "
    "RoleBinding ClusterRoleBinding ConfigMap Secret Endpoints Service LimitRange PriorityClass PersistentVolume "
    "PersistentVolumeClaim Deployment StatefulSet CronJob PodDisruptionBudget"
).split()
LAST_KINDS = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]


class FieldSpec(NamedTuple):
    """A field of the kinds of a group, version and kind, each of which may be empty for any."""

    group: str
    version: str
    kind: str
    path: str
    create: bool = False


class NameReference(NamedTuple):
    """The fields that hold names of resources of a kind."""

    group: str
    version: str
    kind: str
    referrers: tuple[FieldSpec, ...]


def rank_kinds(first: Sequence[str], last: Sequence[str]) -> dict[str, int]:
    """The rank of each kind: below zero for the first ones, above it for the last; all others have zero."""
    ranks = {kind: number - len(first) for number, kind in enumerate(first)}
    return ranks | {kind: number for number, kind in enumerate(last, 1)}


def spell_type(group: str, version: str, kind: str) -> str:
    """A group, version and kind as the tool compares them (Gvk.String); what is empty comes late."""
    return f"{group or '~G'}_{version or '~V'}_{kind or '~K'}"


def _load_table(name: str) -> Any:
    return json.loads((_DATA / name).read_text(encoding="utf-8"))


# https://github.com/kubernetes-sigs/kustomize/issues/6051: those that the tool knows to be cluster-wide since v5.8.2 alone
ONCE_NAMESPACED = frozenset(
    f"admissionregistration.k8s.io/v1 {kind}"
    for kind in ("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding")
)
CLUSTER_SCOPED: frozenset[str] = frozenset(_load_table("cluster_scoped.json"))


@cache
def field_specs() -> dict[str, Any]:
    """The default configuration of the transformers, as the tool writes it."""
    specs: dict[str, Any] = _load_table("field_specs.json")
    return specs


@cache
def merge_keys() -> tuple[list[dict[str, tuple[list[str] | None, int | None]]], dict[str, int]]:
    """(types, kinds): type to field to its merge keys and type, and `apiVersion Kind` to its type."""
    table = _load_table("merge_keys.json")
    return table["types"], table["kinds"]
