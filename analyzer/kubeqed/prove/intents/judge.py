"""Whether an intent holds in a unit: for the pods that the manifests show, and for any pod where it says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TypeVar

import z3

from kubeqed.model.intents import EndKind, Expectation, Intent
from kubeqed.model.units.unit import Unit
from kubeqed.prove.engine.solver import GaveUp
from kubeqed.prove.intents.claims import (
    DNS_FACT,
    ClaimReader,
    add_intent,
    choose_classes,
    is_dns,
    list_ends,
    list_namespaces,
    terms_of_intent,
)
from kubeqed.prove.intents.concerned import list_concerned, with_allies
from kubeqed.prove.intents.doubts import find_doubts
from kubeqed.prove.intents.outcome import IntentVerdict
from kubeqed.prove.packets.concrete import ConcreteLogic
from kubeqed.prove.packets.deciding import DecidingRule, find_deciding, list_elements
from kubeqed.prove.packets.logic import PacketLogic, Side
from kubeqed.prove.packets.packet import Packet, PacketEnd, PodEnd
from kubeqed.prove.packets.search import PacketSearch
from kubeqed.prove.packets.semantics import DIRECTIONS, SUBJECT, allows, isolates, leaves_open
from kubeqed.prove.packets.space import Vocabulary
from kubeqed.prove.packets.symbolic import SymbolicLogic
from kubeqed.prove.packets.variables import PacketVariables
from kubeqed.reach import Assumptions, PolicyLimits, find_policy_limits, last_definitions
from kubeqed.reach.policies import NAME_LABEL, CompiledPolicy, PodClass, Reachability, compile_unit, namespace_labels

T = TypeVar("T")


class IntentJudge:
    """Judges intents in one unit; `intents` are all that will be asked, so that pods are told apart by what they name."""

    def __init__(self, unit: Unit, intents: Sequence[Intent], assumptions: Assumptions) -> None:
        self.whole, self.unit = unit, last_definitions(unit)
        terms = [term for intent in intents for term in terms_of_intent(intent)]
        self.assumptions = assumptions
        self.intents = intents
        self._reach = Reachability(self.unit, compiled=compile_unit(self.unit, assumptions, terms))
        self.policies = self._reach.policies.items
        self.declared = namespace_labels(self.unit)

    def judge(self, intent: Intent) -> IntentVerdict:
        """The verdict on one intent."""
        return self.judge_with(intent, self.policies)

    def judge_with(self, intent: Intent, policies: Sequence[CompiledPolicy]) -> IntentVerdict:
        """The verdict on one intent, if the policies were these."""
        try:
            verdict = self._judge_stepwise(intent, policies)
            return verdict._replace(doubts=find_doubts(verdict, self.limits, self.classes, self.declared))
        except GaveUp:
            return IntentVerdict(intent, self.unit, None)

    def _judge_stepwise(self, intent: Intent, policies: Sequence[CompiledPolicy]) -> IntentVerdict:
        """The verdict, with as few policies as decide it."""
        # A pod that no policy isolates gets everything, so that what fewer policies keep out, all of them do, as long as no
        # policy of a pod that one of them isolates is left out. So a claim that packets are denied is tried with the
        # policies that it names first; a packet that others keep out brings these in.
        active = with_allies(list_concerned(policies, intent), policies)
        while True:
            verdict = _Trial(self.unit, intent, self.classes, active, self.declared).decide()
            packet = verdict.witness
            missing = [] if packet is None else self._find_missing(intent, packet, policies, active)
            if not missing:
                return verdict
            active = with_allies([*active, *missing], policies)

    def _find_missing(
        self, intent: Intent, packet: Packet, policies: Sequence[CompiledPolicy], active: Sequence[CompiledPolicy]
    ) -> list[CompiledPolicy]:
        """The policies that were left out and keep a packet out; none where it refutes the intent."""
        if intent.expect is Expectation.ALLOWED:
            return []
        logic, known = ConcreteLogic(packet, self.declared), set(map(id, active))
        left_out = [one for one in policies if id(one) not in known]
        return [one for one in left_out if any(isolates(logic, one, direction) for direction in DIRECTIONS)]

    @cached_property
    def limits(self) -> PolicyLimits:
        """What no verdict about the unit claims."""
        return find_policy_limits(self.whole, self._reach)

    @cached_property
    def namespaces(self) -> frozenset[str]:
        """The namespaces that the manifests show: those that are declared, and those of any object."""
        return list_namespaces(self.unit.objects)

    @cached_property
    def classes(self) -> list[PodClass]:
        """The pods that manifests show, those together that nothing tells apart."""
        return [one for one in self._reach.classes if one.endpoints]


class _Trial:
    """One intent in one unit, in a context of its own."""

    def __init__(
        self,
        unit: Unit,
        intent: Intent,
        classes: Sequence[PodClass],
        policies: Sequence[CompiledPolicy],
        declared: dict[str, dict[str, str]],
    ) -> None:
        self._unit, self._intent, self._declared = unit, intent, declared
        self._policies = policies
        vocabulary = Vocabulary()
        vocabulary.add_policies(self._policies)
        vocabulary.add_declared((*declared, *(one.key.namespace for one in classes)))
        add_intent(vocabulary, intent)
        self._space = vocabulary.build()
        self._dns_shown = any(map(is_dns, classes))
        self._elements = list_elements(self._policies, allowed=intent.expect is Expectation.ALLOWED)
        ends = {Side.SOURCE: intent.source, Side.DESTINATION: intent.destination}
        if intent.expect is Expectation.ISOLATED:
            ends = dict.fromkeys(Side, intent.destination)
        may_be = {
            end: choose_classes(end, several, classes, declared, self._space, dns_shown=self._dns_shown)
            for end, several in ends.items()
        }
        self._variables = PacketVariables(self._space, classes, may_be)
        self._switches = {one.key: self._variables.switch(at) for at, one in enumerate(self._elements)}
        self._logic = SymbolicLogic(self._variables, declared, self._switches)

    def decide(self) -> IntentVerdict:
        """The verdict; raises GaveUp when the budget does not suffice."""
        logic, search = self._logic, PacketSearch(self._variables)
        claimed = logic.every([self._state_claim(), *self._variables.keep_apart()])
        refuting = logic.every([claimed, self._state_refutation()])
        switches = [(one, self._switches[one.key]) for one in self._elements]
        found = search.find_packet(refuting, *(switch for _, switch in switches))
        if found is not None:
            deciding = self._explain_packet(found)
            shown = found._replace(
                source=self._with_space(found.source), destination=self._with_space(found.destination)
            )
            return IntentVerdict(self._intent, self._unit, False, shown, tuple(deciding), facts=self._list_facts())
        if not search.is_possible(claimed):
            return IntentVerdict(self._intent, self._unit, True, speaks=False)
        core = search.find_core(refuting, switches)
        shown_core = tuple(one.shown for one in core)
        return IntentVerdict(self._intent, self._unit, True, None, shown_core, facts=self._list_facts())

    def _explain_packet(self, found: Packet) -> Iterator[DecidingRule]:
        """What decides about a packet that refutes the intent."""
        if self._intent.expect is not Expectation.ISOLATED:
            yield from find_deciding(found, self._policies, self._declared)
            return
        logic = ConcreteLogic(found, self._declared)
        reader = self._make_reader(logic)
        for direction, end in SUBJECT.items():
            if reader.claims_end(end, self._intent.destination) and leaves_open(logic, self._policies, direction):
                yield DecidingRule(direction, f"no policy isolates the {end.value}")

    def _with_space(self, end: PacketEnd) -> PacketEnd:
        """An end with all labels of its namespace."""
        if not isinstance(end, PodEnd):
            return end
        labels = self._declared.get(end.namespace, dict(end.space))
        return end._replace(space=tuple(sorted({**labels, NAME_LABEL: end.namespace}.items())))

    def _list_facts(self) -> tuple[str, ...]:
        """What is taken for granted of pods that no manifest shows."""
        ends = tuple(list_ends(self._intent))
        facts = []
        if any(one.any_pod for one in ends) or self._intent.expect is Expectation.ISOLATED:
            facts.append("pods of the host network that no manifest shows are left out: policies do not govern them")
        if any(one.kind is EndKind.DNS for one in ends) and not self._dns_shown:
            facts.append(DNS_FACT)
        return tuple(facts)

    def _state_claim(self) -> z3.BoolRef:
        """The packet is one that the intent speaks of; of isolated pods, one of them is an end of it."""
        logic, read = self._logic, self._make_reader(self._logic)
        if self._intent.expect is not Expectation.ISOLATED:
            return read.claims(self._intent)
        ends = [read.claims_end(end, self._intent.destination) for end in Side]
        return logic.every([logic.some(ends), read.excepts_none(self._intent)])

    def _state_refutation(self) -> z3.BoolRef:
        """The packet is not as the intent has it."""
        logic = self._logic
        if self._intent.expect is Expectation.ISOLATED:
            read = self._make_reader(logic)
            return logic.some(
                logic.every(
                    [
                        read.claims_end(SUBJECT[direction], self._intent.destination),
                        leaves_open(logic, self._policies, direction),
                    ]
                )
                for direction in DIRECTIONS
            )
        through = allows(logic, self._policies)
        return through if self._intent.expect is Expectation.DENIED else logic.negate(through)

    def _make_reader(self, logic: PacketLogic[T]) -> ClaimReader[T]:
        return ClaimReader(logic, self._space, dns_shown=self._dns_shown)
