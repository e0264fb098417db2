"""Security contexts of pods and containers.

Ported from ValidateSecurityContext and ValidatePodSecurityContext of pkg/apis/core/validation. What a Pod Security Standard
forbids is an admission plugin's business and is not judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.platform import validate_windows_options
from kubeqed.apiserver.pod.storage.files import require_relative_path
from kubeqed.apiserver.pod.walk import all_containers
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import (
    Violation,
    duplicate,
    forbidden,
    invalid,
    rename_path,
    required,
    unsupported,
)
from kubeqed.model.values.known import equals, is_known, is_one_of, is_set, known_or

_INT32 = (1 << 31) - 1
_LONGEST_PATH = 4095
_SYSCTL = r"([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
_OF_HOST = {
    "hostNetwork": ("net.",),
    "hostIPC": ("kernel.shm", "kernel.msg", "kernel.sem", "fs.mqueue."),
}
_PROFILES = ("Localhost", "RuntimeDefault", "Unconfined")


def validate_pod_security(spec: Node, server: Server) -> Iterator[Violation]:
    """`securityContext` of a pod, and the namespaces that it shares."""
    share = spec["shareProcessNamespace"]
    if is_set(share.flag) and is_set(spec["hostPID"].flag):
        what = "shareProcessNamespace and hostPID cannot both be enabled"
        yield forbidden(share, what, path=f"{spec.path}.securityContext.shareProcessNamespace")
    if equals(spec["hostUsers"].flag, False) and spec["hostUsers"].present and server.version >= (1, 33):
        yield from _without_host_users(spec)
    if spec["securityContext"].present:
        yield from _validate_context(spec["securityContext"], spec, server)


def _without_host_users(spec: Node) -> Iterator[Violation]:
    """Users of its own do not go with namespaces of the host."""
    for key, name in (("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")):
        if is_set(spec[key].flag):
            yield rename_path(forbidden(spec[key], "when `hostUsers` is false"), f"{spec.path}.{name}")
    for container in all_containers(spec):
        if container["volumeDevices"].filled:
            yield forbidden(container["volumeDevices"], "when `hostUsers` is false")


def _validate_context(context: Node, spec: Node, server: Server) -> Iterator[Violation]:
    yield from _validate_identities(context, ("fsGroup", "runAsUser", "runAsGroup"))
    for group in context["supplementalGroups"].items():
        yield from _validate_identity(group)
    for key, words in (
        ("fsGroupChangePolicy", ("Always", "OnRootMismatch")),
        ("supplementalGroupsPolicy", ("Merge", "Strict")),
        ("seLinuxChangePolicy", _selinux_policies(server)),
    ):
        if context[key].present and is_known(context[key].text) and words and not is_one_of(context[key].text, words):
            yield unsupported(context[key], words)
    yield from _validate_seccomp(context["seccompProfile"])
    yield from _validate_apparmor(context["appArmorProfile"])
    yield from validate_windows_options(context["windowsOptions"])
    yield from _validate_sysctls(context["sysctls"], spec)


def _validate_sysctls(node: Node, spec: Node) -> Iterator[Violation]:
    seen: set[str] = set()
    for setting in node.items():
        name = setting["name"]
        if equals(name.text, ""):
            yield required(name)
        elif is_set(name.text) and (len(name.text) > 253 or not re.fullmatch(_SYSCTL, name.text)):
            yield invalid(name, "must be lower case words with '.' or '/' between, of no more than 253 characters")
        elif is_one_of(name.text, seen):
            yield duplicate(name)
        for key, starts in _OF_HOST.items():
            if is_set(spec[key].flag) and is_set(name.text) and name.text.replace("/", ".").startswith(starts):
                yield invalid(name, f"may not be specified when {key} is true")
        seen.add(known_or(name.text, ""))


def _selinux_policies(server: Server) -> tuple[str, ...]:
    """The words that the server knows; none where it drops the field. Only SELinuxMount brings the second."""
    return ("Recursive",) if server.version >= (1, 33) else ()


def validate_container_security(context: Node, spec: Node) -> Iterator[Violation]:
    """`securityContext` of a container."""
    if not context.present:
        return
    yield from _validate_identities(context, ("runAsUser", "runAsGroup"))
    mount = context["procMount"]
    if mount.present and is_known(mount.text) and mount.text not in ("Default", "Unmasked"):
        yield unsupported(mount, ("Default", "Unmasked"))
    if equals(mount.text, "Unmasked") and (spec["hostUsers"].absent or is_set(spec["hostUsers"].flag)):
        yield invalid(mount, "needs `hostUsers` to be false")
    yield from _validate_seccomp(context["seccompProfile"])
    yield from _validate_apparmor(context["appArmorProfile"])
    yield from validate_windows_options(context["windowsOptions"])
    escalation = context["allowPrivilegeEscalation"]
    if escalation.present and equals(escalation.flag, False):
        if is_set(context["privileged"].flag):
            yield forbidden(context, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true")
        if any(equals(item.text, "CAP_SYS_ADMIN") for item in context["capabilities"]["add"].items()):
            yield forbidden(context, "cannot set `allowPrivilegeEscalation` to false and add CAP_SYS_ADMIN")


def _validate_identities(context: Node, keys: tuple[str, ...]) -> Iterator[Violation]:
    for key in keys:
        if context[key].present:
            yield from _validate_identity(context[key])


def _validate_identity(node: Node) -> Iterator[Violation]:
    if is_known(node.number) and not 0 <= node.number <= _INT32:
        yield invalid(node, f"must be between 0 and {_INT32}")


def _validate_seccomp(node: Node) -> Iterator[Violation]:
    if not node.present:
        return
    yield from _profile_type(node)
    kind, local = node["type"], node["localhostProfile"]
    if equals(kind.text, "Localhost"):
        if local.absent:
            yield required(local, "must be set when the type is Localhost")
        yield from require_relative_path(local, known_or(local.text, ""))
    elif is_known(kind.text) and local.present:
        yield invalid(local, "can only be set when the type is Localhost")


def _validate_apparmor(node: Node) -> Iterator[Violation]:
    if not node.present:
        return
    yield from _profile_type(node)
    kind, local = node["type"], node["localhostProfile"]
    if is_one_of(kind.text, ("RuntimeDefault", "Unconfined")) and local.present:
        yield invalid(local, "can only be set when the type is Localhost")
    if not equals(kind.text, "Localhost") or not is_known(local.text):
        return
    if local.text == "":
        yield required(local, "must be set when the type is Localhost")
    elif local.text.strip() != local.text:
        yield invalid(local, "must not be padded with whitespace")
    if len(local.text.encode()) > _LONGEST_PATH:
        yield invalid(local, f"must be no more than {_LONGEST_PATH} characters")


def _profile_type(node: Node) -> Iterator[Violation]:
    kind = node["type"]
    if equals(kind.text, ""):
        yield required(kind)
    elif is_set(kind.text) and kind.text not in _PROFILES:
        yield unsupported(kind, _PROFILES)
