"""Secret, as pkg/apis/core/validation of k8s.io/kubernetes judges it: its keys, and those that its type needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import NoneType

from kubeqed.apiserver.formats.metadata import validate_metadata
from kubeqed.apiserver.formats.names import dns_subdomain
from kubeqed.apiserver.kinds.configmap import MOST_BYTES, validate_keys
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, rename_path, required, warn
from kubeqed.model.values.known import UNKNOWN, equals, is_known, known_or
from kubeqed.parse import Unknown

_ACCOUNT = "kubernetes.io/service-account.name"
_CONFIGURATIONS = (".dockercfg", ".dockerconfigjson")
_CERTIFICATE = r"-----BEGIN CERTIFICATE-----"
_PRIVATE_KEY = r"-----BEGIN (?:[A-Z0-9 ]+ )?PRIVATE KEY-----"
_BLOCKS = {"tls.crt": "certificate", "tls.key": "private key"}
_NEEDED = {
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
}


def validate_secret(root: Node, _: Server) -> Iterator[Violation]:
    """A Secret; `stringData` is merged into `data` before the server looks."""
    yield from validate_metadata(root, dns_subdomain, counted=False)
    data, text = root["data"], root["stringData"]
    for node in (data, text):
        for key, _entry in node.entries():
            for fault in validate_keys("data", key):
                yield _redact_key(fault if node is data else fault._replace(place=f'stringData["{key}"]'), key)
    yield from _too_large(data, text)
    yield from _validate_type(root)


def _redact_key(fault: Violation, key: str) -> Violation:
    """A complaint about a key, which may be a value that slipped, without it."""
    return fault._replace(message=fault.message.replace(f'the key "{key}"', "a key"))


def _too_large(data: Node, text: Node) -> Iterator[Violation]:
    sizes = {key: len(known_or(entry.text, "")) * 3 // 4 - 2 for key, entry in data.entries()}
    sizes |= {key: len(known_or(entry.text, "").encode()) for key, entry in text.entries()}
    if sum(sizes.values()) > MOST_BYTES:
        yield Violation(Reason.VALUE, "data", f"holds {sum(sizes.values())} bytes: may have at most {MOST_BYTES}")


def _validate_type(root: Node) -> Iterator[Violation]:
    """What the type of a Secret asks for."""
    data, text, kind = root["data"], root["stringData"], root["type"].text
    account = root["metadata"]["annotations"][_ACCOUNT]
    if equals(kind, "kubernetes.io/service-account-token") and equals(account.text, ""):
        fault = required(account, f"its type {kind} needs it")
        yield rename_path(fault, f"metadata.annotations[{_ACCOUNT}]")
    if not is_known(data.length) or not is_known(text.length):
        return
    held = {key: entry for node in (data, text) for key, entry in node.entries()}
    for key in _NEEDED.get(known_or(kind, ""), ()):
        if key not in held or (equals(kind, "kubernetes.io/ssh-auth") and equals(held[key].text, "")):
            yield _report_missing(root, key)
        elif key in _CONFIGURATIONS:
            yield from _validate_json(key, held[key])
    if equals(kind, "kubernetes.io/tls"):
        yield from _validate_pem(held)
    if equals(kind, "kubernetes.io/basic-auth") and not held.keys() & {"username", "password"}:
        yield _report_missing(root, "username")


def _validate_json(key: str, entry: Node) -> Iterator[Violation]:
    """A configuration must be a JSON object, or null."""
    text = _read_content(entry)
    if not is_known(text):
        return
    import json  # only Secrets of this type need it

    try:
        good = isinstance(json.loads(text, parse_constant=_refuse_constant), dict | NoneType)
    except ValueError:
        good = False
    if not good:
        yield Violation(Reason.VALUE, f"data[{key}]", f"holds no JSON object under the key {key}", place=entry.path)


def _validate_pem(held: dict[str, Node]) -> Iterator[Violation]:
    """A certificate and a key that are no PEM; whether they belong together only their content tells."""
    for key, pattern in (("tls.crt", _CERTIFICATE), ("tls.key", _PRIVATE_KEY)):
        text = _read_content(held[key]) if key in held else UNKNOWN
        if is_known(text) and not re.search(pattern, text):
            yield warn(held[key], "holds no PEM block of a " + _BLOCKS[key], Reason.VALUE)


def _refuse_constant(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _read_content(entry: Node) -> str | Unknown:
    """What an entry of `data` or `stringData` holds."""
    text = entry.text
    in_base64 = entry.parent is not None and entry.parent.step == "data"
    return _decode_text(text) if is_known(text) and in_base64 else text


def _decode_text(text: str) -> str | Unknown:
    """The text in base64; unknown when it is none, which decoding reports."""
    import base64

    try:
        return base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True).decode(errors="replace")
    except ValueError:
        return UNKNOWN


def _report_missing(root: Node, key: str) -> Violation:
    kind = root["type"].text
    return Violation(
        Reason.VALUE, f"data[{key}]", f"lacks the key {key}, which its type {kind} needs", missing=True, place="data"
    )


KINDS = {("", "v1", "Secret"): validate_secret}
