"""Security contexts of pods and containers."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.model.admission.node import Node
from kubeqed.model.admission.violation import Violation, forbidden, invalid, required, unsupported

_INT32 = (1 << 31) - 1
_PROFILES = ("Localhost", "RuntimeDefault", "Unconfined")


def pod_security(spec: Node) -> Iterator[Violation]:
    """`securityContext` of a pod, and the namespaces that it shares."""
    share = spec["shareProcessNamespace"]
    if share.flag and spec["hostPID"].flag:
        what = "shareProcessNamespace and hostPID cannot both be enabled"
        yield forbidden(share, what, path=f"{spec.path}.securityContext.shareProcessNamespace")
    if spec["securityContext"].present:
        yield from _context(spec["securityContext"])


def _context(context: Node) -> Iterator[Violation]:
    yield from _identities(context, ("fsGroup", "runAsUser", "runAsGroup"))
    for group in context["supplementalGroups"].items():
        yield from _identity(group)
    for key, words in (
        ("fsGroupChangePolicy", ("Always", "OnRootMismatch")),
        ("supplementalGroupsPolicy", ("Merge", "Strict")),
        ("seLinuxChangePolicy", ("MountOption", "Recursive")),
    ):
        if context[key].text and context[key].text not in words:
            yield unsupported(context[key], words)
    for key in ("seccompProfile", "appArmorProfile"):
        yield from _profile(context[key])


def container_security(context: Node) -> Iterator[Violation]:
    """`securityContext` of a container."""
    if not context.present:
        return
    yield from _identities(context, ("runAsUser", "runAsGroup"))
    mount = context["procMount"]
    if mount.text and mount.text not in ("Default", "Unmasked"):
        yield unsupported(mount, ("Default", "Unmasked"))
    for key in ("seccompProfile", "appArmorProfile"):
        yield from _profile(context[key])
    escalation = context["allowPrivilegeEscalation"]
    if escalation.present and escalation.flag is False:
        if context["privileged"].flag:
            yield forbidden(context, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true")
        if any(item.text == "CAP_SYS_ADMIN" for item in context["capabilities"]["add"].items()):
            yield forbidden(context, "cannot set `allowPrivilegeEscalation` to false and add CAP_SYS_ADMIN")


def _identities(context: Node, keys: tuple[str, ...]) -> Iterator[Violation]:
    for key in keys:
        if context[key].present:
            yield from _identity(context[key])


def _identity(node: Node) -> Iterator[Violation]:
    if node.number is not None and not 0 <= node.number <= _INT32:
        yield invalid(node, f"must be between 0 and {_INT32}")


def _profile(node: Node) -> Iterator[Violation]:
    if not node.present:
        return
    kind, local = node["type"], node["localhostProfile"]
    if kind.text == "":
        yield required(kind)
    elif kind.text and kind.text not in _PROFILES:
        yield unsupported(kind, _PROFILES)
    elif kind.text == "Localhost" and (local.absent or local.text == ""):
        yield required(local, "must be set when the type is Localhost")
    elif kind.text in _PROFILES[1:] and local.present:
        yield forbidden(local, "can only be set when the type is Localhost")
