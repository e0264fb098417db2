"""Containers: names, images, ports, and what only some kinds of container may have.

Ported from validateContainers, validateInitContainers and validateEphemeralContainers of pkg/apis/core/validation. Ordinary and
init containers share one set of names, and an ephemeral container may name one of them as its target.
"""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.names import PROTOCOLS, dns_label, port_name, require_name
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.environment import validate_environment
from kubeqed.apiserver.pod.handlers import validate_lifecycle, validate_probes
from kubeqed.apiserver.pod.resources import validate_resize_policy, validate_resource_requirements
from kubeqed.apiserver.pod.security import validate_container_security
from kubeqed.apiserver.pod.storage.mounts import Volumes, validate_mounts
from kubeqed.apiserver.pod.storage.volumes import PULLS
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, duplicate, forbidden, invalid, required, unsupported
from kubeqed.model.values.known import UNKNOWN, equals, is_known, is_one_of, is_set, known_or
from kubeqed.parse import Unknown

_TERMINATIONS = ("File", "FallbackToLogsOnError")
_RESTARTS = ("Always", "Never", "OnFailure")
_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_NOT_FOR_INIT = "may not be set for init containers without restartPolicy Always"
_MOST_RULES = 20
_MOST_CODES = 255


def validate_containers(spec: Node, server: Server, volumes: Volumes | Unknown) -> Iterator[Violation]:
    """All containers; `volumes` are those that may be mounted."""
    ordinary = spec["containers"]
    if equals(ordinary.length, 0):
        yield required(ordinary)
    names: set[str] = set()
    for key in ("containers", "initContainers"):
        for container in spec[key].items():
            yield from _validate_container(container, spec, server, volumes)
            yield from _validate_restart_policy(container, spec, server, is_init=key == "initContainers")
            name = container["name"]
            if is_set(name.text) and name.text in names:
                yield duplicate(name)
            names.add(known_or(name.text, ""))
    for container in spec["ephemeralContainers"].items():
        yield from _validate_container(container, spec, server, volumes)
        yield from _validate_ephemeral_container(container, names)


def _validate_ephemeral_container(node: Node, names: set[str]) -> Iterator[Violation]:
    name, target = node["name"], node["targetContainerName"]
    if _has_hooks(node["lifecycle"]):
        yield forbidden(node["lifecycle"], "cannot be set for an ephemeral container")
    for key in (*_PROBES, "ports", "resources", "resizePolicy", "restartPolicy", "restartPolicyRules"):
        if node[key].present and not node[key].blank:
            yield forbidden(node[key], "cannot be set for an ephemeral container")
    for mount in node["volumeMounts"].items():
        for key in ("subPath", "subPathExpr"):
            if is_set(mount[key].text):
                yield forbidden(mount[key], "cannot be set for an ephemeral container")
    if is_set(target.text) and target.text not in names:
        yield invalid(target, "is none of the pod's containers")
    if is_set(name.text) and name.text in names:
        yield duplicate(name)


def _validate_container(node: Node, spec: Node, server: Server, volumes: Volumes | Unknown) -> Iterator[Violation]:
    yield from require_name(node["name"], dns_label)
    if equals(node["image"].text, ""):
        yield required(node["image"])
    yield from _validate_ports(node["ports"])
    yield from validate_environment(node, server)
    yield from validate_mounts(node, volumes)
    for key, words in (("imagePullPolicy", PULLS), ("terminationMessagePolicy", _TERMINATIONS)):
        if is_set(node[key].text) and not is_one_of(node[key].text, words):
            yield unsupported(node[key], words)
    yield from validate_resource_requirements(node["resources"], spec, server)
    yield from validate_resize_policy(node["resizePolicy"], spec)
    yield from validate_container_security(node["securityContext"], spec)


def _validate_ports(node: Node) -> Iterator[Violation]:
    names: set[str] = set()
    for port in node.items():
        name, number, host = port["name"], port["containerPort"], port["hostPort"]
        faults = port_name(name.text) if is_set(name.text) else []
        for why in faults:
            yield invalid(name, why)
        if is_set(name.text) and not faults and name.text in names:
            yield duplicate(name, Reason.CONTAINER_PORT_CLASH)
        names.add(known_or(name.text, ""))
        if equals(number.number, 0):
            yield required(number) if number.absent else invalid(number, "must be between 1 and 65535")
        elif is_known(number.number) and not 1 <= number.number <= 65535:
            yield invalid(number, "must be between 1 and 65535")
        if is_set(host.number) and not 1 <= host.number <= 65535:
            yield invalid(host, "must be between 1 and 65535")
        if is_set(port["protocol"].text) and port["protocol"].text not in PROTOCOLS:
            yield unsupported(port["protocol"], PROTOCOLS)


def _validate_restart_policy(node: Node, spec: Node, server: Server, *, is_init: bool) -> Iterator[Violation]:
    policy = node["restartPolicy"]
    ruled = server.version >= (1, 35)  # ContainerRestartRules, beta and on since 1.35
    if policy.present and is_known(policy.text):
        if not is_init and not ruled:
            yield forbidden(policy, "may not be set for containers that are no init containers")
        elif policy.text not in (_RESTARTS if ruled else ("Always",)):
            yield unsupported(policy, _RESTARTS if ruled else ("Always",))
    if ruled:
        yield from _restart_rules(node, server, is_init=is_init)
    if not is_init or not is_known(policy.text) or policy.text == "Always":
        yield from validate_lifecycle(node, spec)
        yield from validate_probes(node, spec)
        return
    yield from _validate_init_container(node)


def _validate_init_container(node: Node) -> Iterator[Violation]:
    """What an init container may not have that ends before the others start."""
    for key in _PROBES:
        if node[key].present:
            yield forbidden(node[key], _NOT_FOR_INIT)
    if _has_hooks(node["lifecycle"]):
        yield forbidden(node["lifecycle"], _NOT_FOR_INIT)
    for policy in node["resizePolicy"].items():
        if equals(policy["restartPolicy"].text, "RestartContainer"):
            yield invalid(policy["restartPolicy"], _NOT_FOR_INIT)


def _has_hooks(lifecycle: Node) -> bool:
    """Whether something is left once the server dropped `stopSignal`, for which a gate is off by default."""
    return lifecycle.present and [key for key, hook in lifecycle.entries() if hook.present] != ["stopSignal"]


def _restart_rules(node: Node, server: Server, *, is_init: bool) -> Iterator[Violation]:
    rules, policy = node["restartPolicyRules"], node["restartPolicy"]
    if policy.absent and rules.filled:
        yield required(policy, "must be set when restart rules are used")
    if is_init and not policy.present:
        return
    if known_or(rules.length, 0) > _MOST_RULES:
        yield invalid(rules, f"must have at most {_MOST_RULES} items")
    actions = ("Restart", "RestartAllContainers") if server.version >= (1, 36) else ("Restart",)
    for rule in rules.items():
        action, codes = rule["action"], rule["exitCodes"]
        if is_known(action.text) and action.text not in actions:
            yield unsupported(action, actions)
        if codes.absent:
            yield required(codes)
        elif is_known(codes["operator"].text) and codes["operator"].text not in ("In", "NotIn"):
            yield unsupported(codes["operator"], ("In", "NotIn"))
        if known_or(codes["values"].length, 0) > _MOST_CODES:
            yield invalid(codes["values"], f"must have at most {_MOST_CODES} items")


def validate_host_ports(spec: Node, *, is_pod: bool) -> Iterator[Violation]:
    """Host ports against container ports and one another."""
    on_host = spec["hostNetwork"].flag
    seen: set[tuple[str, str, int]] = set()
    for container in spec["containers"].items():
        yield from _host_ports(container, seen, on_host=on_host, is_pod=is_pod)
    for container in spec["initContainers"].items():
        yield from _host_ports(container, set(), on_host=False if equals(on_host, False) else UNKNOWN, is_pod=is_pod)


def _host_ports(
    container: Node, seen: set[tuple[str, str, int]], *, on_host: bool | Unknown, is_pod: bool
) -> Iterator[Violation]:
    for port in container["ports"].items():
        host, number = port["hostPort"], port["containerPort"].number
        protocol, address, asked = port["protocol"].text, port["hostIP"].text, host.number
        if is_set(on_host) and is_set(asked) and is_known(number) and asked != number:
            yield invalid(host, "must match `containerPort` when `hostNetwork` is true")
        if equals(asked, 0) and is_set(on_host) and is_pod:
            asked = number
        if not is_set(asked) or not is_known(protocol) or not is_known(address):
            continue
        slot = (protocol or "TCP", address, asked)
        if slot in seen:
            yield duplicate(host, Reason.HOST_PORT_CLASH, what=f"{slot[0]}/{address or '*'}/{asked}")
        seen.add(slot)
