"""Probes and lifecycle hooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kubeqed.apiserver.formats.names import header_name, port_name
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.violation import Violation, forbidden, invalid, rename_path, required, unsupported
from kubeqed.model.values.known import equals, is_known, is_set

_PROBE_HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc")
_HOOK_HANDLERS = ("exec", "httpGet", "tcpSocket", "sleep")
_GRACE = 30  # what a pod has unless it says otherwise
_SECONDS = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")


def validate_probes(container: Node, spec: Node) -> Iterator[Violation]:
    """The three probes of a container."""
    for key in ("livenessProbe", "readinessProbe", "startupProbe"):
        probe = container[key]
        if not probe.present:
            continue
        yield from _validate_probe(probe, spec)
        success, grace = probe["successThreshold"], probe["terminationGracePeriodSeconds"]
        if key != "readinessProbe" and is_known(success.number) and success.number not in (0, 1):
            yield invalid(success, "must be 1")
        if key == "readinessProbe" and grace.present:
            yield forbidden(grace, "must not be set for readiness probes")


def _validate_probe(probe: Node, spec: Node) -> Iterator[Violation]:
    yield from _validate_handler(probe, _PROBE_HANDLERS, spec)
    for key in _SECONDS:
        number = probe[key].number
        if is_known(number) and number < 0:
            yield invalid(probe[key], "must be greater than or equal to 0")
    grace = probe["terminationGracePeriodSeconds"]
    if grace.present and is_known(grace.number) and grace.number <= 0:
        yield invalid(grace, "must be greater than 0")


def validate_lifecycle(container: Node, spec: Node) -> Iterator[Violation]:
    """The hooks of a container."""
    for key in ("postStart", "preStop"):
        hook = container["lifecycle"][key]
        if hook.present:
            yield from _validate_handler(hook, _HOOK_HANDLERS, spec)


def _validate_handler(node: Node, kinds: tuple[str, ...], spec: Node) -> Iterator[Violation]:
    first: str | None = None
    for key in kinds:
        if not node[key].present:
            continue
        if first is not None:
            yield forbidden(node[key], "may not specify more than one handler")
            continue
        first = key
        yield from _CHECKS[key](node[key], spec)
    if first is None and all(node[key].absent for key in kinds):
        yield Violation(Reason.VALUE, node.path, f"has no handler in {node.path}", missing=True)


def _validate_exec(node: Node, _: Node) -> Iterator[Violation]:
    if equals(node["command"].length, 0):
        yield required(node["command"])


def _validate_http(node: Node, _: Node) -> Iterator[Violation]:
    yield from _validate_port(node["port"])
    if is_set(node["scheme"].text) and node["scheme"].text not in ("HTTP", "HTTPS"):
        yield unsupported(node["scheme"], ("HTTP", "HTTPS"))
    for header in node["httpHeaders"].items():
        name = header["name"].text
        for why in header_name(name) if is_known(name) else ():
            path = node["httpHeaders"].path
            yield Violation(Reason.VALUE, path, f"sets {header.path}.name: {why}")


def _port_of(node: Node, _: Node) -> Iterator[Violation]:
    yield from _validate_port(node["port"])


def _validate_port(node: Node) -> Iterator[Violation]:
    if isinstance(node.value, str):
        for why in port_name(node.value):
            yield invalid(node, why)
    elif node.absent:
        yield required(node, "a port between 1 and 65535, or the name of one")
    elif is_known(node.number) and not 1 <= node.number <= 65535:
        yield invalid(node, "must be between 1 and 65535")


def _validate_sleep(node: Node, spec: Node) -> Iterator[Violation]:
    grace, seconds = spec["terminationGracePeriodSeconds"], node["seconds"].number
    most = grace.number if grace.present else _GRACE
    if grace.sure() and is_known(most) and is_known(seconds) and not 0 <= seconds <= most:
        fault = invalid(node["seconds"], f"must be between 0 and terminationGracePeriodSeconds ({most})")
        yield rename_path(fault, node.path)


_CHECKS: dict[str, Callable[[Node, Node], Iterator[Violation]]] = {
    "exec": _validate_exec,
    "httpGet": _validate_http,
    "tcpSocket": _port_of,
    "grpc": _port_of,
    "sleep": _validate_sleep,
}
