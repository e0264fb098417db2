"""Documents that are manifests but for their type: `apiVersion` or `kind` is missing or misspelt, also in an item of a List.

kubectl refuses such a file before a server sees it (decodeToUnstructured and decodeToList of
k8s.io/apimachinery/pkg/apis/meta/v1/unstructured/helpers.go). Most YAML is no manifest, so only what looks like one
beside the missing key is judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kubeqed.apiserver.decode.nearest import is_slip
from kubeqed.apiserver.decode.table import fields_of, type_of, versions_of
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.violation import Violation
from kubeqed.model.kinds.builtin import BUILTIN, BUILTIN_GROUPS
from kubeqed.parse import TYPE_KEYS, Mapping, Sequence, Unknown, Value

_KINDS = frozenset(kind for _, kind in BUILTIN)
# Groups whose files programs read: kind, kubeadm, the components of Kubernetes, eksctl, k3d, ctlptl, Backstage, operator-sdk.
_OF_PROGRAMS = (
    r"(?:kind\.x-k8s\.io|kubeadm\.k8s\.io|(?:\w+\.)?config\.k8s\.io|audit\.k8s\.io|eksctl\.io|k3d\.io|ctlptl\.dev|backstage\.io"
    r"|scorecard\.operatorframework\.io)/.*"
)


def find_misspelt_type(root: Value, *, named: bool) -> Iterator[Violation]:
    """What kubectl refuses in the type of a document; one with a `suggestion` speaks of the key at its path.

    `named` says that the user named the file, so that it need not hold either key.
    """
    if not isinstance(root, Mapping) or root.open or root.get("sops") is not None:
        return  # what SOPS encrypted, a program reads first
    missing = [key for key in TYPE_KEYS if root.get(key) is None]
    if not missing:
        yield from _check_items(root)
    elif named or len(missing) < len(TYPE_KEYS):
        yield from _report_missing(root, missing)


def is_read_by_program(root: Value) -> bool:
    """Whether a document is of a group whose files a program reads, as those of kind and kubeadm are."""
    version = root.get("apiVersion") if isinstance(root, Mapping) else None
    return isinstance(version, str) and re.fullmatch(_OF_PROGRAMS, version) is not None


def is_of_another_program(root: Value) -> bool:
    """Whether a document without `apiVersion` describes what no Kubernetes object is, as those of Octelium do."""
    if not isinstance(root, Mapping) or "apiVersion" in root or not isinstance(root.get("metadata"), Mapping):
        return False
    kind = root.get("kind")
    return isinstance(kind, str) and (kind not in _KINDS or _has_foreign_spec(root, kind))


def _report_missing(root: Mapping, missing: list[str]) -> Iterator[Violation]:
    slips = {key: slip for key in missing for slip in root if slip not in TYPE_KEYS and is_slip(slip, key)}
    version, kind = (root.get(slips.get(key, key)) for key in TYPE_KEYS)
    if not _looks_typed(version, kind, root):
        return
    what = f"a {kind}" if isinstance(kind, str) else f"an object of {version}"
    for key in missing:
        if key in slips:
            why = f"with {slips[key]} instead of {key}, which the server cannot read (nearest: {key})"
            yield Violation(Reason.VALUE, slips[key], f"{what} {why}", suggestion=key)
        else:
            yield Violation(Reason.VALUE, "", f"{what} without {key}, which the server cannot read", missing=True)


def _looks_typed(version: Value, kind: Value, root: Mapping) -> bool:
    """Whether the two keys, as far as they are there, are those of an object that a server may know."""
    if isinstance(version, str) and re.fullmatch(_OF_PROGRAMS, version):
        return False
    described = isinstance(root.get("metadata"), Mapping)
    if isinstance(version, str) and isinstance(kind, str):
        return described or kind in _KINDS
    if version is None:
        return described and isinstance(kind, str) and kind in _KINDS and not _has_foreign_spec(root, kind)
    if not described or kind is not None or not isinstance(version, str) or not _is_served(version):
        return False
    beside = root.keys() - {*TYPE_KEYS, "metadata"}
    return not beside or not beside.isdisjoint(_top_fields())


def _has_foreign_spec(root: Mapping, kind: str) -> bool:
    """Whether nothing in the spec belongs to the kind: other programs have a Namespace or a Service too, as Octelium."""
    spec = root.get("spec")
    return isinstance(spec, Mapping) and bool(spec) and spec.keys().isdisjoint(_spec_fields(kind))


@cache
def _spec_fields(kind: str) -> frozenset[str]:
    """The fields of the spec of a kind, in all its groups and versions."""
    groups = [group for group, known in BUILTIN if known == kind]
    served = [type_of(group, version, kind) for group in groups for version in versions_of(group, kind)]
    specs = [fields_of(field.code).get("spec") for field in served if field is not None]
    return frozenset(name for field in specs if field is not None for name in fields_of(field.code))


@cache
def _top_fields() -> frozenset[str]:
    """The fields beside `metadata` that some kind of Kubernetes has; what has others alone is a program's, as OpenShift's install-config."""
    served = (type_of(group, version, kind) for group, kind in BUILTIN for version in versions_of(group, kind))
    fields = {name for field in served if field is not None for name in fields_of(field.code)}
    return frozenset(fields - {*TYPE_KEYS, "metadata"})


def _is_served(version: str) -> bool:
    group, _, name = version.rpartition("/")
    return name.startswith("v1" if not group else "v") and (group in BUILTIN_GROUPS or "." in group)


def _check_items(root: Mapping) -> Iterator[Violation]:
    """Items of a List that are no objects. Those of a ServiceList are Services, whether they say so or not."""
    kind, items = root.get("kind"), root.get("items")
    if not isinstance(kind, str) or kind != "List" or not isinstance(items, Sequence):
        return
    for index, item in enumerate(items):
        typed = isinstance(item, Mapping) and (item.open or all(item.get(key) is not None for key in TYPE_KEYS))
        if not typed and not isinstance(item, Unknown):
            what = f"List holds at items[{index}] what is no object: an item needs apiVersion and kind"
            yield Violation(Reason.VALUE, f"items[{index}]", what, missing=True)
