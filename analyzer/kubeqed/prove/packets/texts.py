"""Packets, and what decides about them, in words: for messages and for reports, which escape what they print."""

from __future__ import annotations

from kubeqed.prove.packets.deciding import DecidingRule
from kubeqed.prove.packets.packet import AddressEnd, Packet, PacketEnd
from kubeqed.reach import NAME_LABEL, Peer
from kubeqed.reach.algebra import display, format_ports
from kubeqed.reach.policies import Labels, format_address


def describe_packet(packet: Packet) -> str:
    """`payments/web[Deployment] => 8.8.8.8 : TCP 80`."""
    return f"{describe_end(packet.source)} => {describe_end(packet.destination)} : {describe_port(packet)}"


def describe_port(packet: Packet) -> str:
    """`TCP 80`, and what the destination must call it for a rule to match."""
    named = f" (which the pod calls {' and '.join(map(display, sorted(packet.names)))})" if packet.names else ""
    return format_ports((packet.port, packet.port)) + named


def describe_end(end: PacketEnd) -> str:
    """A workload by its name, another pod by its labels, an address as it is."""
    if isinstance(end, AddressEnd):
        return format_address(end.address)
    if end.endpoint is not None:
        owner = end.endpoint.owner
        number = "" if end.endpoint.ordinal is None else f"-{end.endpoint.ordinal}"
        return str(Peer(display(owner.namespace), display(owner.name) + number, owner.kind))
    labels = f"labels {_labels_text(end.labels)}" if end.labels else "no label that a policy names"
    space = tuple(pair for pair in end.space if pair[0] != NAME_LABEL)
    where = f"namespace {display(end.namespace)}" + (f" ({_labels_text(space)})" if space else "")
    at = f" at {format_address(end.addresses[0])}" if end.addresses else ""
    return f"any pod with {labels} in {where}{at}"


def describe_deciding(one: DecidingRule) -> str:
    """`ingress: NetworkPolicy payments/db spec.ingress[0] allows it`."""
    who = "" if one.object is None else f"{one.object} {one.path} "
    return f"{one.direction.lower()}: {who}{one.text}"


def _labels_text(labels: Labels) -> str:
    return ",".join(f"{key}={display(value)}" for key, value in labels)
