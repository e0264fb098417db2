"""The ports of nodes that the DaemonSets of a unit take, and which of them are one port on a node that both have.

The scheduler's filter NodePorts keeps a pod off a node whose port is taken, for the same protocol, at an address that is
equal or at all addresses: https://kubernetes.io/docs/reference/scheduling/config/#scheduling-plugins
With `hostNetwork: true` every declared container port is a port of the node.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice, product
from typing import NamedTuple

from kubeqed.model.kinds.template import ContainerPort
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.unit import Unit
from kubeqed.model.values.fields import apply_default, read_field
from kubeqed.model.values.known import UNKNOWN, is_known, is_set
from kubeqed.model.values.match import sameness_key
from kubeqed.parse import Unknown, Value

_EVERYWHERE = (None, "", "0.0.0.0", "::")  # noqa: S104  # read in a manifest, never bound
_FEW = 4
_ANY = None
_EVERY_NODE = ""


class HostPort(NamedTuple):
    """A port of the node that the pods of a DaemonSet take; `path` is the field that says its number.

    `address` is the one address of the node at which it is taken, empty for all of them. `nodes` says which nodes the
    DaemonSet chooses, empty for all of them.
    """

    daemonset: Workload
    port: ContainerPort
    path: str
    number: int
    address: str
    nodes: str | Unknown


class HostPorts:
    """The ports of the nodes whose number the DaemonSets of a unit give, in source order.

    They are found by number, protocol, address and nodes; each of the last two also under `_ANY`. One port of each
    object stands there: the first of its definitions.
    """

    def __init__(self, unit: Unit) -> None:
        daemonsets = [item for item in unit.workloads if item.kind == "DaemonSet"]
        self.ports = tuple(port for item in daemonsets for port in _list_host_ports(item))
        self._order = {id(item): index for index, item in enumerate(daemonsets)}
        self._found: dict[tuple[object, ...], dict[object, HostPort]] = {}
        for one in self.ports:
            for address, nodes in product((one.address, _ANY), (one.nodes, _ANY)) if is_known(one.nodes) else ():
                held = self._found.setdefault((one.number, one.port.protocol, address, nodes), {})
                held.setdefault(_identify_object(one), one)

    def same_before(self, port: HostPort) -> list[HostPort]:
        """The first ports of other DaemonSets, before this one, that are surely the same port on a node which both have.

        Both choose the same nodes, or one of them takes every node; a port at all addresses takes it at each.
        """
        if not is_known(port.nodes):
            return []
        addresses = (port.address, "") if port.address else (_ANY,)
        nodes = (port.nodes, _EVERY_NODE) if port.nodes else (_ANY,)
        keys = ((port.number, port.port.protocol, *key) for key in product(addresses, nodes))
        found = [other for key in keys for other in islice(self._find_others(port, self._found.get(key, {})), _FEW)]
        return sorted(found, key=lambda other: self._order[id(other.daemonset)])[:_FEW]

    def _find_others(self, port: HostPort, held: dict[object, HostPort]) -> Iterator[HostPort]:
        """The ports of other objects that may meet a host port."""
        for owner, other in held.items():
            if self._order[id(other.daemonset)] >= self._order[id(port.daemonset)]:
                return
            if owner != _identify_object(port):
                yield other


def _identify_object(port: HostPort) -> object:
    """What is equal for definitions that are surely of one object."""
    return sameness_key(port.daemonset.name), sameness_key(port.daemonset.namespace)


def _list_host_ports(item: Workload) -> Iterator[HostPort]:
    """The ports that a workload takes on its nodes."""
    on_host, nodes = item.template.host_network is True, _describe_nodes(item)
    for container in item.template.serving():
        written = read_field(container.node, "ports")
        for port, node in zip(container.ports, written if isinstance(written, list) else (), strict=False):
            address = read_field(node, "hostIP")
            asked = apply_default(port.host_port, 0)
            if on_host and isinstance(asked, int) and not asked:
                key, number, address = "containerPort", port.number, None
            else:
                key, number = "hostPort", port.host_port
            known = isinstance(port.protocol, str) and isinstance(address, str | None)
            if isinstance(number, int) and number and known:
                at = address if isinstance(address, str) and address not in _EVERYWHERE else ""
                yield HostPort(item, port, f"{port.path}.{key}", number, at, nodes)


def _describe_nodes(item: Workload) -> str | Unknown:
    """What chooses the nodes, as text; empty when nothing does."""
    spec = read_field(item.template.node, "spec")
    labels, affinity = read_field(spec, "nodeSelector"), read_field(read_field(spec, "affinity"), "nodeAffinity")
    if not all(isinstance(value, dict | None) and _is_known(value) for value in (labels, affinity)):
        return UNKNOWN
    chosen = [value if is_set(value) else None for value in (labels, affinity)]
    return json.dumps(chosen, sort_keys=True) if any(map(is_set, chosen)) else _EVERY_NODE


def _is_known(value: Value) -> bool:
    if isinstance(value, Unknown) or getattr(value, "open", False):
        return False
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return all(_is_known(child) for child in children)
