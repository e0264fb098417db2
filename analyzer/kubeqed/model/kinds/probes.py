"""Which ports the kubelet calls in a container: its probes and the HTTP requests of its lifecycle hooks.

A port is a number, or a name that is looked up among the ports of the container itself, whatever their protocol:
https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#HTTPGetAction
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.model.kinds.template import Container
from kubeqed.model.values.fields import read_field, read_integer, read_items, read_port, read_text
from kubeqed.parse import Unknown, Value

_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_HOOKS = ("postStart", "preStop")


class CalledPort(NamedTuple):
    """A port that the kubelet calls; `what` is the field that says so, `elsewhere` whether it calls another host than the pod."""

    path: str
    what: str
    port: int | str | Unknown
    elsewhere: bool


def list_called_ports(container: Container) -> Iterator[CalledPort]:
    """The ports that the kubelet calls in a container, in the order of the fields above."""
    for name in _PROBES:
        yield from _list_calls(read_field(container.node, name), f"{container.path}.{name}", name)
    lifecycle = read_field(container.node, "lifecycle")
    for name in _HOOKS:
        yield from _list_calls(read_field(lifecycle, name), f"{container.path}.lifecycle.{name}", name)


def may_set_port(container: Container, number: int) -> bool:
    """Whether the command, the arguments or the variables of a container speak of a number, or may."""
    texts: list[Value] = [*read_items(container.node, "command"), *read_items(container.node, "args")]
    texts += (read_field(one, "value") for one in read_items(container.node, "env"))
    whole = re.compile(rf"(?<!\d){number}(?!\d)")
    return any(isinstance(one, Unknown) or (isinstance(one, str) and whole.search(one)) for one in texts)


def _list_calls(node: Value, path: str, what: str) -> Iterator[CalledPort]:
    for action in ("httpGet", "tcpSocket"):
        called = read_field(node, action)
        port = read_port(called, "port")
        if port is not None:
            host = read_text(called, "host")
            yield CalledPort(f"{path}.{action}.port", what, port, isinstance(host, Unknown) or bool(host))
    grpc = read_integer(read_field(node, "grpc"), "port")
    if grpc is not None:
        yield CalledPort(f"{path}.grpc.port", what, grpc, elsewhere=False)
