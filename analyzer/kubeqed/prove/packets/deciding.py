"""What decides about packets: the rules that let one through or keep it out, and those that a proof rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kubeqed.model.kinds.object import Object
from kubeqed.parse import Place
from kubeqed.prove.packets.concrete import ConcreteLogic, Spaces
from kubeqed.prove.packets.packet import Packet
from kubeqed.prove.packets.semantics import DIRECTIONS, SUBJECT, allows_side, matches
from kubeqed.reach.policies import CompiledPolicy, Direction, Tier


class DecidingRule(NamedTuple):
    """A rule, or a policy as a whole, that has a say about one side: at a path of an object, and how it decides.

    Without an object no policy decides: what is not isolated is open.
    """

    direction: Direction
    text: str
    object: Object | None = None
    path: str = ""

    @property
    def place(self) -> Place | None:
        """Where it stands."""
        return None if self.object is None else self.object.at(self.path)


class Element(NamedTuple):
    """What a proof may rest on: `key` as the logic of all packets knows it, and how it is shown."""

    key: tuple[int, Direction, str]
    shown: DecidingRule


def find_deciding(packet: Packet, policies: Sequence[CompiledPolicy], declared: Spaces) -> Iterator[DecidingRule]:
    """What decides about a packet: for one that passes both sides, else the first side that keeps it out."""
    logic = ConcreteLogic(packet, declared)
    sides = {direction: allows_side(logic, policies, direction) for direction in DIRECTIONS}
    passes = all(sides.values())
    for direction, allowed in sides.items():
        if allowed is passes and logic.is_pod(SUBJECT[direction]):
            yield from _explain_side(logic, policies, direction, allowed)


def _explain_side(
    logic: ConcreteLogic, policies: Sequence[CompiledPolicy], direction: Direction, allowed: bool
) -> Iterator[DecidingRule]:
    subject = SUBJECT[direction]
    if not logic.is_governed(subject):
        yield DecidingRule(direction, "policies do not govern pods of the host network")
        return
    selecting = [one for one in policies if logic.is_meant(subject, one.subject)]
    decided = _find_first(logic, selecting, Tier.ADMIN, direction)
    if decided is not None and decided.text != _TEXTS["Pass"]:
        yield decided
        return
    isolating = [one for one in selecting if one.tier is Tier.NAMESPACE and one.rules(direction) is not None]
    if isolating:
        yield from _explain_isolated(logic, isolating, direction, allowed)
        return
    decided = _find_first(logic, selecting, Tier.BASELINE, direction)
    yield decided or DecidingRule(direction, f"no policy isolates the {subject.value}")


_TEXTS = {"Allow": "allows it", "Deny": "denies it", "Pass": "passes it on"}


def _find_first(
    logic: ConcreteLogic, policies: Sequence[CompiledPolicy], tier: Tier, direction: Direction
) -> DecidingRule | None:
    """The first rule of an ordered tier that matches."""
    for policy in policies:
        for rule in policy.rules(direction) or () if policy.tier is tier else ():
            if matches(logic, policy, rule, direction):
                return DecidingRule(direction, _TEXTS[rule.action], policy.object, rule.path)
    return None


def _explain_isolated(
    logic: ConcreteLogic, isolating: Sequence[CompiledPolicy], direction: Direction, allowed: bool
) -> Iterator[DecidingRule]:
    """The first rule that allows it; where none does, the policies that isolate."""
    if not allowed:
        for policy in isolating:
            yield DecidingRule(direction, "isolates the pod and does not allow it", policy.object, "spec.podSelector")
        return
    for policy in isolating:
        for rule in policy.rules(direction) or ():
            if matches(logic, policy, rule, direction):
                yield DecidingRule(direction, _TEXTS["Allow"], policy.object, rule.path)
                return


def list_elements(policies: Sequence[CompiledPolicy], *, allowed: bool) -> list[Element]:
    """What a proof that packets pass, or do not pass, may rest on, in the order of the source.

    That packets pass rests on rules that allow them; that they do not, on policies that isolate and on rules that deny.
    """
    found: list[Element] = []
    for policy in policies:
        for direction in DIRECTIONS:
            found += _list_rules(policy, direction, "Allow" if allowed else "Deny")
            spaced = policy.tier is Tier.NAMESPACE and policy.rules(direction) is not None
            if spaced and not allowed:
                text = f"isolates its pods for {direction.lower()}"
                shown = DecidingRule(direction, text, policy.object, "spec.podSelector")
                found.append(Element((id(policy.object), direction, ""), shown))
    return sorted(found, key=_rank_element)


def _list_rules(policy: CompiledPolicy, direction: Direction, action: str) -> Iterator[Element]:
    for rule in policy.rules(direction) or ():
        if rule.action == action:
            shown = DecidingRule(direction, _TEXTS[action], policy.object, rule.path)
            yield Element((id(policy.object), direction, rule.path), shown)


def _rank_element(one: Element) -> tuple[str, int, int, str, str]:
    place = one.shown.place
    if place is None:
        return ("", 0, 0, one.shown.direction, one.shown.path)
    return (place.file, place.first_line, place.mark, one.shown.direction, one.shown.path)
