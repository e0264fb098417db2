"""Whether a packet of any pod there may be is meant by some rules and by none of others."""

from __future__ import annotations

from collections.abc import Sequence

from kubeqed.prove.engine.solver import GaveUp
from kubeqed.prove.packets.packet import Packet
from kubeqed.prove.packets.search import PacketSearch
from kubeqed.prove.packets.semantics import matches
from kubeqed.prove.packets.space import Spaces, Vocabulary
from kubeqed.prove.packets.symbolic import SymbolicLogic
from kubeqed.prove.packets.variables import PacketVariables
from kubeqed.reach import CompiledPolicy, CompiledRule, Direction

PolicyRules = Sequence[tuple[CompiledPolicy, CompiledRule]]


class RulePackets:
    """Questions about rules of policies in one direction; `declared` are the labels of namespaces that manifests declare."""

    def __init__(self, policies: Sequence[CompiledPolicy], direction: Direction, declared: Spaces) -> None:
        vocabulary = Vocabulary()
        vocabulary.add_policies(policies)
        vocabulary.add_declared(declared)
        self._direction = direction
        variables = PacketVariables(vocabulary.build())
        self._logic = SymbolicLogic(variables, declared)
        self._search = PacketSearch(variables)

    def find_meant(self, every: PolicyRules, none: PolicyRules = ()) -> Packet | None:
        """The plainest packet that each of some rules means, and none of others; raises GaveUp."""
        logic = self._logic
        parts = [matches(logic, policy, rule, self._direction) for policy, rule in every]
        parts += [logic.negate(matches(logic, policy, rule, self._direction)) for policy, rule in none]
        return self._search.find_packet(logic.every(parts))

    def cover_rule(self, one: tuple[CompiledPolicy, CompiledRule], before: PolicyRules) -> PolicyRules | None:
        """Those of the rules before one without any of which it would mean a packet that they do not.

        None where it means such a packet anyway, where it means none at all, or where the budget was spent.
        """
        try:
            if self.find_meant([one], before) is not None or self.find_meant([one]) is None:
                return None
            needed = list(before)
            for each in list(before):
                rest = [other for other in needed if other is not each]
                if self.find_meant([one], rest) is None:
                    needed = rest
        except GaveUp:
            return None
        return needed
