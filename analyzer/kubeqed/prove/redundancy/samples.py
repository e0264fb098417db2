"""A few plain packets that a rule means: where one of them shows what is asked, nothing need be proved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, product

from kubeqed.prove.packets.concrete import Spaces
from kubeqed.prove.packets.logic import Side
from kubeqed.prove.packets.packet import AddressEnd, Packet, PacketEnd, PodEnd
from kubeqed.prove.packets.plain import choose_address
from kubeqed.prove.packets.semantics import SUBJECT
from kubeqed.reach.algebra import ALL_V4
from kubeqed.reach.policies import (
    NAME_LABEL,
    AddressTerm,
    CompiledPolicy,
    CompiledRule,
    Direction,
    Labels,
    PodTerm,
    PortTerms,
    Term,
    are_met,
    find_labels,
    make_ports,
)

_NEW = "new-namespace"
_MOST = 48  # packets of a rule
_MOST_ENDS = 6
_PLAIN_PORTS = (make_ports("TCP", 80, 80)[0], make_ports("TCP", 31999, 31999)[0])


def sample_packets(
    policy: CompiledPolicy, rule: CompiledRule, direction: Direction, declared: Spaces, usual: tuple[int, ...] = ()
) -> Iterator[Packet]:
    """Packets that a rule means, of a pod that its policy means; `usual` are ports that rules name often."""
    peers = list(_sample_peers(rule.peers, declared))
    ports = list(_sample_ports(rule.ports, usual))
    for pod, peer, (port, names) in islice(product(sample_pods(policy.subject, declared), peers, ports), _MOST):
        yield make_packet(direction, pod, peer, port, names)


def sample_others(policy: CompiledPolicy, direction: Direction, declared: Spaces) -> Iterator[Packet]:
    """Packets that rules seldom mean, of a pod that a policy means."""
    peers: tuple[PacketEnd, ...] = (AddressEnd(choose_address(ALL_V4)), PodEnd(_NEW))
    for pod, peer, port in product(sample_pods(policy.subject, declared), peers, _PLAIN_PORTS):
        yield make_packet(direction, pod, peer, port, frozenset())


def make_packet(direction: Direction, pod: PodEnd, peer: PacketEnd, port: int, names: frozenset[str]) -> Packet:
    """A packet between the pod that policies of a direction speak of and its peer."""
    return Packet(pod, peer, port, names) if SUBJECT[direction] is Side.SOURCE else Packet(peer, pod, port, names)


def sample_pods(term: PodTerm, declared: Spaces) -> Iterator[PodEnd]:
    """Pods that a term means, with as few labels as will do."""
    labels = find_labels(term.pods)
    for namespace, space in islice(_sample_spaces(term, declared), _MOST_ENDS):
        if labels is not None:
            yield PodEnd(namespace, labels, space)


def _sample_spaces(term: PodTerm, declared: Spaces) -> Iterator[tuple[str, Labels]]:
    if term.namespace is not None:
        yield term.namespace, ()
        return
    named = [value for one in term.namespaces if one.key == NAME_LABEL for value in one.values if one.operator == "In"]
    space = find_labels(tuple(one for one in term.namespaces if one.key != NAME_LABEL))
    for name in named or (() if space is None else (_NEW,)):
        if name not in declared and space is not None:
            yield name, space
    for name, labels in declared.items():
        if are_met(term.namespaces, {**labels, NAME_LABEL: name}):
            yield name, ()


def _sample_peers(terms: tuple[Term, ...] | None, declared: Spaces) -> Iterator[PacketEnd]:
    if terms is None:
        yield from (AddressEnd(choose_address(ALL_V4)), PodEnd(_NEW))
    for term in terms or ():
        if isinstance(term, AddressTerm):
            yield from (AddressEnd(choose_address(one)) for one in term.ranges[:_MOST_ENDS])
        else:
            yield from islice(sample_pods(term, declared), _MOST_ENDS)


def _sample_ports(ports: PortTerms, usual: tuple[int, ...]) -> Iterator[tuple[int, frozenset[str]]]:
    """Numbers at the edges of a set of ports and plain ones within, and a number for each name."""
    fixed = ports.fixed
    chosen: Iterable[int] = (*_PLAIN_PORTS, *fixed[-2:], *fixed[:2], *usual)
    for port in dict.fromkeys(chosen):
        if any(low <= port <= high for low, high in zip(fixed[::2], fixed[1::2], strict=True)):
            yield port, frozenset()
    for protocol, name in ports.names:
        yield make_ports(protocol or "TCP", 31998, 31998)[0], frozenset({name})
