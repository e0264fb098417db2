"""What the operating system of a pod allows: `os`, `windowsOptions`, HostProcess containers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kubeqed.apiserver.formats.names import dns_subdomain
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.walk import all_containers
from kubeqed.apiserver.violation import Violation, forbidden, invalid, rename_path, required, unsupported
from kubeqed.model.values.known import equals, is_known, is_set

_SYSTEMS = ("linux", "windows")
_NOT_ON_WINDOWS = "cannot be set for a windows pod"
_POD_ON_LINUX = ("hostUsers", "shareProcessNamespace")
_NAMESPACES_ON_LINUX = ("hostPID", "hostIPC")
_CONTEXT_ON_LINUX = (
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "fsGroup",
    "fsGroupChangePolicy",
    "runAsUser",
    "runAsGroup",
    "supplementalGroups",
    "supplementalGroupsPolicy",
    "seLinuxChangePolicy",
)
_CONTAINER_ON_LINUX = (
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "capabilities",
    "readOnlyRootFilesystem",
    "privileged",
    "allowPrivilegeEscalation",
    "procMount",
    "runAsUser",
    "runAsGroup",
)
_LONGEST_CREDENTIALS = 64 * 1024
_LONGEST_DOMAIN = 255
_LONGEST_USER = 104
_CONTROL = r"[\x00-\x1f\x7f]"
_NET_BIOS = r'[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}'
_DOMAIN = r"[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*"
_NO_USER = r'["/\\:;|=,+*?<>@\[\]]'


def validate_platform(spec: Node) -> Iterator[Violation]:
    """The `os` of a pod, and what goes with one system only."""
    system, name = spec["os"], spec["os"]["name"]
    yield from _host_process(spec)
    if not system.present:
        return
    if equals(name.text, ""):
        yield required(name)
    elif is_set(name.text) and name.text not in _SYSTEMS:
        yield rename_path(unsupported(name, _SYSTEMS), system.path)
    elif equals(name.text, "linux"):
        for context in (spec["securityContext"], *_list_contexts(spec)):
            if context["windowsOptions"].present:
                yield forbidden(context["windowsOptions"], "cannot be set for a linux pod")
    elif equals(name.text, "windows"):
        yield from _on_windows(spec)


def _list_contexts(spec: Node) -> Iterator[Node]:
    for container in all_containers(spec):
        yield container["securityContext"]


def _on_windows(spec: Node) -> Iterator[Violation]:
    context = spec["securityContext"]
    fields = [
        *(spec[key] for key in _POD_ON_LINUX if spec[key].present),
        *(spec[key] for key in _NAMESPACES_ON_LINUX if is_set(spec[key].flag)),
        *(context[key] for key in _CONTEXT_ON_LINUX if context[key].present),
        *([context["sysctls"]] if context["sysctls"].filled else []),
        *(below[key] for below in _list_contexts(spec) for key in _CONTAINER_ON_LINUX if below[key].present),
    ]
    for field in fields:
        yield forbidden(field, _NOT_ON_WINDOWS)


def _host_process(spec: Node) -> Iterator[Violation]:
    """Either all containers are HostProcess containers, on the network of the host, or none is."""
    of_pod = spec["securityContext"]["windowsOptions"]["hostProcess"]
    own = [context["windowsOptions"]["hostProcess"] for context in _list_contexts(spec)]
    for node in own:
        one, two = of_pod.flag, node.flag
        if of_pod.present and node.present and is_known(one) and is_known(two) and one != two:
            yield invalid(node, "must be as in the pod, where both are specified")
    flags = [of_pod.flag if node.absent else node.flag for node in own]
    if not any(map(is_set, flags)):
        return
    if any(equals(flag, False) for flag in flags):
        yield invalid(spec, "either all containers must be HostProcess containers or none")
    if equals(spec["hostNetwork"].flag, False):
        fault = invalid(spec["hostNetwork"], "must be true, as there are HostProcess containers")
        yield fault._replace(missing=spec["hostNetwork"].absent)


def validate_windows_options(node: Node) -> Iterator[Violation]:
    """`windowsOptions` of a pod or a container."""
    name, credentials = node["gmsaCredentialSpecName"], node["gmsaCredentialSpec"]
    if name.present and is_known(name.text):
        for why in dns_subdomain(name.text):
            yield invalid(name, why)
    text = credentials.text
    if credentials.present and is_known(text) and not 0 < len(text.encode()) <= _LONGEST_CREDENTIALS:
        yield invalid(credentials, "must not be empty, nor longer than 64 KiB")
    user = node["runAsUserName"]
    for why in _user_faults(user.text) if user.present and is_known(user.text) else ():
        yield invalid(user, why)


def _user_faults(text: str) -> Iterator[str]:
    domain, slash, user = text.partition("\\")
    if text == "":
        yield "must not be empty"
    elif re.search(_CONTROL, text):
        yield "must not contain control characters"
    elif "\\" in user:
        yield "must not contain more than one backslash"
    else:
        if slash:
            yield from _domain_faults(domain)
        user = user if slash else domain
        if not 0 < len(user.encode()) <= _LONGEST_USER:
            yield f"must name a user of 1 to {_LONGEST_USER} characters"
        elif not user.strip(". "):
            yield "must name a user, not only periods or spaces"
        if re.search(_NO_USER, user):
            yield 'must name a user without any of "/\\:;|=,+*?<>@[]'


def _domain_faults(domain: str) -> Iterator[str]:
    if len(domain.encode()) > _LONGEST_DOMAIN:
        yield f"must name a domain of no more than {_LONGEST_DOMAIN} characters"
    if not any(re.fullmatch(pattern, domain, re.DOTALL) for pattern in (_NET_BIOS, _DOMAIN)):
        yield "must name a domain of NetBIOS or DNS"
