"""Whether the addresses that an ipBlock excepts stay closed: the rules of all policies for a pod add up.

https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from kubeqed.model.kinds.networkpolicy import (
    IPBlock,
    NetworkPolicy,
    NetworkPolicyPort,
    NetworkPolicyRule,
    covers_ports,
)
from kubeqed.model.values.fields import Listing
from kubeqed.model.values.known import known_only
from kubeqed.model.values.match import Match
from kubeqed.parse import Place
from kubeqed.prove.clauses.led_to import applies_wherever, is_ingress
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision, Verdict
from kubeqed.prove.engine.facts import make_fact
from kubeqed.prove.engine.formula import Fact
from kubeqed.reach.algebra import Range, intersect, parse_cidr, without_holes
from kubeqed.resolve import Resolver


class ExceptedBlock(NamedTuple):
    """Addresses that a rule of a policy excepts, as they are written at a path, and their range."""

    policy: NetworkPolicy
    rule: NetworkPolicyRule
    path: str
    text: str
    range: Range


class ExceptedAnswer(Answer):
    """Whether what is excepted stays closed; `hole` is a block that does not, which `place` opens."""

    def __init__(self, decision: Decision, hole: ExceptedBlock | None = None, place: Place | None = None) -> None:
        super().__init__(decision)
        self._found = hole, place

    @property
    def hole(self) -> ExceptedBlock:
        """What is excepted and open; LookupError when there is nothing."""
        if self._found[0] is None:
            raise LookupError("all that is excepted stays closed")
        return self._found[0]

    @property
    def reopened_at(self) -> Place:
        """Where it is opened; LookupError when it is not."""
        if self._found[1] is None:
            raise LookupError("all that is excepted stays closed")
        return self._found[1]


class ExceptedStayClosed(NamedTuple):
    """A policy allows no addresses, by a block that is wider, or to everybody, that a rule for the same pods excepts."""

    policy: NetworkPolicy

    def answer(self, graph: Resolver) -> ExceptedAnswer:
        """Fails where the rule that opens them is for all ports of the rule that excepts them. What is opened by name counts as meant."""
        rules = (*self.policy.ingress, *self.policy.egress)
        for hole in _list_excepted(graph):
            for rule in rules if _same_pods(self.policy, hole.policy) else ():
                path = _find_opening(rule, hole.range) if _may_reopen(rule, hole) else None
                if path is not None:
                    place = self.policy.at(path)
                    opened = Fact(True, f"{self.policy} allows it at {path}", place)
                    facts = (make_fact(hole.policy, hole.path, hole.text), opened)
                    return ExceptedAnswer(Decision(Verdict.FAILS, facts), hole, place)
        return ExceptedAnswer(HOLDS)


_METADATA = parse_cidr("169.254.169.254/32")
_HTTP = Listing((NetworkPolicyPort("", "TCP", 80, None),))


def _may_reopen(rule: NetworkPolicyRule, hole: ExceptedBlock) -> bool:
    """Whether a rule of the same direction is for the ports of what is excepted; of the metadata of nodes HTTP counts."""
    if rule is hole.rule or is_ingress(rule) is not is_ingress(hole.rule):
        return False
    wanted = hole.rule._replace(ports=_HTTP) if hole.range == _METADATA else hole.rule
    return covers_ports(rule, wanted)


def _find_opening(rule: NetworkPolicyRule, hole: Range) -> str | None:
    """The path at which a rule allows a range by what is wider."""
    if rule.is_for_all:
        return rule.path
    blocks = (peer.ip_block for peer in rule.peers if peer.ip_block is not None)
    return next((f"{block.path}.cidr" for block in blocks if _is_within(hole, block)), None)


def _is_within(hole: Range, block: IPBlock) -> bool:
    whole = parse_cidr(block.cidr) if isinstance(block.cidr, str) else None
    if whole is None or whole == hole or block.exceptions.more is not None:
        return False
    holes = [parse_cidr(one) for one in known_only(block.exceptions)]
    known = [one for one in holes if one is not None]
    return len(known) == len(block.exceptions) and intersect(without_holes(whole, known), (hole,)) == (hole,)


def _same_pods(one: NetworkPolicy, other: NetworkPolicy) -> bool:
    """Whether one of two policies applies to every pod that the other applies to."""
    return Match.YES in (applies_wherever(one, other), applies_wherever(other, one))


@lru_cache(maxsize=2)  # asked for each policy of a unit
def _list_excepted(graph: Resolver) -> tuple[ExceptedBlock, ...]:
    """What the policies of a unit except."""
    return tuple(
        ExceptedBlock(policy, rule, f"{block.path}.except[{at}]", text, excepted)
        for policy in graph.unit.of(NetworkPolicy)
        for rule in (*policy.ingress, *policy.egress)
        for block in (peer.ip_block for peer in rule.peers)
        for at, text in enumerate(block.exceptions if block is not None else ())
        if block is not None and isinstance(text, str) and (excepted := parse_cidr(text)) is not None
    )
