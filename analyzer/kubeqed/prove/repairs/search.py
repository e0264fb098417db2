"""The search for the cheapest edits after which an intent holds: packets that refute it say what might be changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from kubeqed.model.intents import Expectation
from kubeqed.prove.intents.claims import claims_isolated
from kubeqed.prove.intents.judge import IntentJudge
from kubeqed.prove.intents.outcome import IntentVerdict, Repair
from kubeqed.prove.packets.concrete import ConcreteLogic
from kubeqed.prove.packets.packet import Packet
from kubeqed.prove.packets.semantics import SUBJECT, allows, leaves_open
from kubeqed.prove.repairs.changes import PacketChanges, PolicyChange, may_open
from kubeqed.prove.repairs.edited import EditedPolicies, edit_unit, is_new
from kubeqed.prove.repairs.effects import find_effects
from kubeqed.reach.policies import CompiledPolicy, PolicyEdit

MOST_EDITS = 8
_MOST_TRIALS, _MOST_STEPS = 16, 120
_BLUNT = 25  # what a change costs more that may well reach further, where one that does not is looked for


class _Step(NamedTuple):
    cost: int
    number: int
    edits: tuple[PolicyEdit, ...]


def find_repair(judge: IntentJudge, verdict: IntentVerdict) -> Repair | None:
    """The smallest edits that make a refuted intent hold, proved; rather those that change nothing else. None if none is found."""
    if verdict.witness is None or verdict.holds is not False:
        return None
    search = _RepairSearch(judge, verdict)
    repairs: list[Repair] = []
    for extra in (0, _BLUNT):
        edits = search.find_edits(extra)
        if edits is not None and _holds_after(judge, verdict, edits):
            repairs.append(Repair(edits, find_effects(judge, verdict.intent, search.compile(edits))))
            if not repairs[-1].effects:
                break
    found = min(repairs, key=lambda one: bool(one.effects), default=None)
    return None if found is None else found._replace(edits=tuple(one._replace(purpose="hold") for one in found.edits))


def _holds_after(judge: IntentJudge, verdict: IntentVerdict, edits: Sequence[PolicyEdit]) -> bool:
    """Whether the intent holds once the edits are made, as all is read anew."""
    edited = IntentJudge(edit_unit(judge.unit, edits), judge.intents, judge.assumptions)
    return edited.judge(verdict.intent).holds is True


class _RepairSearch:
    def __init__(self, judge: IntentJudge, verdict: IntentVerdict) -> None:
        self._judge, self._intent = judge, verdict.intent
        self._edited = EditedPolicies(judge.unit, judge.policies, judge.assumptions)
        self._known = judge.namespaces | frozenset(judge.declared)
        self._packets = [verdict.witness] if verdict.witness is not None else []
        self._trials = 0
        self._alike: dict[int, bool] = {}

    def compile(self, edits: Sequence[PolicyEdit]) -> tuple[CompiledPolicy, ...]:
        """The policies with edits."""
        return self._edited.compile(edits)

    def find_edits(self, extra: int) -> tuple[PolicyEdit, ...] | None:
        """The cheapest edits after which no packet refutes the intent; blunt ones cost more by `extra`."""
        steps = [_Step(0, 0, ())]
        seen = set()
        for _ in range(_MOST_STEPS):
            if not steps or self._trials > _MOST_TRIALS:
                return None
            step = heappop(steps)
            policies = self.compile(step.edits)
            packet = self._find_refuting(policies)
            if packet is None:
                return step.edits
            for candidate in self._list_candidates(packet, policies, step.edits):
                edits = (*step.edits, *candidate.edits)
                key = _freeze_edits(edits)
                if len(edits) <= MOST_EDITS and key not in seen:
                    seen.add(key)
                    cost = step.cost + candidate.cost + (extra if candidate.blunt else 0)
                    heappush(steps, _Step(cost, len(seen), edits))
        return None

    def _find_refuting(self, policies: Sequence[CompiledPolicy]) -> Packet | None:
        """A packet that refutes the intent with these policies: one of those that were found before, else a new one."""
        known = next((one for one in self._packets if self._is_refuting(one, policies)), None)
        if known is not None:
            return known
        self._trials += 1
        verdict = self._judge.judge_with(self._intent, policies)
        if verdict.holds is None:
            self._trials += _MOST_TRIALS
            return self._packets[0]
        self._packets += [] if verdict.witness is None else [verdict.witness]
        return verdict.witness

    def _is_refuting(self, packet: Packet, policies: Sequence[CompiledPolicy]) -> bool:
        logic = ConcreteLogic(packet, self._judge.declared)
        if self._intent.expect is Expectation.ISOLATED:
            return any(
                leaves_open(logic, policies, direction) and claims_isolated(logic, self._intent, end)
                for direction, end in SUBJECT.items()
            )
        return allows(logic, policies) is (self._intent.expect is Expectation.DENIED)

    def _list_candidates(
        self, packet: Packet, policies: Sequence[CompiledPolicy], made: Sequence[PolicyEdit]
    ) -> Iterator[PolicyChange]:
        inserted = {id(one.object) for one in made if one.operation == "insert"}
        closes = self._intent.expect is not Expectation.ALLOWED
        for one in PacketChanges(self._intent, packet, policies, self._judge.declared, self._known).list_all():
            if any(edit.operation == "insert" and id(edit.object) in inserted for edit in one.edits):
                continue  # the places after the first have moved
            if not all(self._can_edit(edit) for edit in one.edits):
                continue
            made_anew = self.compile(one.edits) if closes and one.edits[0].operation == "create" else ()
            if not any(is_new(new) and may_open(new, policies) for new in made_anew):
                yield one

    def _can_edit(self, edit: PolicyEdit) -> bool:
        """Whether a policy is one of the manifests, and can be written out and read again."""
        if edit.object is None:
            return True
        if id(edit.object) not in self._alike:
            policy = next((one for one in self._judge.policies if one.object is edit.object), None)
            self._alike[id(edit.object)] = policy is not None and self._edited.reads_alike(policy)
        return self._alike[id(edit.object)]


def _freeze_edits(edits: Sequence[PolicyEdit]) -> frozenset[tuple[str, int, str, str]]:
    return frozenset((one.operation, id(one.object), one.path, repr(one.value)) for one in edits)
