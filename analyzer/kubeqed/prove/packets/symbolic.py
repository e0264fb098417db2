"""The meaning of policies for all packets at once, in Z3's words.

An end is a number: one of the classes of pods that manifests show, any other pod, or an address. What holds of a class is
known, so that a statement about it is a set of numbers, written as intervals; what holds of any other pod is said of variables,
one for each label that the space tells apart. All are bit vectors, so that Z3 needs no theory of numbers or texts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from itertools import accumulate
from types import MappingProxyType

import z3

from kubeqed.prove.packets.logic import Side
from kubeqed.prove.packets.space import NEW, PacketSpace, Spaces
from kubeqed.prove.packets.variables import ABSENT, OTHER_VALUE, PacketVariables
from kubeqed.reach.algebra import ALL_V4, PortSet, Ranges, without_holes
from kubeqed.reach.policies import (
    NAME_LABEL,
    PROTOCOLS,
    AddressTerm,
    CompiledPolicy,
    CompiledRule,
    Direction,
    PodClass,
    PodTerm,
    PortTerms,
    Requirements,
    RequirementTerm,
    Term,
    are_met,
)

Element = tuple[int, Direction, str]


class SymbolicLogic:
    """The logic of all packets.

    `declared` are the labels of namespaces that manifests declare. `switches` are variables by which what a proof may do
    without is switched off.
    """

    def __init__(
        self,
        variables: PacketVariables,
        declared: Spaces,
        switches: Mapping[Element, z3.BoolRef] = MappingProxyType({}),
    ) -> None:
        self._variables = variables
        self._space: PacketSpace = variables.space
        self._declared = declared
        self._known: dict[object, z3.BoolRef] = {}
        self._switches = switches

    def every(self, parts: Iterable[z3.BoolRef]) -> z3.BoolRef:
        """All of the parts."""
        return self._join_parts(list(parts), z3.Z3_mk_and)

    def some(self, parts: Iterable[z3.BoolRef]) -> z3.BoolRef:
        """One of the parts."""
        return self._join_parts(list(parts), z3.Z3_mk_or)

    def _join_parts(self, parts: list[z3.BoolRef], make: Callable[..., object]) -> z3.BoolRef:
        # z3.And asks each part for its sort and its context, which takes most of the time where policies are many.
        if len(parts) == 1:
            return parts[0]
        context = self._variables.context
        array = (z3.Ast * len(parts))(*(one.as_ast() for one in parts))
        return z3.BoolRef(make(context.ref(), len(parts), array), context)

    def negate(self, part: z3.BoolRef) -> z3.BoolRef:
        """Not the part."""
        return z3.Not(part)

    def is_governed(self, end: Side) -> z3.BoolRef:
        """An end is a pod that policies see."""
        return self._remember_term(
            ("governed", end), lambda: self._state_for_end(end, lambda one: one.key.governed, self.every(()))
        )

    def is_pod(self, end: Side) -> z3.BoolRef:
        """An end is a pod."""
        return self._remember_term(("pod", end), lambda: self._state_for_end(end, lambda _: True, self.every(())))

    def is_shown(self, end: Side) -> z3.BoolRef:
        """An end is a pod that a manifest shows."""
        return self._remember_term(("shown", end), lambda: self._state_for_end(end, lambda _: True, self.some(())))

    def is_at(self, end: Side, ranges: Ranges) -> z3.BoolRef:
        """An end is an address outside of the cluster, and one of these."""
        at = self._variables.ends[end]
        return self._remember_term(
            ("at", end, ranges), lambda: self.every([at.is_address, self._is_within(end, ranges)])
        )

    def has_labels(self, end: Side, asked: Requirements) -> z3.BoolRef:
        """An end is a pod with such labels."""
        return self._remember_term(
            ("labels", end, asked),
            lambda: self._state_for_end(
                end, lambda one: are_met(asked, dict(one.key.labels)), self._has_free_labels(end, asked)
            ),
        )

    def is_in(self, end: Side, asked: Requirements) -> z3.BoolRef:
        """An end is a pod of a namespace with such labels."""
        return self._remember_term(
            ("in", end, asked),
            lambda: self._state_for_end(
                end, lambda one: are_met(asked, self._labels_of(one.key.namespace)), self._is_free_in(end, asked)
            ),
        )

    def is_meant(self, end: Side, term: Term) -> z3.BoolRef:
        """A term of a policy means an end."""
        return self._remember_term(("meant", end, term), lambda: self._say_meant(end, term))

    def is_on(self, ports: PortTerms) -> z3.BoolRef:
        """The packet goes to one of the ports."""
        return self._remember_term(("on", ports), lambda: self._say_on(ports))

    def counts(self, policy: CompiledPolicy, direction: Direction, rule: CompiledRule | None, /) -> z3.BoolRef:
        """The variable of what a proof may do without; all else takes part."""
        found = self._switches.get((id(policy.object), direction, "" if rule is None else rule.path))
        return self._make_constant(truth=True) if found is None else found

    def _make_constant(self, *, truth: bool) -> z3.BoolRef:
        return z3.BoolVal(truth, ctx=self._variables.context)

    def _remember_term(self, key: object, say: Callable[[], z3.BoolRef]) -> z3.BoolRef:
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = say()
        return found

    def _state_for_end(self, end: Side, holds: Callable[[PodClass], bool], free: z3.BoolRef) -> z3.BoolRef:
        """What holds of classes by a test, and of any other pod by a statement."""
        at = self._variables.ends[end]
        numbers = [number for number in at.numbers if holds(self._variables.classes[number])]
        return self.some([at.is_one_of(numbers), self.every([at.is_free, free])])

    def _say_meant(self, end: Side, term: Term) -> z3.BoolRef:
        if isinstance(term, AddressTerm):
            addressed = self.is_at(end, term.ranges)
            if not term.pods:
                return addressed
            whole = self._make_constant(truth=not without_holes(ALL_V4, term.ranges))
            free = self._is_within(end, term.ranges) if self._space.pods_by_address else whole
            return self.some([addressed, self._state_for_end(end, lambda one: term.holds(one.key.addresses), free)])
        return self._state_for_end(end, lambda one: self._means_class(term, one), self._means_free(end, term))

    def _means_class(self, term: PodTerm, one: PodClass) -> bool:
        key = one.key
        if not key.governed or not are_met(term.pods, dict(key.labels)):
            return False
        if term.namespace is not None:
            return key.namespace == term.namespace
        return are_met(term.namespaces, self._labels_of(key.namespace))

    def _means_free(self, end: Side, term: PodTerm) -> z3.BoolRef:
        if term.namespace is not None:
            there = self._variables.ends[end].is_in_namespaces([self._space.number_of(term.namespace)])
        else:
            there = self._is_free_in(end, term.namespaces)
        return self.every([there, self._has_free_labels(end, term.pods)])

    def _has_free_labels(self, end: Side, asked: Requirements) -> z3.BoolRef:
        labels = self._variables.ends[end].labels
        return self.every(
            self._meets_requirement(labels[one.key], self._space.pod_labels[one.key], one) for one in asked
        )

    def _is_free_in(self, end: Side, asked: Requirements) -> z3.BoolRef:
        """The namespace of any other pod has such labels: of declared ones they are known, of others but the name free."""
        if not asked:
            return self.every(())
        at = self._variables.ends[end]
        named = list(enumerate(self._space.namespaces, NEW + 1))
        known = [number for number, name in named if name in self._declared and are_met(asked, self._labels_of(name))]
        others = [
            self.every(
                [at.is_in_namespaces([number]), self._has_space_labels(name, self._variables.shared[name], asked)]
            )
            for number, name in named
            if name not in self._declared
        ]
        new = self.every([at.is_in_namespaces([NEW]), self._has_space_labels(None, at.space, asked)])
        return self.some([at.is_in_namespaces(known), *others, new])

    def _has_space_labels(self, name: str | None, labels: dict[str, z3.BitVecRef], asked: Requirements) -> z3.BoolRef:
        """A namespace without a manifest has such labels; no policy names a new one."""
        parts = []
        for one in asked:
            if one.key == NAME_LABEL:
                parts.append(self._make_constant(truth=one.met({NAME_LABEL: "" if name is None else name})))
            else:
                parts.append(self._meets_requirement(labels[one.key], self._space.space_labels[one.key], one))
        return self.every(parts)

    def _meets_requirement(self, label: z3.BitVecRef, values: tuple[str, ...], asked: RequirementTerm) -> z3.BoolRef:
        """A label meets a requirement."""
        if asked.operator in ("In", "NotIn"):
            numbers = {value: number for number, value in enumerate(values, OTHER_VALUE + 1)}
            named = self.some(label == numbers[value] for value in dict.fromkeys(asked.values))
            return named if asked.operator == "In" else z3.Not(named)
        absent = label == ABSENT
        return z3.Not(absent) if asked.operator == "Exists" else absent

    def _is_within(self, end: Side, ranges: Ranges) -> z3.BoolRef:
        ordered = sorted(ranges)
        starts = [start for start, _ in ordered]
        farthest = list(accumulate((last for _, last in ordered), max, initial=-1))  # of those that start no later
        numbers = [
            at for at, (low, high) in enumerate(self._space.pieces) if high <= farthest[bisect_right(starts, low)]
        ]
        return self._variables.ends[end].is_in_pieces(numbers)

    def _say_on(self, ports: PortTerms) -> z3.BoolRef:
        parts = [self._is_port_in(ports.fixed)]
        for protocol, name in ports.names:
            called = [self.is_governed(Side.DESTINATION), self._variables.names[name]]
            if protocol is not None:
                base = PROTOCOLS.index(protocol) << 16 if protocol in PROTOCOLS else None
                called.append(self.some(()) if base is None else self._is_port_in((base | 1, base | 0xFFFF)))
            parts.append(self.every(called))
        return self.some(parts)

    def _is_port_in(self, ports: PortSet) -> z3.BoolRef:
        return self._variables.is_port_in(ports)

    def _labels_of(self, namespace: str) -> dict[str, str]:
        return {**self._declared.get(namespace, {}), NAME_LABEL: namespace}
