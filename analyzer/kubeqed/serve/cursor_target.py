"""What stands under the cursor: a workload, a Service, or one of their ports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.diagnostic import Span
from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.service import Service, ServicePort
from kubeqed.model.kinds.template import ContainerPort
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.input import Input
from kubeqed.reach.algebra import EMPTY, PortSet, single_port

_NAMES = ("kind", "metadata.name")
_SERVICE_PORT = ("port", "name", "targetPort", "nodePort", "protocol")
_CONTAINER_PORT = ("containerPort", "name", "hostPort", "protocol")


class CursorTarget(NamedTuple):
    """An object, or a port of it: `service_port` of a Service, `ports` of a workload; `words` name the port."""

    object: Object
    span: Span
    words: str = ""
    service_port: ServicePort | None = None
    ports: PortSet = EMPTY


def find_target(whole: Input, path: str, line: int, column: int) -> CursorTarget | None:
    """What stands at a place; line and column count from 1."""
    manifest = next((manifest for manifest in whole.manifests if manifest.file == path), None)
    around = [item for item in manifest.objects if item.identity.origin.first_line < line] if manifest else []
    last = max((item.identity.origin.first_line for item in around), default=0)
    for item in around:
        if item.identity.origin.first_line == last and isinstance(item, Service | Workload):
            for spot in _list_targets(item):
                if spot.span.line == line and spot.span.column <= column <= spot.span.end_column:
                    return spot
    return None


def _list_targets(item: Service | Workload) -> Iterator[CursorTarget]:
    yield from (CursorTarget(item, span) for span in _list_spans(item, "", _NAMES))
    if isinstance(item, Service):
        for entry in item.ports:
            words = f"port {entry.port}"
            yield from (
                CursorTarget(item, span, words, service_port=entry)
                for span in _list_spans(item, entry.path, _SERVICE_PORT)
            )
        return
    for container in item.template.all_containers():
        for port in container.ports:
            if found := _find_number(port):
                words = f"{port.protocol} port {port.number}"
                yield from (
                    CursorTarget(item, span, words, ports=found)
                    for span in _list_spans(item, port.path, _CONTAINER_PORT)
                )


def _find_number(port: ContainerPort) -> PortSet:
    if isinstance(port.number, int) and isinstance(port.protocol, str):
        return single_port(port.protocol, port.number)
    return EMPTY


def _list_spans(item: Object, path: str, names: tuple[str, ...]) -> Iterator[Span]:
    """Where the fields are written, each from its key to the end of its value."""
    for name in names:
        field = f"{path}.{name}" if path else name
        if item.holds(field):
            key, value = item.key_at(field).span, item.at(field).span
            yield key._replace(end_column=value.end_column) if key.line == value.line else value
