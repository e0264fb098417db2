"""Rules that allow ports which the pods concerned declare nowhere: often those of a Service in front of them.

Policies see the port of the pod. A port need not be declared, so that this is a caveat and changes no answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.reach.algebra.bits import list_members
from kubeqed.reach.algebra.ports import EMPTY, PortSet, format_ports, intersection, single_port, union_of
from kubeqed.reach.engine.reachability import Reachability
from kubeqed.reach.policy.compiled import Caveat, CompiledPolicy, CompiledRule, Direction

_LONG = 100  # ports; a rule that allows more of them names none on purpose


def find_undeclared_ports(reach: Reachability) -> Iterator[Caveat]:
    """A caveat for each rule that allows some ports, none of which any pod that it leads to declares."""
    declared: dict[int, PortSet | None] = {}
    for policy in reach.policies.items:
        for direction in _DIRECTIONS:
            for rule in policy.rules(direction) or ():
                if rule.action == "Allow" and rule.ports.fixed and not rule.ports.names and _is_short(rule.ports.fixed):
                    found = _find_declared_ports(
                        reach, _led_to(reach, policy, rule, direction), rule.ports.fixed, declared
                    )
                    if found:
                        allowed = format_ports(rule.ports.fixed)
                        said = f"allows {allowed}, but the pods that it leads to declare {format_ports(found)}"
                        yield Caveat(policy.object, f"{rule.path}.ports", f"{said}: policies see the pod's port")


_DIRECTIONS: tuple[Direction, ...] = ("Ingress", "Egress")


def _is_short(some: PortSet) -> bool:
    return sum((high & 0xFFFF) - (low & 0xFFFF) + 1 for low, high in zip(some[::2], some[1::2], strict=True)) <= _LONG


def _led_to(reach: Reachability, policy: CompiledPolicy, rule: CompiledRule, direction: Direction) -> int:
    """The classes of pods that manifests show and that the rule leads to."""
    if direction == "Ingress":
        return reach.index.subjects(policy.subject) & reach.shown
    return reach.index.peers(rule.peers, direction) & reach.shown if rule.peers is not None else 0


def _find_declared_ports(
    reach: Reachability, classes: int, allowed: PortSet, known: dict[int, PortSet | None]
) -> PortSet:
    """All that the pods declare; nothing where one of them declares nothing, or a port that is allowed."""
    found = []
    for number in list_members(classes):
        if number not in known:
            known[number] = _of_class(reach, number)
        if not (own := known[number]) or intersection(own, allowed):
            return EMPTY
        found.append(own)
    return union_of(found)


def _of_class(reach: Reachability, number: int) -> PortSet | None:
    """What the pods of a class declare together; None where one declares nothing that is known."""
    several = [
        union_of(
            single_port(port.protocol, port.number)
            for port in endpoint.workload.template.ports()
            if isinstance(port.protocol, str) and isinstance(port.number, int)
        )
        for endpoint in reach.classes[number].endpoints
    ]
    return union_of(several) if several and all(several) else None
