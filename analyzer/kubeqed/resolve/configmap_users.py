"""Which workloads read a ConfigMap: as a volume, or in their variables."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from kubeqed.model.kinds.configmap import ConfigMap
from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.values.fields import read_field, read_items, read_text
from kubeqed.model.values.match import Match, same_value
from kubeqed.parse import Value
from kubeqed.resolve.resolver import Resolver


@lru_cache(maxsize=2)
def _users_by_name(graph: Resolver) -> dict[str, list[Workload]]:
    found: dict[str, list[Workload]] = {}
    for item in graph.unit.objects:
        if isinstance(item, Workload):
            for name in dict.fromkeys(_list_names(item)):
                found.setdefault(name, []).append(item)
    return found


def list_users(graph: Resolver, configmap: Object) -> Iterator[Workload]:
    """The workloads of its namespace that surely read a ConfigMap."""
    if isinstance(configmap, ConfigMap) and isinstance(configmap.name, str):
        for workload in _users_by_name(graph).get(configmap.name, ()):
            if same_value(workload.namespace, configmap.namespace) is Match.YES:
                yield workload


def _list_names(workload: Workload) -> Iterator[str]:
    spec = read_field(workload.template.node, "spec")
    for volume in read_items(spec, "volumes"):
        yield from _read_reference(read_field(volume, "configMap"))
        for source in read_items(read_field(volume, "projected"), "sources"):
            yield from _read_reference(read_field(source, "configMap"))
    for container in workload.template.all_containers():
        for source in read_items(container.node, "envFrom"):
            yield from _read_reference(read_field(source, "configMapRef"))
        for entry in read_items(container.node, "env"):
            yield from _read_reference(read_field(read_field(entry, "valueFrom"), "configMapKeyRef"))


def _read_reference(node: Value) -> Iterator[str]:
    name = read_text(node, "name")
    if isinstance(name, str):
        yield name
