"""Edits are made in the manifests by hand, as people would make them, and the intent is judged anew, by brute force too."""

from __future__ import annotations

import copy
import re
from itertools import islice
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.prove.intents.test_intents import absent, intents, packets, refutes
from tests.prove.packets.worlds import PacketWorld
from tests.reach.clusters import clusters
from tests.reach.world import unit_of_objects

from kubeqed.model.intents import Intent
from kubeqed.prove.intents.judge import IntentJudge
from kubeqed.prove.packets.packet import PodEnd
from kubeqed.prove.repairs.search import find_repair
from kubeqed.reach import Assumptions
from kubeqed.reach.policies import PolicyEdit

Objects = list[dict[str, Any]]
PACKETS = 400


def make_edits(objects: Objects, edits: tuple[PolicyEdit, ...]) -> Objects:
    """The manifests with the edits, from the last line to the first, so that none moves another."""
    found = copy.deepcopy(objects)
    for edit in edits:
        if edit.operation == "create":
            found.append(edit.value)
    for edit in sorted(edits, key=lambda one: [int(text) for text in re.findall(r"\[(\d+)\]", one.path)], reverse=True):
        if edit.object is None:
            continue
        (item,) = [
            one
            for one in found
            if one["kind"] == edit.object.kind
            and one["metadata"]["name"] == edit.object.name
            and one["metadata"].get("namespace", edit.object.key.namespace) == edit.object.key.namespace
        ]
        *where, last = re.findall(r"[^.\[\]]+", edit.path)
        node: Any = item
        for step in where:
            node = node[int(step)] if isinstance(node, list) else node[step]
        if edit.operation == "add":
            node[last] = [*(node.get(last) or []), *edit.value]
        elif edit.operation == "remove":
            del node[int(last)]
        elif edit.operation == "insert":
            node[int(last) : int(last)] = edit.value
    return found


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(clusters(), intents, st.lists(absent(), min_size=4, max_size=4))
def test_after_the_edits_no_packet_refutes(objects: Objects, intent: Intent, others: list[PodEnd]) -> None:
    judge = IntentJudge(unit_of_objects(objects), [intent], Assumptions())
    repair = find_repair(judge, judge.judge(intent))
    if repair is None:
        return
    edited = make_edits(objects, repair.edits)
    assert IntentJudge(unit_of_objects(edited), [intent], Assumptions()).judge(intent).holds, repair
    world = PacketWorld(unit_of_objects(edited))
    tried = islice(packets(world.reach, others), 0, None, 7)
    assert not any(refutes(world, edited, intent, packet) for packet in islice(tried, PACKETS)), repair
    for at in range(len(repair.edits)) if len(repair.edits) <= 3 else ():
        fewer = make_edits(objects, (*repair.edits[:at], *repair.edits[at + 1 :]))
        assert not IntentJudge(unit_of_objects(fewer), [intent], Assumptions()).judge(intent).holds, repair
