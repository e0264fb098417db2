"""ConfigMap, as pkg/apis/core/validation of k8s.io/kubernetes judges it: its keys and its size."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.metadata import validate_metadata
from kubeqed.apiserver.formats.names import config_key, dns_subdomain
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation
from kubeqed.model.values.known import known_or

MOST_BYTES = 1024 * 1024


def validate_configmap(root: Node, _: Server) -> Iterator[Violation]:
    """A ConfigMap."""
    yield from validate_metadata(root, dns_subdomain, counted=False)
    binary = dict(root["binaryData"].entries())
    size = 0
    for key, entry in root["data"].entries():
        yield from validate_keys("data", key)
        if key in binary:
            yield Violation(
                Reason.VALUE, f"data[{key}]", f'sets the key "{key}" in data and in binaryData', place=entry.path
            )
        size += len(known_or(entry.text, "").encode())
    for key, entry in binary.items():
        yield from validate_keys("binaryData", key)
        size += len(known_or(entry.text, "")) * 3 // 4 - 2
    if size > MOST_BYTES:
        yield Violation(Reason.VALUE, "", f"holds {size} bytes: may have at most {MOST_BYTES}", place="data")


def validate_keys(field: str, key: str) -> Iterator[Violation]:
    """The key of an entry; the server writes it in brackets."""
    for why in config_key(key):
        yield Violation(
            Reason.VALUE, f"{field}[{key}]", f'holds the key "{key}" in {field}: {why}', place=f'{field}["{key}"]'
        )


KINDS = {("", "v1", "ConfigMap"): validate_configmap}
