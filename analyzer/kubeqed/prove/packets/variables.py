"""The variables that a packet is made of, and what is true of every packet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

import z3

from kubeqed.prove.packets.logic import Side
from kubeqed.prove.packets.space import PacketSpace
from kubeqed.reach.algebra import ALL, PortSet
from kubeqed.reach.policies import PodClass

ABSENT = 0
OTHER_VALUE = 1
_PORT_BITS = 18  # two of the protocol, as in sets of ports


class EndVariables:
    """One end: a class, any other pod or an address, by number, and what is free of another pod.

    `numbers` are the classes that it may be.
    """

    def __init__(
        self, end: Side, space: PacketSpace, numbers: tuple[int, ...], classes: int, context: z3.Context
    ) -> None:
        def make(name: str, most: int) -> z3.BitVecRef:
            return z3.BitVec(f"{end.value} {name}", max(most.bit_length(), 1), ctx=context)

        self.numbers = numbers
        self._context = context
        self.free_number = classes
        self.address_number = classes + 1
        self.number = make("number", self.address_number)
        self.namespace = make("namespace", len(space.namespaces))
        self.labels = {key: make(f"label {key}", len(values) + 1) for key, values in space.pod_labels.items()}
        self.space = {key: make(f"space {key}", len(values) + 1) for key, values in space.space_labels.items()}
        self.piece = make("piece", max(len(space.pieces) - 1, 0))
        self.is_free = self.number == self.free_number
        self.is_address = self.number == self.address_number

    def is_one_of(self, numbers: Sequence[int]) -> z3.BoolRef:
        """The end is one of some classes."""
        return _is_in_intervals(self.number, numbers, self._context)

    def is_in_namespaces(self, numbers: Sequence[int]) -> z3.BoolRef:
        """The namespace of another pod is one of these, by number: a new one is 0, those that are named follow."""
        return _is_in_intervals(self.namespace, numbers, self._context)

    def is_in_pieces(self, numbers: Sequence[int]) -> z3.BoolRef:
        """The address is in one of some pieces."""
        return _is_in_intervals(self.piece, numbers, self._context)


class PacketVariables:
    """All variables of a packet; `classes` are the pods that manifests show, `may_be` which of them each end may be."""

    def __init__(
        self, space: PacketSpace, classes: Sequence[PodClass] = (), may_be: Mapping[Side, Iterable[int]] | None = None
    ) -> None:
        self.space = space
        self.classes = classes
        self.context = z3.Context()
        numbers = may_be or {}
        self.ends = {
            end: EndVariables(end, space, tuple(sorted(numbers.get(end, ()))), len(classes), self.context)
            for end in Side
        }
        self.shared = {
            name: {
                key: z3.BitVec(f"space {at} {key}", (len(values) + 1).bit_length(), ctx=self.context)
                for key, values in space.space_labels.items()
            }
            for at, name in enumerate(space.namespaces)
        }
        self.port = z3.BitVec("port", _PORT_BITS, ctx=self.context)
        self.names = {name: z3.Bool(f"named {name}", ctx=self.context) for name in space.port_names}

    def switch(self, number: int) -> z3.BoolRef:
        """A variable by which something is switched off."""
        return z3.Bool(f"counts {number}", ctx=self.context)

    def constraints(self) -> Iterator[z3.BoolRef]:
        """What is true of every packet."""
        yield self.is_port_in(ALL)
        for end, at in self.ends.items():
            yield z3.Or(at.is_one_of(at.numbers), at.is_free, at.is_address)
            yield z3.ULE(at.namespace, len(self.space.namespaces))
            yield z3.ULE(at.piece, max(len(self.space.pieces) - 1, 0))
            for label, values in zip(at.labels.values(), self.space.pod_labels.values(), strict=True):
                yield z3.ULE(label, len(values) + OTHER_VALUE)
            for label, values in zip(at.space.values(), self.space.space_labels.values(), strict=True):
                yield z3.ULE(label, len(values) + OTHER_VALUE)
            if end is Side.DESTINATION:
                yield from self._name_ports(at)
        for labels in self.shared.values():
            for label, values in zip(labels.values(), self.space.space_labels.values(), strict=True):
                yield z3.ULE(label, len(values) + OTHER_VALUE)

    def keep_apart(self) -> Iterator[z3.BoolRef]:
        """A pod's traffic to itself is no connection: a class of one pod is not at both ends."""
        source, destination = self.ends[Side.SOURCE], self.ends[Side.DESTINATION]
        for number in sorted({*source.numbers} & {*destination.numbers}):
            endpoints = self.classes[number].endpoints
            if len(endpoints) == 1 and endpoints[0].single:
                yield z3.Not(z3.And(source.is_one_of([number]), destination.is_one_of([number])))

    def is_port_in(self, ports: PortSet) -> z3.BoolRef:
        """The port is one of a set."""
        within = (
            z3.And(z3.ULE(low, self.port), z3.ULE(self.port, high))
            for low, high in zip(ports[::2], ports[1::2], strict=True)
        )
        return z3.Or(z3.BoolVal(False, ctx=self.context), *within)

    def _name_ports(self, at: EndVariables) -> Iterator[z3.BoolRef]:
        """What pods that manifests show call their ports is known."""
        for name, called in self.names.items():
            by_ports: dict[PortSet, list[int]] = {}
            for number in at.numbers:
                by_ports.setdefault(self.classes[number].resolve([(None, name)]), []).append(number)
            for ports, numbers in by_ports.items():
                yield z3.Implies(at.is_one_of(numbers), called == self.is_port_in(ports))
            yield z3.Implies(at.is_address, z3.Not(called))


def _is_in_intervals(number: z3.BitVecRef, numbers: Sequence[int], context: z3.Context) -> z3.BoolRef:
    """A number is one of some ascending ones, which are written as intervals."""
    parts = []
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        several = [value for _, value in run]
        low, high = several[0], several[-1]
        parts.append(number == low if low == high else z3.And(z3.ULE(low, number), z3.ULE(number, high)))
    return z3.Or(z3.BoolVal(False, ctx=context), *parts)
