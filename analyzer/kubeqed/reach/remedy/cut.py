"""Whom else the removal of a rule cuts off: the peers that no other rule lets through."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.diagnostic import list_some
from kubeqed.reach.algebra.bits import list_members
from kubeqed.reach.algebra.ports import PortSet, difference, intersection, union_of
from kubeqed.reach.policy.compiled import CompiledPolicy, CompiledRule
from kubeqed.reach.query.explain import explain
from kubeqed.reach.query.target import MANY
from kubeqed.reach.remedy.subject import Subject

MOST = 400  # pairs that are looked at


def find_others_cut(end: Subject, policy: CompiledPolicy, rule: CompiledRule, removal: str) -> str:
    """A sentence about the pairs, besides the one asked about, that only this rule lets through; empty for none.

    `removal` is its subject: what takes the rule out.
    """
    index = end.reach.index
    subjects = list(list_members(index.subjects(policy.subject) & end.reach.shown))
    meant = -1 if rule.peers is None else index.peers(rule.peers, end.direction)
    others = list(list_members(meant & end.reach.shown))
    if len(subjects) * len(others) > MOST:
        return "it lets others through too, who may then be cut off"
    found = [
        name
        for subject in subjects
        for other in others
        if _needs_rule(end, rule, subject, other)
        for name in _list_names(end, subject, other)
    ]
    return f"{removal} also cuts off {list_some(sorted(set(found)), MANY)}" if found else ""


def _needs_rule(end: Subject, rule: CompiledRule, subject: int, other: int) -> bool:
    """Whether something passes between two nodes by this rule alone."""
    sides = explain(end.reach, *((other, subject) if end.direction == "Ingress" else (subject, other)))
    own, far = (sides.ingress, sides.egress) if end.direction == "Ingress" else (sides.egress, sides.ingress)
    by_rule: list[PortSet] = []
    by_others: list[PortSet] = [own.defaulted]
    for _, hit in own.hits():
        if hit.rule.action == "Allow":
            (by_rule if hit.rule is rule else by_others).append(hit.decided)
    return bool(intersection(difference(union_of(by_rule), union_of(by_others)), far.allowed))


def _list_names(end: Subject, subject: int, other: int) -> Iterator[str]:
    """The peers of two nodes, but for the pair that was asked about; of its own subject, the other peer alone."""
    for own in end.names.of(subject):
        for far in end.names.of(other):
            if own == far or (end.is_itself(own) and end.is_other(far)):
                continue
            if end.is_itself(own):
                yield str(far)
            else:
                yield f"{far} => {own}" if end.direction == "Ingress" else f"{own} => {far}"
