"""Secret, as pkg/apis/core/validation of k8s.io/kubernetes judges it: its keys, and those that its type needs."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.model.admission.kinds.configmap import keys
from kubeqed.model.admission.metadata import metadata
from kubeqed.model.admission.names import dns_subdomain
from kubeqed.model.admission.node import Node
from kubeqed.model.admission.server import Server
from kubeqed.model.admission.violation import VALUE, Violation

_NEEDED = {
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
}


def secret(root: Node, _: Server) -> Iterator[Violation]:
    """A Secret; `stringData` is merged into `data` before the server looks."""
    yield from metadata(root, dns_subdomain)
    data, text = root["data"], root["stringData"]
    for node in (data, text):
        for key, _entry in node.entries():
            for fault in keys("data", key):
                yield fault if node is data else fault._replace(place=f'stringData["{key}"]')
    if data.length is None or text.length is None:
        return
    held = {key for node in (data, text) for key, _entry in node.entries()}
    for key in _NEEDED.get(root["type"].text or "", ()):
        if key not in held:
            yield _lacks(root, key)
    if root["type"].text == "kubernetes.io/basic-auth" and not held & {"username", "password"}:
        yield _lacks(root, "username")


def _lacks(root: Node, key: str) -> Violation:
    kind = root["type"].text
    return Violation(
        VALUE, f"data[{key}]", f"lacks the key {key}, which its type {kind} needs", missing=True, place="data"
    )


KINDS = {("", "v1", "Secret"): secret}
