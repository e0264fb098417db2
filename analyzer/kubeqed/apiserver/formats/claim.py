"""The specification of a PersistentVolumeClaim, in templates of StatefulSets and in ephemeral volumes.

Ported from ValidatePersistentVolumeClaimSpec of pkg/apis/core/validation of k8s.io/kubernetes.
"""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.labels import validate_selector
from kubeqed.apiserver.formats.names import dns_label, dns_subdomain, validate_name
from kubeqed.apiserver.formats.quantity import parse_quantity
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import (
    Violation,
    forbidden,
    invalid,
    rename_path,
    required,
    unsupported,
)
from kubeqed.model.values.known import equals, is_known, is_set, known_only

_ACCESS = ("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")
_ALONE = "ReadWriteOncePod"
_MODES = ("Block", "Filesystem")
_CLAIM = "PersistentVolumeClaim"


def validate_claim_spec(spec: Node, server: Server) -> Iterator[Violation]:
    """The `spec` of a claim."""
    yield from _validate_access_modes(spec["accessModes"])
    yield from validate_selector(spec["selector"])
    yield from _validate_storage(spec)
    yield from validate_name(spec["storageClassName"], dns_subdomain)
    if server.version >= (1, 34):  # VolumeAttributesClass
        yield from validate_name(spec["volumeAttributesClassName"], dns_subdomain)
    mode = spec["volumeMode"]
    if mode.present and is_known(mode.text) and mode.text not in _MODES:
        yield unsupported(mode, _MODES)
    for key in ("dataSource", "dataSourceRef"):
        if spec[key].present:
            yield from _validate_source(spec[key])
    yield from _validate_sources(spec)


def _validate_access_modes(modes: Node) -> Iterator[Violation]:
    if equals(modes.length, 0):
        yield required(modes, "at least 1 access mode is required")
    words = set(known_only(mode.text for mode in modes.items()))
    for mode in modes.items():
        if is_known(mode.text) and mode.text not in _ACCESS:
            yield rename_path(unsupported(mode, _ACCESS), modes.path)
    if _ALONE in words and any(word in _ACCESS and word != _ALONE for word in words):
        yield forbidden(modes, f"{_ALONE} may not stand beside other access modes")


def _validate_storage(spec: Node) -> Iterator[Violation]:
    storage = spec["resources"]["requests"]["storage"]
    named_by_server = f"{spec.path}.resources[storage]"
    amount = parse_quantity(storage.value)
    if storage.absent:
        yield required(storage)._replace(path=named_by_server, place=spec["resources"].path)
    elif is_known(amount) and amount <= 0:
        yield rename_path(invalid(storage, "must be greater than zero"), named_by_server)


def _validate_source(node: Node) -> Iterator[Violation]:
    name, kind, group, namespace = node["name"], node["kind"], node["apiGroup"], node["namespace"]
    for needed in (name, kind):
        if equals(needed.text, ""):
            yield required(needed)
    if equals(group.text, "") and is_known(kind.text) and kind.text != _CLAIM:
        yield invalid(node, f"without an apiGroup, `kind` must be {_CLAIM}")
    yield from validate_name(group, dns_subdomain)
    yield from validate_name(namespace, dns_label)


def _validate_sources(spec: Node) -> Iterator[Violation]:
    """A source may be written twice, in the older and in the newer field, but only the same one."""
    old, new = spec["dataSource"], spec["dataSourceRef"]
    if not (old.present and new.present and old.sure() and new.sure()):
        return
    if is_set(new["namespace"].text):
        yield rename_path(invalid(old, "may not be set beside dataSourceRef.namespace"), spec.path)
    elif any(_are_different(old[key], new[key]) for key in ("apiGroup", "kind", "name")):
        yield rename_path(invalid(old, "must be the same as dataSourceRef"), spec.path)


def _are_different(one: Node, two: Node) -> bool:
    return is_known(one.text) and is_known(two.text) and (one.text, one.absent) != (two.text, two.absent)
