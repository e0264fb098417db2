"""Ranges and addresses that a platform, or Kubernetes itself, refuses or keeps for itself."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.diagnostic import Certainty
from kubeqed.model.addresses.limits import load_limits
from kubeqed.model.addresses.modes import find_mode
from kubeqed.model.addresses.ranges import AddressRange, parse_range, parse_ranges
from kubeqed.model.values.fields import read_field, read_text
from kubeqed.model.values.known import is_known
from kubeqed.parse import Mapping, Place, Sequence, Value
from kubeqed.prove.clauses.address_fault import AddressFault, begin_sentence
from kubeqed.prove.clauses.cluster_ranges import ClusterRange, RangeRole, list_ranges
from kubeqed.resolve import Resolver

_KEPT = (RangeRole.NODES, RangeRole.SERVICES, RangeRole.PODS)
_EKS_INSIDE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
_EKS_PREFIXES = range(12, 25)
_FLAG = "node-cidr-mask-size"


def list_forbidden(graph: Resolver) -> list[AddressFault]:
    """What is refused, in the order of the configuration, then of the manifests."""
    ranges = list_ranges(graph)
    provider = find_mode(graph.cluster).provider
    found = [fault for one in ranges for fault in _judge_range(one, provider)]
    return [*found, *_judge_dns(graph), *_judge_masks(graph, ranges), *_judge_ports(graph, provider)]


def _judge_range(one: ClusterRange, provider: str) -> Iterator[AddressFault]:
    if provider == "aks" and one.role in _KEPT:
        reserved = [text for text in load_limits().aks_reserved if _meets_range(one.addresses, text)]
        if reserved:
            yield AddressFault(
                one.place, f"{begin_sentence(one)} meets {' and '.join(reserved)}, which AKS keeps for itself"
            )
    if one.role is RangeRole.SERVICES:
        yield from _judge_services(one, provider)


def _judge_services(one: ClusterRange, provider: str) -> Iterator[AddressFault]:
    limits, prefix = load_limits(), one.addresses.prefix
    is_v4 = one.addresses.first.version == 4
    least = limits.service_prefix_v4 if is_v4 else limits.service_prefix_v6
    if prefix < least:
        yield AddressFault(one.place, f"{begin_sentence(one)} is larger than a /{least}, which the API server refuses")
    elif provider == "aks" and is_v4 and prefix == limits.aks_service_prefix:
        said = f"is no smaller than a /{prefix}, as AKS asks"
        yield AddressFault(one.place, f"{begin_sentence(one)} {said}", Certainty.LIKELY)
    elif provider == "eks" and is_v4:
        # Written down from memory, so that it is no more than possible.
        private = any(inside.holds(one.addresses) for inside in map(parse_range, _EKS_INSIDE) if inside)
        if prefix not in _EKS_PREFIXES or not private:
            said = "EKS takes a private range between a /24 and a /12"
            yield AddressFault(one.place, f"{begin_sentence(one)} may be refused: {said}", Certainty.POSSIBLE)


def _judge_dns(graph: Resolver) -> Iterator[AddressFault]:
    stated, services = graph.cluster.network.dns_service_ip, graph.cluster.service_cidr
    address = parse_range(stated.value) if stated else None
    if stated is None or stated.place is None or address is None or services is None:
        return
    related = ((services.place, "the range"),) if services.place else ()
    inside = next((one for one in parse_ranges(services.value) if one.holds(address)), None)
    text = f"The DNS address {stated.value}"
    if inside is None:
        yield AddressFault(
            stated.place, f"{text} lies outside of the range of Services {services.value}", None, related
        )
    elif int(address.first) == int(inside.first) + 1:
        said = "is the first of the range of Services, which the Service default/kubernetes has"
        yield AddressFault(stated.place, f"{text} {said}", None, related)
    elif address.first in (inside.first, inside.last):
        said = f"is the network or broadcast address of {inside.text}"
        yield AddressFault(stated.place, f"{text} {said}", Certainty.POSSIBLE, related)


def _judge_masks(graph: Resolver, ranges: list[ClusterRange]) -> Iterator[AddressFault]:
    for one in ranges:
        mask = _find_mask(one, graph)
        if mask is None or one.role is not RangeRole.PODS or one.addresses.first.version == 6:
            continue
        size, place, text = *mask, f"a block of /{mask[0]} for each node"
        related = ((one.place, "the range of pods"),)
        most = load_limits().mask_difference
        if size - one.addresses.prefix > most:
            said = f"of {one.addresses.text} differs by more than {most} bits, which the controller manager refuses"
            yield AddressFault(place, f"{begin_sentence(text)} {said}", None, related)
        elif size < one.addresses.prefix:
            yield AddressFault(
                place, f"{begin_sentence(text)} is larger than the range {one.addresses.text}", None, related
            )


def _find_mask(one: ClusterRange, graph: Resolver) -> tuple[int, Place] | None:
    """The size of a node's block that is stated beside a range of pods."""
    if one.object is None:
        stated = graph.cluster.network.node_cidr_mask_size
        is_own = one.subject == "" and stated is not None
        return (stated.value, stated.place) if is_own and stated is not None and stated.place is not None else None
    arguments = read_field(read_field(one.object.identity.root, "controllerManager"), "extraArgs")
    for path, value in _list_arguments(arguments):
        if isinstance(value, str) and value.isdigit():
            return int(value), one.object.at(f"controllerManager.extraArgs{path}")
    return None


def _list_arguments(arguments: Value) -> Iterator[tuple[str, Value]]:
    """The flag in a mapping of arguments, or in a list of names and values as kubeadm has it since v1beta4."""
    if isinstance(arguments, Mapping):
        for key in (_FLAG, f"{_FLAG}-ipv4"):
            yield f".{key}", read_text(arguments, key)
    elif isinstance(arguments, Sequence):
        for index, entry in enumerate(arguments):
            name = read_text(entry, "name")
            if is_known(name) and name in (_FLAG, f"{_FLAG}-ipv4"):
                yield f"[{index}].value", read_text(entry, "value")


def _judge_ports(graph: Resolver, provider: str) -> Iterator[AddressFault]:
    ports, multiple = graph.cluster.network.outbound.ports_per_node, load_limits().ports_multiple
    if ports is not None and ports.place is not None and provider == "aks" and ports.value % multiple:
        yield AddressFault(ports.place, f"Azure takes multiples of {multiple} for outbound ports, not {ports.value}")


def _meets_range(addresses: AddressRange, text: str) -> bool:
    other = parse_range(text)
    return other is not None and addresses.meets(other)
