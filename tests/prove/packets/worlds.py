"""Packets of small clusters in both forms: as the room has them, and as manifests for the brute force."""

from __future__ import annotations

from typing import Any

from tests.reach import brute

from kubeqed.model.units.unit import Unit
from kubeqed.prove.packets.logic import Side
from kubeqed.prove.packets.packet import AddressEnd, Packet, PacketEnd, PodEnd
from kubeqed.prove.packets.space import PacketSpace, Vocabulary
from kubeqed.prove.packets.variables import PacketVariables
from kubeqed.reach import Assumptions
from kubeqed.reach.policies import PROTOCOLS, Reachability, format_address, namespace_labels

Manifest = dict[str, Any]


class PacketWorld:
    """A unit with the space of its policies."""

    def __init__(self, unit: Unit, *, by_address: bool = False) -> None:
        self.reach = Reachability(unit, Assumptions(pods_by_address=by_address))
        self.policies = self.reach.policies.items
        self.declared = namespace_labels(unit)
        vocabulary = Vocabulary()
        vocabulary.add_policies(self.policies)
        vocabulary.add_declared((*self.declared, *(one.key.namespace for one in self.reach.classes)))
        self.space: PacketSpace = vocabulary.build()

    def variables(self, *, shown: bool = True) -> PacketVariables:
        """The variables of its packets, of the pods of the unit too."""
        classes = [one for one in self.reach.classes if one.endpoints]
        numbers = range(len(classes)) if shown else ()
        return PacketVariables(self.space, classes, dict.fromkeys(Side, numbers))


def brute_packet(packet: Packet) -> tuple[brute.Packet, list[Manifest]]:
    """The packet for the brute force, and Namespaces that it needs."""
    names = packet.names
    protocol, number = PROTOCOLS[packet.port >> 16], packet.port & 0xFFFF
    ports = [{"name": name, "containerPort": number, "protocol": protocol} for name in sorted(names)]
    source, destination = _end(packet.source, []), _end(packet.destination, ports)
    spaces = [
        {"kind": "Namespace", "metadata": {"name": one.namespace, "labels": dict(one.space)}}
        for one in (packet.source, packet.destination)
        if isinstance(one, PodEnd) and one.space
    ]
    return brute.Packet(source, destination, protocol, number), spaces


def _end(one: PacketEnd, ports: list[Manifest]) -> Manifest | str:
    if isinstance(one, AddressEnd):
        return format_address(one.address)
    return {
        "kind": "Pod",
        "metadata": {"namespace": one.namespace, "labels": dict(one.labels)},
        "spec": {"containers": [{"ports": ports}], "hostNetwork": not one.governed},
        "status": {"podIP": format_address(one.addresses[0]) if one.addresses else "192.0.2.77"},
    }
