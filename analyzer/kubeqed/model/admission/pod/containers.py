"""Containers: names, images, ports, and what only some kinds of container may have."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.model.admission.names import dns_label, needs_name, port_name
from kubeqed.model.admission.node import Node
from kubeqed.model.admission.pod.environment import environment
from kubeqed.model.admission.pod.handlers import lifecycle, probes
from kubeqed.model.admission.pod.mounts import mounts
from kubeqed.model.admission.pod.resources import requirements, resize_policy
from kubeqed.model.admission.pod.security import container_security
from kubeqed.model.admission.server import Server
from kubeqed.model.admission.violation import Violation, duplicate, forbidden, invalid, required, unsupported

CLASH = "container-port-clash"
HOST_CLASH = "host-port-clash"
PROTOCOLS = ("TCP", "UDP", "SCTP")
_PULLS = ("Always", "IfNotPresent", "Never")
_TERMINATIONS = ("File", "FallbackToLogsOnError")
_RESTARTS = ("Always", "Never", "OnFailure")
_RUNNING = ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")


def containers(spec: Node, server: Server, volumes: frozenset[str] | None) -> Iterator[Violation]:
    """All containers; `volumes` are the names that may be mounted, None when unknown."""
    ordinary = spec["containers"]
    if ordinary.length == 0:
        yield required(ordinary)
    names: set[str] = set()
    for key in ("containers", "initContainers"):
        for container in spec[key].items():
            yield from _container(container, spec, server, volumes)
            yield from _restart(container, server, is_init=key == "initContainers")
            name = container["name"]
            if name.text and name.text in names:
                yield duplicate(name)
            names.add(name.text or "")
    for container in spec["ephemeralContainers"].items():
        yield from _container(container, spec, server, volumes)


def _container(node: Node, spec: Node, server: Server, volumes: frozenset[str] | None) -> Iterator[Violation]:
    yield from needs_name(node["name"], dns_label)
    if node["image"].text == "":
        yield required(node["image"])
    yield from _ports(node["ports"])
    yield from environment(node, server)
    yield from mounts(node, volumes)
    for key, words in (("imagePullPolicy", _PULLS), ("terminationMessagePolicy", _TERMINATIONS)):
        if node[key].text and node[key].text not in words:
            yield unsupported(node[key], words)
    yield from requirements(node["resources"], spec)
    yield from resize_policy(node["resizePolicy"], spec)
    yield from container_security(node["securityContext"])


def _ports(node: Node) -> Iterator[Violation]:
    names: set[str] = set()
    for port in node.items():
        name, number, host = port["name"], port["containerPort"], port["hostPort"]
        faults = port_name(name.text) if name.text else []
        for why in faults:
            yield invalid(name, why)
        if name.text and not faults and name.text in names:
            yield duplicate(name, CLASH)
        names.add(name.text or "")
        if number.number == 0:
            yield required(number) if number.absent else invalid(number, "must be between 1 and 65535")
        elif number.number is not None and not 1 <= number.number <= 65535:
            yield invalid(number, "must be between 1 and 65535")
        if host.number and not 1 <= host.number <= 65535:
            yield invalid(host, "must be between 1 and 65535")
        if port["protocol"].text and port["protocol"].text not in PROTOCOLS:
            yield unsupported(port["protocol"], PROTOCOLS)


def _restart(node: Node, server: Server, *, is_init: bool) -> Iterator[Violation]:
    policy = node["restartPolicy"]
    ruled = server.version >= (1, 35)  # ContainerRestartRules, beta and on since 1.35
    if policy.present and policy.text is not None:
        if not is_init and not ruled:
            yield forbidden(policy, "may not be set for containers that are no init containers")
        elif policy.text not in (_RESTARTS if ruled else ("Always",)):
            yield unsupported(policy, _RESTARTS if ruled else ("Always",))
    yield from _restart_rules(node)
    if not is_init or policy.text in ("Always", None):
        yield from lifecycle(node)
        yield from probes(node)
        return
    for key in _RUNNING:
        if node[key].present:
            yield forbidden(node[key], "may not be set for init containers without restartPolicy Always")


def _restart_rules(node: Node) -> Iterator[Violation]:
    if node["restartPolicyRules"].filled and node["restartPolicy"].absent:
        yield required(node["restartPolicy"], "must be set when restart rules are used")
    for rule in node["restartPolicyRules"].items():
        operator = rule["exitCodes"]["operator"]
        if rule["exitCodes"].absent:
            yield required(rule["exitCodes"])
        elif operator.text is not None and operator.text not in ("In", "NotIn"):
            yield unsupported(operator, ("In", "NotIn"))


def host_ports(spec: Node, *, is_pod: bool) -> Iterator[Violation]:
    """Host ports against container ports and one another."""
    on_host = spec["hostNetwork"].flag
    seen: set[tuple[str, str, int]] = set()
    for container in spec["containers"].items():
        yield from _host_ports(container, seen, on_host=on_host, is_pod=is_pod)
    for container in spec["initContainers"].items():
        yield from _host_ports(container, set(), on_host=False if on_host is False else None, is_pod=is_pod)


def _host_ports(
    container: Node, seen: set[tuple[str, str, int]], *, on_host: bool | None, is_pod: bool
) -> Iterator[Violation]:
    for port in container["ports"].items():
        host, number = port["hostPort"], port["containerPort"].number
        protocol, address, asked = port["protocol"].text, port["hostIP"].text, host.number
        if on_host and asked and number is not None and asked != number:
            yield invalid(host, "must match `containerPort` when `hostNetwork` is true")
        if asked == 0 and on_host and is_pod:
            asked = number
        if not asked or protocol is None or address is None:
            continue
        slot = (protocol or "TCP", address, asked)
        if slot in seen:
            yield duplicate(host, HOST_CLASH, what=f"{slot[0]}/{address or '*'}/{asked}")
        seen.add(slot)
