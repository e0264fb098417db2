"""Whether what one side's policy allows is allowed by the policies of the other side too.

A connection needs both: https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, product
from typing import NamedTuple

from kubeqed.diagnostic import Certainty
from kubeqed.model.kinds.networkpolicy import NetworkPolicy, NetworkPolicyPeer, NetworkPolicyRule
from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.workload import Workload
from kubeqed.parse import Place
from kubeqed.prove.clauses.led_to import is_ingress, pods_of_peer, select_pods
from kubeqed.prove.clauses.traffic import decide_denial, limit_of_denial, place_of_rules, traffic_of
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision
from kubeqed.reach import CompiledPolicy, CompiledRule, Direction, list_isolating
from kubeqed.reach.algebra import PortSet, intersection, union
from kubeqed.resolve import Resolver

_MOST = 400  # pairs of pods that are looked at; where none of so many gets through, few would


class BothSidesAnswer(Answer):
    """Whether both sides allow it; `denied` says whose policies forbid it, None where nobody does.

    Where these policies do not speak of the pods at all, an allow may simply be there before it is needed: POSSIBLE.
    """

    def __init__(
        self,
        decision: Decision,
        denied: tuple[Workload, Workload, tuple[tuple[Place, str], ...]] | None = None,
        at_most: Certainty | None = None,
    ) -> None:
        super().__init__(decision)
        self._denied = denied
        self.at_most = at_most

    @property
    def denied(self) -> tuple[Workload, Workload, tuple[tuple[Place, str], ...]]:
        """A pod that the policy applies to, a peer whose policies forbid it, and where; LookupError when the property holds."""
        if self._denied is None:
            raise LookupError("both sides allow it")
        return self._denied


class BothSidesAllow(NamedTuple):
    """Of what a rule allows between the pods of its policy and those of one peer, the policies of these allow something."""

    policy: NetworkPolicy
    rule: NetworkPolicyRule
    peer: NetworkPolicyPeer

    def answer(self, graph: Resolver) -> BothSidesAnswer:
        """Depends, in an open world, on policies outside the input. Holds where the peer names no labels or no pod is seen."""
        if self.peer.pod_selector is None or self.peer.pod_selector.is_empty:
            return BothSidesAnswer(HOLDS)
        compiled = _rules_of(graph).get((self.policy, self.rule.path))
        pairs = list(
            islice(product(select_pods(graph, self.policy), pods_of_peer(graph, self.policy, self.peer)), _MOST)
        )
        if compiled is None or not pairs or any(self._passes_other_side(graph, compiled, *pair) for pair in pairs):
            return BothSidesAnswer(HOLDS)
        pod, other = pairs[0]
        direction: Direction = "Egress" if is_ingress(self.rule) else "Ingress"
        reach = traffic_of(graph).reach
        endpoint = next(one for one in reach.endpoints if one.workload is other)
        isolating = list_isolating(reach, endpoint, direction)
        if not isolating or (direction == "Ingress" and _name_peer(graph, isolating, pod, direction)):
            return BothSidesAnswer(HOLDS)  # where both name each other, on other ports, it is said of what comes in
        related = tuple(_list_places([one.object for one in isolating], direction))
        text = f"no policy for {other} allows what {self.policy} allows"
        decision = decide_denial(graph, text, self.policy.at(self.peer.path))
        named = _name_peer(graph, isolating, pod, direction)
        return BothSidesAnswer(
            decision, (pod, other, related), limit_of_denial(graph, other) if named else Certainty.POSSIBLE
        )

    def _passes_other_side(self, graph: Resolver, compiled: CompiledRule, pod: Workload, other: Workload) -> bool:
        """Whether the policies of the other side let some of it through; what cannot be told counts as let through."""
        reach, numbers = traffic_of(graph).reach, _numbers_of(graph)
        sides = (numbers.get(other, ()), numbers.get(pod, ()))
        sources, destinations = sides if is_ingress(self.rule) else sides[::-1]
        for source, destination in product(sources, destinations):
            wanted: PortSet = union(compiled.ports.fixed, reach.classes[destination].resolve(compiled.ports.names))
            allows = reach.sent if is_ingress(self.rule) else reach.accepted
            if not wanted or source == destination or intersection(wanted, allows(source, destination)):
                return True
        return not (sources and destinations)


def _name_peer(graph: Resolver, policies: tuple[CompiledPolicy, ...], pod: Workload, direction: Direction) -> bool:
    """Whether a rule of the policies has a pod among its peers."""
    index, numbers = traffic_of(graph).reach.index, _numbers_of(graph).get(pod, ())
    peers = (rule.peers for policy in policies for rule in policy.rules(direction) or () if rule.peers is not None)
    return any(index.peers(terms, direction) >> number & 1 for terms in peers for number in numbers)


def _list_places(isolating: list[Object], direction: Direction) -> Iterator[tuple[Place, str]]:
    return ((place_of_rules(one, direction), f"{one} does not allow it") for one in isolating[:3])


@lru_cache(maxsize=2)  # asked for each peer
def _rules_of(graph: Resolver) -> dict[tuple[Object, str], CompiledRule]:
    """The rules of policies by the object and the path."""
    return {
        (policy.object, rule.path): rule
        for policy in traffic_of(graph).reach.policies.items
        for rule in (*(policy.ingress or ()), *(policy.egress or ()))
    }


@lru_cache(maxsize=2)
def _numbers_of(graph: Resolver) -> dict[Workload, tuple[int, ...]]:
    """The classes of each workload's pods, those of the host network aside."""
    reach = traffic_of(graph).reach
    found: dict[Workload, list[int]] = {}
    for endpoint in reach.endpoints:
        if not endpoint.host_network:
            found.setdefault(endpoint.workload, []).append(reach.class_of[endpoint])
    return {workload: tuple(dict.fromkeys(numbers)) for workload, numbers in found.items()}
