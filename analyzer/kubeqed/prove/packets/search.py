"""The door to Z3 for packets: whether there is one for which a statement is true, and which is the plainest.

Context, seed, order and budget are fixed, and a witness is the first in an order of its own, so that the same question gets
the same answer, byte for byte. The budget counts Z3's own steps (`rlimit`), never time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import z3

from kubeqed.prove.engine.core import minimize_core
from kubeqed.prove.engine.solver import GaveUp
from kubeqed.prove.packets.logic import Side
from kubeqed.prove.packets.packet import AddressEnd, Packet, PacketEnd, PodEnd
from kubeqed.prove.packets.plain import choose_address, choose_unnamed
from kubeqed.prove.packets.space import NEW
from kubeqed.prove.packets.variables import ABSENT, OTHER_VALUE, EndVariables, PacketVariables
from kubeqed.reach.algebra import single_port

BUDGET = 20_000_000
_PLAIN_PORTS = (("TCP", 80), ("TCP", 443), ("TCP", 8080), ("UDP", 53))
_TCP = 1 << 16
_NEW_NAMESPACE = "new-namespace"

Item = TypeVar("Item")


class PacketSearch:
    """Statements that are asked about packets of one space."""

    def __init__(self, variables: PacketVariables, budget: int = BUDGET) -> None:
        self._variables = variables
        self._solver = z3.SolverFor("QF_FD", ctx=variables.context)
        self._solver.set("random_seed", 0)
        self._solver.set("rlimit", budget)
        self._solver.set("ctrl_c", False)  # else Z3 takes an interruption for itself
        self._solver.add(*variables.constraints())

    def name(self, text: str, statement: z3.BoolRef) -> z3.BoolRef:
        """A variable that stands for a statement in all that is asked from here on, so that it is read once."""
        variable = z3.Bool(text, ctx=self._variables.context)
        self._solver.add(variable == statement)
        return variable

    def is_possible(self, statement: z3.BoolRef, *given: z3.BoolRef) -> bool:
        """Whether some packet makes a statement true; raises GaveUp when the budget does not suffice."""
        self._solver.push()
        self._solver.add(statement)
        try:
            return self._check_statements(*given)
        finally:
            self._solver.pop()

    def find_packet(self, statement: z3.BoolRef, *given: z3.BoolRef) -> Packet | None:
        """The plainest packet that makes a statement true, or None; raises GaveUp when the budget does not suffice."""
        self._solver.push()
        self._solver.add(statement, *given)
        try:
            return self._read_packet() if self._check_statements() else None
        finally:
            self._solver.pop()

    def find_core(self, statement: z3.BoolRef, switches: Sequence[tuple[Item, z3.BoolRef]]) -> tuple[Item, ...]:
        """Of what no packet can do against, in order, a part without any one of which some packet could; the first go first."""

        def suffices_without(dropped: frozenset[int]) -> bool:
            return not self._check_statements(*(one for at, (_, one) in enumerate(switches) if at not in dropped))

        self._solver.push()
        self._solver.add(statement)
        try:
            return tuple(switches[at][0] for at in minimize_core(range(len(switches)), suffices_without))
        finally:
            self._solver.pop()

    def _check_statements(self, *given: z3.BoolRef) -> bool:
        result = self._solver.check(*given)
        if result == z3.unknown:
            raise GaveUp
        return bool(result == z3.sat)

    def _read_packet(self) -> Packet:
        source, destination = (self._read_end(self._variables.ends[end]) for end in Side)
        port = self._choose_port()
        names = [name for name, called in self._variables.names.items() if not self._hold_statement(z3.Not(called))]
        return Packet(source, self._name_apart(source, destination), port, frozenset(names))

    def _name_apart(self, source: PacketEnd, destination: PacketEnd) -> PacketEnd:
        """The destination, whose new namespace is not that of the source if it has other labels."""
        if not isinstance(source, PodEnd) or not isinstance(destination, PodEnd):
            return destination
        names = self._variables.space.namespaces
        if {source.namespace, destination.namespace} != {choose_unnamed(_NEW_NAMESPACE, names)}:
            return destination
        if source.space == destination.space:
            return destination
        return destination._replace(namespace=choose_unnamed("other-namespace", names))

    def _read_end(self, at: EndVariables) -> PacketEnd:
        number = self._fix_variable(at.number)
        space = self._variables.space
        if number == at.address_number:
            return AddressEnd(choose_address(space.pieces[self._fix_variable(at.piece)]))
        if number != at.free_number:
            one = self._variables.classes[number]
            key = one.key
            return PodEnd(key.namespace, key.labels, (), key.governed, key.addresses, next(iter(one.endpoints), None))
        where = self._fix_variable(at.namespace)
        name = choose_unnamed(_NEW_NAMESPACE, space.namespaces) if where == NEW else space.namespaces[where - NEW - 1]
        labels = at.space if where == NEW else self._variables.shared[name]
        found = self._read_labels(labels, space.space_labels)
        mine = self._read_labels(at.labels, space.pod_labels)
        addresses = (choose_address(space.pieces[self._fix_variable(at.piece)]),) if space.pods_by_address else ()
        return PodEnd(name, mine, found, addresses=addresses)

    def _read_labels(
        self, labels: dict[str, z3.BitVecRef], values: dict[str, tuple[str, ...]]
    ) -> tuple[tuple[str, str], ...]:
        found = []
        for key, label in labels.items():
            number = self._fix_variable(label)
            if number == OTHER_VALUE:
                found.append((key, choose_unnamed("other", values[key])))
            elif number != ABSENT:
                found.append((key, values[key][number - OTHER_VALUE - 1]))
        return tuple(found)

    def _choose_port(self) -> int:
        port = self._variables.port
        for protocol, number in _PLAIN_PORTS:
            low, _ = single_port(protocol, number)
            if self._hold_statement(port == low):
                return low
        # TCP before the others, which is 1 among the protocols of a set of ports.
        for low in (_TCP, 2 * _TCP, 0):
            if self._hold_statement(z3.And(z3.ULE(low, port), z3.ULE(port, low | 0xFFFF))):
                break
        return self._fix_variable(port)

    def _hold_statement(self, statement: z3.BoolRef) -> bool:
        """Make a statement true from here on, if it can be."""
        possible = self._check_statements(statement)
        if possible:
            self._solver.add(statement)
        return possible

    def _fix_variable(self, variable: z3.BitVecRef) -> int:
        """The least value that a variable can have, which it has from here on."""
        low, high = 0, self._value_of(variable)
        while low < high:
            middle = (low + high) // 2
            if self._check_statements(z3.ULE(variable, middle)):
                high = self._value_of(variable, checked=True)
            else:
                low = middle + 1
        self._solver.add(variable == low)
        return low

    def _value_of(self, variable: z3.BitVecRef, *, checked: bool = False) -> int:
        if not checked:
            self._check_statements()
        return int(self._solver.model().eval(variable, model_completion=True).as_long())
