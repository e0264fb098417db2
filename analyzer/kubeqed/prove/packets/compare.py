"""Whether two sets of policies decide the same for every packet there can be."""

from __future__ import annotations

from typing import NamedTuple

import z3

from kubeqed.model.units.unit import Unit
from kubeqed.prove.engine.solver import GaveUp
from kubeqed.prove.packets.deciding import DecidingRule, find_deciding
from kubeqed.prove.packets.logic import Side
from kubeqed.prove.packets.packet import Packet
from kubeqed.prove.packets.search import PacketSearch
from kubeqed.prove.packets.semantics import allows
from kubeqed.prove.packets.space import Spaces, Vocabulary
from kubeqed.prove.packets.symbolic import SymbolicLogic
from kubeqed.prove.packets.variables import PacketVariables
from kubeqed.reach import Assumptions, Caveat, UnmodelledPolicy, find_policy_limits, last_definitions
from kubeqed.reach.policies import (
    CompiledPolicy,
    PodClass,
    Reachability,
    compile_unit,
    divide_pods,
    namespace_labels,
)


class PolicySets(NamedTuple):
    """The policies of two versions, the labels of their namespaces, and the pods that either shows.

    `foreign` are policies of engines that are not modelled, `caveats` what a comparison leaves out or depends on.
    """

    before: tuple[CompiledPolicy, ...]
    after: tuple[CompiledPolicy, ...]
    spaces_before: Spaces
    spaces_after: Spaces
    classes: tuple[PodClass, ...]
    foreign: tuple[UnmodelledPolicy, ...] = ()
    caveats: tuple[Caveat, ...] = ()


class Equivalence(NamedTuple):
    """Whether two sets of policies are equivalent; None where the budget was spent.

    `gained` and `lost` say whether anything is allowed that was not, and the reverse; `present` whether pods that the
    manifests show see a difference. `witness` is a packet that tells them apart, with what decides about it before and after.
    `doubts` are policies of engines that are not modelled, which were not compared, `caveats` what the verdict depends on.
    """

    equivalent: bool | None
    gained: bool = False
    lost: bool = False
    present: bool = False
    witness: Packet | None = None
    before: tuple[DecidingRule, ...] = ()
    after: tuple[DecidingRule, ...] = ()
    doubts: tuple[UnmodelledPolicy, ...] = ()
    caveats: tuple[Caveat, ...] = ()


class ComparedUnits(NamedTuple):
    """The verdict on each pair of units, by the name of the unit."""

    units: tuple[tuple[str, Equivalence], ...]

    @property
    def equivalent(self) -> bool | None:
        """Whether all are; None where none differs and one could not be decided."""
        verdicts = [one.equivalent for _, one in self.units]
        return False if False in verdicts else None if None in verdicts else True

    @property
    def gained(self) -> bool:
        """Whether a packet passes now that did not pass before."""
        return any(one.gained for _, one in self.units)

    @property
    def lost(self) -> bool:
        """Whether a packet passed before that does not pass now."""
        return any(one.lost for _, one in self.units)

    @property
    def present(self) -> bool:
        """Whether pods that the manifests show see a difference."""
        return any(one.present for _, one in self.units)


def gather_policy_sets(before: Unit, after: Unit, assumptions: Assumptions) -> PolicySets:
    """The policies of two units, each with all pods as both sets of policies see them."""
    units = (last_definitions(before), last_definitions(after))
    compiled = [compile_unit(unit, assumptions) for unit in units]
    terms = [term for one in compiled for term in one.policies.terms()]
    names = [name for one in compiled for _, rule in one.policies.rules() for _, name in rule.ports.names]
    reaches = [
        Reachability(unit, compiled=divide_pods(unit, one.assumptions, one.policies, terms, names))
        for unit, one in zip(units, compiled, strict=True)
    ]
    classes = {one.key: one for reach in reaches for one in reach.classes if one.endpoints}
    first, second = map(namespace_labels, units)
    limits = [find_policy_limits(unit, reach) for unit, reach in zip((before, after), reaches, strict=True)]
    foreign = {one.title: one for several in limits for one in several.foreign}
    caveats = {(str(one.subject), one.path, one.text): one for several in limits for one in several.caveats}
    # A namespace that only one version declares has these labels in the other one too: policies are compared, not labels.
    return PolicySets(
        reaches[0].policies.items,
        reaches[1].policies.items,
        {**second, **first},
        {**first, **second},
        tuple(classes[key] for key in sorted(classes)),
        tuple(foreign.values()),
        tuple(caveats.values()),
    )


def compare_policies(sets: PolicySets) -> Equivalence:
    """Whether the two sets decide the same for every packet."""
    try:
        found = _Comparison(sets).decide()
    except GaveUp:
        found = Equivalence(None)
    return found._replace(doubts=sets.foreign, caveats=sets.caveats)


class _Comparison:
    def __init__(self, sets: PolicySets) -> None:
        self._sets = sets
        vocabulary = Vocabulary()
        vocabulary.add_policies((*sets.before, *sets.after))
        vocabulary.add_declared({**sets.spaces_before, **sets.spaces_after})
        numbers = range(len(sets.classes))
        self._variables = PacketVariables(vocabulary.build(), sets.classes, dict.fromkeys(Side, numbers))
        self._search = PacketSearch(self._variables)

    def decide(self) -> Equivalence:
        """The verdict; raises GaveUp when the budget does not suffice."""
        old = SymbolicLogic(self._variables, self._sets.spaces_before)
        new = SymbolicLogic(self._variables, self._sets.spaces_after)
        was, now = allows(old, self._sets.before), allows(new, self._sets.after)
        connection = old.every([old.some([old.is_pod(side) for side in Side]), *self._variables.keep_apart()])
        opened, closed = z3.And(connection, now, z3.Not(was)), z3.And(connection, was, z3.Not(now))
        gained, lost = self._search.is_possible(opened), self._search.is_possible(closed)
        if not (gained or lost):
            return Equivalence(True)
        different = z3.Or(opened, closed)
        shown = old.every([old.some([old.is_shown(side), old.negate(old.is_pod(side))]) for side in Side])
        present = self._search.is_possible(z3.And(different, shown))
        packet = self._search.find_packet(opened if gained else closed, *([shown] if present else []))
        if packet is None:
            packet = self._search.find_packet(different, *([shown] if present else []))
        return Equivalence(False, gained, lost, present, packet, *self._explain_packet(packet))

    def _explain_packet(self, packet: Packet | None) -> tuple[tuple[DecidingRule, ...], tuple[DecidingRule, ...]]:
        if packet is None:
            return (), ()
        sets = self._sets
        before = find_deciding(packet, sets.before, sets.spaces_before)
        return tuple(before), tuple(find_deciding(packet, sets.after, sets.spaces_after))
