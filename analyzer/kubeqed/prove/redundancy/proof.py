"""Z3's word on parts of policies: whether any packet at all needs one, and which others do the same."""

from __future__ import annotations

from collections.abc import Sequence

import z3

from kubeqed.prove.engine.solver import GaveUp
from kubeqed.prove.packets.concrete import Spaces
from kubeqed.prove.packets.overlap import may_share_pods
from kubeqed.prove.packets.search import PacketSearch
from kubeqed.prove.packets.semantics import (
    DIRECTIONS,
    SUBJECT,
    allows_side,
    is_left_open_by_admin,
    matches,
    matches_rule,
)
from kubeqed.prove.packets.space import Vocabulary
from kubeqed.prove.packets.symbolic import SymbolicLogic
from kubeqed.prove.packets.variables import PacketVariables
from kubeqed.prove.redundancy.parts import PolicyPart, PolicyRule
from kubeqed.reach.policies import AddressTerm, CompiledPolicy, Direction, PodTerm, Term, Tier

Covers = tuple[tuple[CompiledPolicy, str], ...]
_FEW = 12  # policies of which a minimal cover is looked for


class RedundancyProof:
    """Questions about the policies of one unit, in one context; what both sides decide is read once."""

    def __init__(self, policies: Sequence[CompiledPolicy], declared: Spaces) -> None:
        self._policies = policies
        self._admin = [one for one in policies if one.tier is not Tier.NAMESPACE]
        vocabulary = Vocabulary()
        vocabulary.add_policies(policies)
        vocabulary.add_declared(declared)
        self._variables = PacketVariables(vocabulary.build())
        self._logic = SymbolicLogic(self._variables, declared)
        self._search = PacketSearch(self._variables)
        self._sides: dict[Direction, z3.BoolRef] = {}
        self._said: dict[tuple[Direction | int, ...], z3.BoolRef] = {}
        self._spaced = [one for one in policies if one.tier is Tier.NAMESPACE]
        self._concerned: dict[PodTerm, list[CompiledPolicy]] = {}
        self._by_namespace: dict[str | None, list[CompiledPolicy]] = {}
        for one in self._spaced:
            self._by_namespace.setdefault(one.subject.namespace, []).append(one)

    def cover_rule(self, part: PolicyPart, others: Sequence[PolicyRule]) -> Covers | None:
        """The rules that allow all that a part allows; None where a packet needs it, or where the budget was spent."""
        try:
            return self._cover_rule(part, others)
        except GaveUp:
            return None

    def cover_policy(
        self, policy: CompiledPolicy, neighbours: Sequence[CompiledPolicy], *, changes: bool
    ) -> Covers | None:
        """The policies that do all that a policy does; None where a packet needs it, or where the budget was spent.

        `changes` says that it is known to change something beside its neighbours, if only on its own side.
        """
        try:
            if not changes and not self._changes_beside(policy, neighbours, neighbours):
                return tuple((one, "spec.podSelector") for one in self._minimize_policies(policy, neighbours))
            return None if self._changes_anything(policy, neighbours) else ()
        except GaveUp:
            return None

    def _cover_rule(self, part: PolicyPart, others: Sequence[PolicyRule]) -> Covers | None:
        if part.rule is None or part.direction is None:
            raise ValueError("a whole policy is no rule")
        logic, direction = self._logic, part.direction
        means = logic.every(
            [
                logic.is_governed(SUBJECT[direction]),
                logic.is_meant(SUBJECT[direction], part.policy.subject),
                matches_rule(logic, part.rule, direction),
            ]
        )
        theirs = [logic.negate(matches(logic, one.policy, one.rule, direction)) for one in others]
        alone = logic.every([means, *theirs])
        if not self._search.is_possible(alone):
            return self._minimize_rules(means, others, theirs)
        # No other rule allows some of it: it is needed unless administrators, or the other side, decide about all of that.
        left = is_left_open_by_admin(logic, self._admin, direction)
        other_side = self._say_side("Ingress" if direction == "Egress" else "Egress", part.rule.peers)
        return () if not self._search.is_possible(logic.every([alone, left, other_side])) else None

    def _say_side(self, direction: Direction, ends: Sequence[Term] | None) -> z3.BoolRef:
        """What one side decides about packets of which a term means the end there; None where it may be anybody."""
        if ends is None or any(isinstance(one, AddressTerm) and one.pods for one in ends):
            return self._name_side(direction)
        found = {id(one): one for term in ends if isinstance(term, PodTerm) for one in self._find_concerned(term)}
        key = (direction, *found)
        if key not in self._said:
            self._said[key] = allows_side(self._logic, [*self._admin, *found.values()], direction)
        return self._said[key]

    def _name_side(self, direction: Direction) -> z3.BoolRef:
        """What one side decides about all packets."""
        if direction not in self._sides:
            said = allows_side(self._logic, self._policies, direction)
            self._sides[direction] = self._search.name(f"side {direction}", said)
        return self._sides[direction]

    def _find_concerned(self, term: PodTerm) -> list[CompiledPolicy]:
        """The NetworkPolicies that may mean a pod that a term means."""
        if term not in self._concerned:
            named = [*self._by_namespace.get(term.namespace, ()), *self._by_namespace.get(None, ())]
            near = self._spaced if term.namespace is None else named
            self._concerned[term] = [one for one in near if may_share_pods(one.subject, term)]
        return self._concerned[term]

    def _minimize_rules(self, means: z3.BoolRef, others: Sequence[PolicyRule], theirs: Sequence[z3.BoolRef]) -> Covers:
        """Rules without any one of which a packet would need the part."""
        switches = [self._variables.switch(at) for at in range(len(others))]
        bound = [z3.Implies(switch, one) for switch, one in zip(switches, theirs, strict=True)]
        order = sorted(
            range(len(others)), key=lambda at: _rank_place(others[at].policy, others[at].rule.path), reverse=True
        )
        core = self._search.find_core(z3.And(means, *bound), [(others[at], switches[at]) for at in order])
        return tuple((one.policy, one.rule.path) for one in reversed(core))

    def _changes_anything(self, policy: CompiledPolicy, neighbours: Sequence[CompiledPolicy]) -> bool:
        """Whether any packet fares otherwise without a policy, which means one end of it, or both."""
        governed = [direction for direction in DIRECTIONS if policy.rules(direction) is not None]
        several = [governed] if len(governed) > 1 else []
        return any(self._changes_at(policy, neighbours, ends) for ends in (*([one] for one in governed), *several))

    def _changes_at(
        self, policy: CompiledPolicy, neighbours: Sequence[CompiledPolicy], ends: Sequence[Direction]
    ) -> bool:
        """Whether a packet fares otherwise of which a policy means these ends; there its neighbours decide the rest."""
        logic, rest = self._logic, [*self._admin, *neighbours]
        where, now, then = [], [], []
        for direction in DIRECTIONS:
            meant = logic.is_meant(SUBJECT[direction], policy.subject)
            if direction in ends:
                where.append(meant)
                now.append(allows_side(logic, [*rest, policy], direction))
                then.append(allows_side(logic, rest, direction))
            else:
                where += [logic.negate(meant)] if policy.rules(direction) is not None else []
                other_side = self._say_side(direction, _list_concerned_peers(policy, neighbours, ends[0]))
                now.append(other_side)
                then.append(other_side)
        return self._search.is_possible(logic.every([*where, logic.every(now) != logic.every(then)]))

    def _minimize_policies(
        self, policy: CompiledPolicy, neighbours: Sequence[CompiledPolicy]
    ) -> Sequence[CompiledPolicy]:
        """Neighbours without any one of which the policy would change something; all where there are many."""
        kept = list(neighbours)
        for one in reversed(neighbours) if len(neighbours) <= _FEW else ():
            fewer = [each for each in kept if each is not one]
            if not self._changes_beside(policy, fewer, neighbours):
                kept = fewer
        return kept

    def _changes_beside(
        self, policy: CompiledPolicy, kept: Sequence[CompiledPolicy], neighbours: Sequence[CompiledPolicy]
    ) -> bool:
        """Whether the policy would change something if of its neighbours it stood beside some alone."""
        logic = self._logic
        gone = {id(one) for one in neighbours} - {id(one) for one in kept}
        near = [*self._admin, policy, *(one for one in neighbours if id(one) not in gone)]
        rest = [one for one in near if one is not policy]
        for direction in DIRECTIONS:
            meant = logic.is_meant(SUBJECT[direction], policy.subject)
            sides = [allows_side(logic, several, direction) for several in (near, rest)]
            if self._search.is_possible(z3.And(meant, sides[0] != sides[1])):
                return True
        return False


def _list_concerned_peers(
    policy: CompiledPolicy, neighbours: Sequence[CompiledPolicy], direction: Direction
) -> Sequence[Term] | None:
    """The peers whose packets a policy can make a difference to, beside its neighbours; None where that may be anybody.

    Where a neighbour isolates all pods of the namespace, they are those that a rule of the policy means.
    """
    namespace, rules = policy.subject.namespace, policy.rules(direction) or ()
    all_isolated = any(
        one.rules(direction) is not None and one.subject == PodTerm(namespace, (), ()) for one in neighbours
    )
    if namespace is None or not all_isolated or any(rule.peers is None for rule in rules):
        return None
    return [term for rule in rules for term in rule.peers or ()]


def _rank_place(policy: CompiledPolicy, path: str) -> tuple[str, int, int]:
    place = policy.object.at(path)
    return (place.file, place.first_line, place.mark)
