"""The packet that refutes an intent as commands: a pod that one could create, and a connection that one could try."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from kubeqed.model.kinds.workload import Pod
from kubeqed.prove.intents.outcome import IntentVerdict
from kubeqed.prove.packets.packet import AddressEnd, Packet, PacketEnd, PodEnd
from kubeqed.reach import NAME_LABEL
from kubeqed.reach.algebra import display
from kubeqed.reach.policies import PROTOCOLS, format_address

_IMAGE = "busybox:1.36"
_LISTENERS = {"TCP": "nc -lk -p", "UDP": "nc -luk -p", "SCTP": "ncat --sctp -lk"}
_SENDERS = {"TCP": "nc -zv -w 3", "UDP": "nc -u -w 3", "SCTP": "ncat --sctp -w 3"}


def evidence_lines(one: IntentVerdict) -> Iterator[str]:
    """Commands for the witness; none for an intent that holds."""
    if one.witness is None:
        return
    packet = one.witness
    protocol, number = PROTOCOLS[packet.port >> 16], packet.port & 0xFFFF
    yield from _create_lines(packet.source, "source", "sleep 3600")
    yield from _create_lines(packet.destination, "destination", f"{_LISTENERS[protocol]} {number}")
    yield _send_line(packet, protocol, number)


def _create_lines(end: PacketEnd, name: str, command: str) -> Iterator[str]:
    """What makes a pod that no manifest shows, and its namespace where that is a new one."""
    if isinstance(end, AddressEnd) or end.endpoint is not None:
        return
    space = [pair for pair in end.space if pair[0] != NAME_LABEL]
    namespace = shlex.quote(display(end.namespace))
    yield f"kubectl create namespace {namespace}  # unless it is there"
    if space:
        yield f"kubectl label namespace {namespace} {_write_labels(space, ' ')}"
    labels = f" --labels={_write_labels(end.labels, ',')}" if end.labels else " --labels=''"
    yield f"kubectl run {name} -n {namespace}{labels} --image={_IMAGE} -- {command}"


def _send_line(packet: Packet, protocol: str, number: int) -> str:
    target = _name_target(packet.destination)
    test = f"{_SENDERS[protocol]} {target} {number}"
    if isinstance(packet.source, AddressEnd):
        return f"{test}  # from {format_address(packet.source.address)}"
    return f"kubectl exec {_name_pod(packet.source, 'source')} -- {test}"


def _name_target(end: PacketEnd) -> str:
    if isinstance(end, AddressEnd):
        return format_address(end.address)
    return (
        f'"$(kubectl get {_name_pod(end, "destination")} -o jsonpath={{.status.podIP}})"'
        if (end.endpoint is None or isinstance(end.endpoint.workload, Pod))
        else shlex.quote(f"ADDRESS-OF-A-POD-OF-{display(end.endpoint.owner.name)}")
    )


def _name_pod(end: PodEnd, name: str) -> str:
    """How kubectl names the pod, or the workload that has it."""
    namespace = shlex.quote(display(end.namespace))
    if end.endpoint is None:
        return f"pod/{name} -n {namespace}"
    owner = end.endpoint.owner
    return f"{shlex.quote(f'{owner.kind.lower()}/{display(owner.name)}')} -n {namespace}"


def _write_labels(labels: object, between: str) -> str:
    pairs = labels if isinstance(labels, list | tuple) else ()
    return between.join(shlex.quote(f"{key}={display(value)}") for key, value in pairs)
