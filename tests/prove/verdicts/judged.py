"""Claims of tiny worlds through the whole room, against what every kind of packet says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random

from tests.prove.verdicts.tiny import Claim, Manifest, TinyWorld, draw_claim, draw_world
from tests.reach.world import unit_of_objects

from kubeqed.config import load_intents
from kubeqed.model.intents import Expectation, Intent
from kubeqed.prove.intents.judge import IntentJudge
from kubeqed.prove.intents.outcome import IntentVerdict
from kubeqed.prove.packets.deciding import DecidingRule
from kubeqed.prove.packets.packet import AddressEnd, Packet, PacketEnd, PodEnd
from kubeqed.reach import NAME_LABEL, Assumptions
from kubeqed.reach.algebra import intersection
from kubeqed.reach.policies import PROTOCOLS, ClassKey, Direction, Reachability, compile_unit
from kubeqed.reach.topology.classes import PolicyVocabulary, key_of_absent_pod
from kubeqed.sources import SourceFile

CLAIMS = 40  # in each world
CORES, REPLAYED = 4, 10  # of the claims that hold, and of those that are refuted

Element = tuple[
    str, str, str, str
]  # kind and name of a policy, direction, path of a rule: empty where the policy isolates


def read_claims(claims: list[Claim]) -> tuple[Intent, ...]:
    read = load_intents(SourceFile("intents.yaml", json.dumps({"intents": claims}).encode()))
    assert not read.complaints, read.complaints
    return read.intents


def list_disagreements(seed: int) -> Iterator[str]:
    """What the room says of the claims of one world, where any packet says otherwise."""
    random = Random(f"verdicts {seed}")
    objects = draw_world(random)
    claims = [draw_claim(random) for _ in range(CLAIMS)]
    world, intents = TinyWorld(objects), read_claims(claims)
    judge = IntentJudge(unit_of_objects(objects), intents, Assumptions())
    cores = replays = 0
    for claim, intent in zip(claims, intents, strict=True):
        verdict = judge.judge(intent)
        if verdict.witness is not None and replays < REPLAYED:
            replays += 1
            if replay_packet(objects, verdict.witness) is not (claim["expect"] == "denied"):
                yield f"world {seed}: reach does not say so: {json.dumps(claim)} {verdict.witness}"
        elif verdict.deciding and verdict.holds and cores < CORES:
            cores += 1
            yield from (f"world {seed}: {said}: {json.dumps(claim)}" for said in check_core(objects, verdict))
        refuting = next(world.list_refuting(claim), None)
        if verdict.holds is not (refuting is None):
            yield f"world {seed}: {json.dumps(claim)} {verdict.holds}: {verdict.witness or refuting}"
        elif verdict.holds and verdict.speaks is not world.speaks(claim):
            yield f"world {seed}: {json.dumps(claim)} speaks: {verdict.speaks}"


def check_core(objects: list[Manifest], verdict: IntentVerdict) -> Iterator[str]:
    """Whether a claim holds by what it rests on alone, and does not without any one part of it."""
    core = {_name_element(one) for one in verdict.deciding}
    every = set(_list_elements(objects, allowed=verdict.intent.expect is Expectation.ALLOWED))
    if not core <= every:
        yield f"{core - every} is no part of the policies"
    if not _holds_without(objects, every - core, verdict.intent):
        yield f"{core} does not suffice"
    yield from (f"{one} is not needed" for one in core if _holds_without(objects, every - core | {one}, verdict.intent))


def _holds_without(objects: list[Manifest], gone: set[Element], intent: Intent) -> bool:
    left = [item for one in objects if (item := _without(one, gone)) is not None]
    return IntentJudge(unit_of_objects(left), [intent], Assumptions()).judge(intent).holds is True


def _name_element(one: DecidingRule) -> Element:
    assert one.object is not None
    path = one.path if one.path != "spec.podSelector" else ""
    return one.object.kind, str(one.object.name), one.direction, path


def _list_elements(objects: list[Manifest], *, allowed: bool) -> Iterator[Element]:
    """What a claim may rest on: rules that allow, or what isolates and rules that deny."""
    for item in objects:
        key, spec = (item["kind"], item["metadata"]["name"]), item.get("spec", {})
        for direction in (
            ("Ingress", "Egress") if "metadata" in item and item["kind"] not in ("Pod", "Namespace") else ()
        ):
            rules = list(enumerate(spec.get(direction.lower()) or []))
            spaced = item["kind"] == "NetworkPolicy"
            for at, rule in rules:
                if (spaced and allowed) or (not spaced and rule["action"] == ("Accept" if allowed else "Deny")):
                    yield (*key, direction, f"spec.{direction.lower()}[{at}]")
            if spaced and not allowed and direction in _types_of(spec):
                yield (*key, direction, "")


def _types_of(spec: Manifest) -> list[str]:
    return spec.get("policyTypes") or ["Ingress", *(["Egress"] if spec.get("egress") else [])]


def _without(item: Manifest, gone: set[Element]) -> Manifest | None:
    """A manifest without parts of it; None for a policy of which nothing is left."""
    spec = item.get("spec", {})
    if item["kind"] in ("Pod", "Namespace"):
        return item
    found = dict(spec)
    for direction in ("Ingress", "Egress"):
        way, key = direction.lower(), (item["kind"], item["metadata"]["name"], direction)
        rules = enumerate(spec.get(way) or [])
        found[way] = [rule for at, rule in rules if (*key, f"spec.{way}[{at}]") not in gone]
    if item["kind"] == "NetworkPolicy":
        name = item["metadata"]["name"]
        found["policyTypes"] = [one for one in _types_of(spec) if (item["kind"], name, one, "") not in gone]
        if not found["policyTypes"]:
            return None
    return {**item, "spec": found}


def replay_packet(objects: list[Manifest], packet: Packet) -> bool:
    """Whether the engine of `reach` lets a packet through."""
    unit = unit_of_objects(objects)
    seen = compile_unit(unit, Assumptions()).seen
    absent = {one: _key_of(one, packet, seen) for one in packet[:2] if isinstance(one, PodEnd) and one.endpoint is None}
    spaces = {one.namespace: {**dict(one.space), NAME_LABEL: one.namespace} for one in absent}
    reach = Reachability(unit, Assumptions(), tuple(absent.values()), spaces=spaces)
    source = _number_of(reach, packet.source, absent, "Ingress")
    destination = _number_of(reach, packet.destination, absent, "Egress")
    return bool(intersection(reach.pair(source, destination), (packet.port, packet.port)))


def _key_of(one: PodEnd, packet: Packet, seen: PolicyVocabulary) -> ClassKey:
    ports = [(name, PROTOCOLS[packet.port >> 16], packet.port & 0xFFFF) for name in packet.names]
    return key_of_absent_pod(one.namespace, one.labels, ports if one is packet.destination else (), seen)


def _number_of(reach: Reachability, end: PacketEnd, absent: dict[PodEnd, ClassKey], direction: Direction) -> int:
    if isinstance(end, AddressEnd):
        ranges = {number: reach.index.range_of(number) for number in reach.index.numbers(direction)}
        return next(number for number, (low, high) in ranges.items() if low <= end.address <= high)
    if end.endpoint is None:
        return next(at for at, one in enumerate(reach.classes) if one.key == absent[end])
    name = str(end.endpoint.workload)
    return next(number for endpoint, number in reach.class_of.items() if str(endpoint.workload) == name)
