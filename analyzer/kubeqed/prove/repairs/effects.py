"""What edits change besides what an intent claims: one packet each that is cut off, or opened, for pods that are shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import z3

from kubeqed.model.intents import Expectation, Intent
from kubeqed.prove.engine.solver import GaveUp
from kubeqed.prove.intents.claims import ClaimReader, add_intent, is_dns
from kubeqed.prove.intents.judge import IntentJudge
from kubeqed.prove.packets.logic import Side
from kubeqed.prove.packets.search import PacketSearch
from kubeqed.prove.packets.semantics import allows
from kubeqed.prove.packets.space import Vocabulary
from kubeqed.prove.packets.symbolic import SymbolicLogic
from kubeqed.prove.packets.texts import describe_packet
from kubeqed.prove.packets.variables import PacketVariables
from kubeqed.reach.policies import CompiledPolicy

_MOST_POLICIES = 600
_NOT_LOOKED = "whom else it concerns was not looked at: there are too many policies"


def find_effects(judge: IntentJudge, intent: Intent, after: Sequence[CompiledPolicy]) -> tuple[str, ...]:
    """Sentences about the first packets that the intent does not speak of and that pass no longer, or pass now."""
    if len(after) > _MOST_POLICIES:
        return (_NOT_LOOKED,)
    try:
        return tuple(_list_effects(judge, intent, after))
    except GaveUp:
        return ("whom else it concerns could not be told within the budget",)


def _list_effects(judge: IntentJudge, intent: Intent, after: Sequence[CompiledPolicy]) -> Iterator[str]:
    vocabulary = Vocabulary()
    vocabulary.add_policies((*judge.policies, *after))
    vocabulary.add_declared((*judge.declared, *(one.key.namespace for one in judge.classes)))
    add_intent(vocabulary, intent)
    space = vocabulary.build()
    variables = PacketVariables(space, judge.classes, dict.fromkeys(Side, range(len(judge.classes))))
    logic = SymbolicLogic(variables, judge.declared)
    reader = ClaimReader(logic, space, dns_shown=any(map(is_dns, judge.classes)))
    was, now = allows(logic, judge.policies), allows(logic, after)
    shown = [logic.some([logic.is_shown(end), logic.negate(logic.is_pod(end))]) for end in Side]
    pods = logic.some([logic.is_pod(end) for end in Side])
    isolates = intent.expect is Expectation.ISOLATED
    outside = [] if isolates else [logic.negate(reader.claims(intent))]
    others = logic.every([*shown, pods, *variables.keep_apart(), *outside])
    search = PacketSearch(variables)
    for words, statement in (("cuts off", z3.And(was, z3.Not(now))), ("opens", z3.And(now, z3.Not(was)))):
        found = search.find_packet(logic.every([others, statement]))
        if found is not None:
            yield f"it also {words}, for one, {describe_packet(found)}"
