"""The node port slots of a unit: every number that a Service takes, or that the server picks for it.

A number is one slot in the whole cluster, whatever the protocol; only ports of one Service that have one `port` and
different protocols may share it. The server picks from the upper band first:
https://kubernetes.io/blog/2023/05/11/nodeport-dynamic-and-static-allocation/
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import NamedTuple

from kubeqed.apiserver.node import Node
from kubeqed.apiserver.update import judge_new_version
from kubeqed.model.cluster import PortRange
from kubeqed.model.kinds.service import Service, ServicePort
from kubeqed.model.units.unit import DefinedAs, Unit, defined_as
from kubeqed.model.values.known import UNKNOWN, all_known, is_known, is_one_of, is_set
from kubeqed.model.values.match import sameness_key
from kubeqed.parse import Fresh, Mapping, Unknown

NODE_PORT_TYPES = ("NodePort", "LoadBalancer")
_UNKNOWN = object()  # stands among the numbers of a Service for those that are not known
_HEALTH = "spec.healthCheckNodePort"
_FEW = 64  # slots of one object that a search looks at


class NodePortSlot(NamedTuple):
    """A node port of a Service; `automatic` when the server picks the number. `entry` is None for a health check.

    `kept`: the manifest does not name it, but an earlier definition of the Service does.
    """

    service: Service
    path: str
    number: int | Unknown
    entry: ServicePort | None
    automatic: bool
    kept: bool = False

    @property
    def shown(self) -> str:
        """The number as the manifest spells it."""
        return str(self.number)

    @property
    def shared_key(self) -> object:
        """What slots have in common that may be one number: entries of one Service with one port."""
        port = self.path if self.entry is None or isinstance(self.entry.port, Unknown) else self.entry.port
        return id(self.service), port

    def comes_before(self, other: NodePortSlot) -> bool:
        """Whether the server is asked for it before another one of its Service: entries in their order, then the health check."""
        if self.entry is None or other.entry is None:
            return self.entry is not None
        entries = [entry.path for entry in self.service.ports]
        return entries.index(self.entry.path) < entries.index(other.entry.path)

    def words(self, asking: NodePortSlot) -> str:
        """The slot's holder in words, for a message about the slot that asks for its number."""
        if self.service is asking.service:
            return "its own health check" if self.entry is None else f"its own {self.entry.path}"
        return f"{self.service} for its health check" if self.entry is None else str(self.service)

    def may_share(self, other: NodePortSlot) -> bool:
        """Whether the two may take one number."""
        mine, theirs = self.entry, other.entry
        if self.service is not other.service or mine is None or theirs is None:
            return False
        ports, protocols = all_known((mine.port, theirs.port)), all_known((mine.protocol, theirs.protocol))
        if not is_known(ports) or not is_known(protocols):
            return True
        return ports[0] == ports[1] and protocols[0] != protocols[1]


class NodePorts:
    """The slots of a unit in source order, by number and by the object that asks for them.

    A search looks at few slots of each object, however many entries or definitions it has; else asking for every slot
    would cost the square.
    """

    def __init__(self, unit: Unit) -> None:
        self._before_it: dict[int, Service] = {}
        self._after_it: dict[int, Service] = {}
        kept = self._link_definitions(unit.of(Service))
        self.slots = tuple(slot for service in unit.of(Service) for slot in _slots_of(service, kept))
        self.explicit = [slot for slot in self.slots if not slot.automatic]
        self.automatic = [slot for slot in self.slots if slot.automatic]
        self._position = {(id(slot.service), slot.path): index for index, slot in enumerate(self.explicit)}
        self._by_number: dict[object, dict[object, list[NodePortSlot]]] = {}
        self._of: dict[object, list[NodePortSlot]] = {}
        self._open_of: dict[object, list[NodePortSlot]] = {}
        for slot in self.explicit:
            self._by_number.setdefault(_identify_number(slot), {}).setdefault(
                _identify_object(slot.service), []
            ).append(slot)
            for table in (self._of, self._open_of)[: 1 + isinstance(slot.number, Unknown)]:
                table.setdefault(_identify_object(slot.service), []).append(slot)
        self._numbers: dict[int, set[object]] = {}
        for slot in self.slots:
            tokens = self._numbers.setdefault(id(slot.service), set())
            tokens.update(
                (_identify_number(slot), _UNKNOWN) if isinstance(slot.number, Unknown) else (_identify_number(slot),)
            )
        self._order = {id(service): index for index, service in enumerate(unit.of(Service))}

    def carried(self, slot: NodePortSlot) -> bool | Unknown:
        """Whether the Service has the number from an earlier definition in its file."""
        before = self._before_it.get(id(slot.service))
        theirs = set[object]() if before is None else self._numbers.get(id(before), set())
        if _identify_number(slot) in theirs:
            return True
        return UNKNOWN if _UNKNOWN in theirs else False

    def is_replaced(self, other: NodePortSlot, slot: NodePortSlot) -> bool:
        """Whether a newer definition of the other Service, in its file, is applied before the slot is asked for."""
        newer = self._after_it.get(id(other.service))
        return newer is not None and self._order[id(newer)] <= self._order[id(slot.service)]

    def same(self, slot: NodePortSlot) -> Iterator[NodePortSlot]:
        """The explicit slots before this one that surely have its number, the nearest few of each object."""
        for slots in reversed(self._by_number[_identify_number(slot)].values()):
            yield from self._find_nearest(slot, slots)

    def perhaps_same(self, slot: NodePortSlot) -> Iterator[NodePortSlot]:
        """The explicit slots before this one that may have its number, and may not, the nearest few of each object."""
        for slots in (self._of if isinstance(slot.number, Unknown) else self._open_of).values():
            if self._locate_slot(slots[0]) >= self._locate_slot(slot):
                return  # neither this object nor one behind it asks for anything before
            yield from (
                other for other in self._find_nearest(slot, slots) if _identify_number(other) != _identify_number(slot)
            )

    def in_order(self, slots: Iterable[NodePortSlot]) -> list[NodePortSlot]:
        """Slots in source order, those that the server picks a number for last."""
        return sorted(slots, key=lambda slot: self._position.get((id(slot.service), slot.path), len(self.explicit)))

    def _link_definitions(self, services: Iterable[Service]) -> dict[int, Node]:
        """Links the definitions of one object in one file; the ports of new versions as the server completes them.

        A version that the server refuses to change the object to replaces nothing.
        """
        last: dict[tuple[str, DefinedAs], tuple[Service, Mapping]] = {}
        ports: dict[int, Node] = {}
        for service in services:
            if key := defined_as(service):
                root = service.identity.root
                if found := last.get((service.file, key)):
                    before, old = found
                    root, refused = judge_new_version("", "Service", old, root)
                    if refused:
                        continue
                    self._before_it[id(service)], self._after_it[id(before)] = before, service
                    ports[id(service)] = Node(root)["spec"]["ports"]
                last[service.file, key] = service, root
        return ports

    def _find_nearest(self, slot: NodePortSlot, slots: list[NodePortSlot]) -> Iterator[NodePortSlot]:
        """The last few of an object's `slots` before this one, the nearest first; of its own only this definition's."""
        end = bisect_left(slots, self._locate_slot(slot), key=self._locate_slot)
        is_own = bool(slots) and _identify_object(slots[0].service) == _identify_object(slot.service)
        nearest = reversed(slots[max(end - _FEW, 0) : end])
        return takewhile(lambda other: other.service is slot.service, nearest) if is_own else nearest

    def _locate_slot(self, slot: NodePortSlot) -> int:
        return self._position[id(slot.service), slot.path]


def _identify_object(service: Service) -> object:
    """What is equal for definitions that are surely of one object."""
    return sameness_key(service.name), sameness_key(service.namespace)


def _identify_number(slot: NodePortSlot) -> object:
    return slot.number.term if isinstance(slot.number, Unknown) else slot.number


def dynamic_band(node_ports: PortRange) -> PortRange:
    """The upper part of the range, from which the server picks first: beyond min(max(16, size / 32), 128) ports."""
    size = node_ports.high - node_ports.low + 1
    static = min(max(16, size // 32), 128)
    return PortRange(node_ports.low + (static if size > static else 0), node_ports.high)


def _slots_of(service: Service, completed: dict[int, Node]) -> Iterator[NodePortSlot]:
    if isinstance(service.type, Unknown) or service.type not in NODE_PORT_TYPES:
        return
    picks = service.allocates_node_ports
    kept = [entry["nodePort"].number for entry in completed[id(service)].items()] if id(service) in completed else []
    for at, entry in enumerate(service.ports):
        path = f"{entry.path}.nodePort"
        if entry.node_port is not None:
            yield NodePortSlot(service, path, entry.node_port, entry, False)
        elif at < len(kept) and is_set(number := kept[at]):
            yield NodePortSlot(service, path, number, entry, automatic=False, kept=True)
        elif service.type == "NodePort" or picks is None or picks is True:
            yield NodePortSlot(
                service, path, Unknown(Fresh(path), f"the nodePort that the server picks for {service}"), entry, True
            )
    if service.health_check_node_port is not None:
        yield NodePortSlot(service, _HEALTH, service.health_check_node_port, None, False)
    elif service.type == "LoadBalancer" and is_one_of(service.external_traffic_policy, ("Local",)):
        yield NodePortSlot(
            service,
            _HEALTH,
            Unknown(Fresh(_HEALTH), f"the health check port that the server picks for {service}"),
            None,
            True,
        )
