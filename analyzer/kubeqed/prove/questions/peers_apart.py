"""Whether a namespaceSelector and a podSelector that stand as two peers were meant as one.

Two items of `from` or `to` mean either; one item with both fields means pods of these namespaces:
https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.diagnostic import Certainty
from kubeqed.model.kinds.networkpolicy import NetworkPolicy, NetworkPolicyPeer, NetworkPolicyRule
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.values.match import Match, same_value
from kubeqed.parse import Unknown
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision
from kubeqed.prove.engine.decide import decide
from kubeqed.prove.engine.facts import elsewhere_unknown
from kubeqed.prove.engine.formula import Fact, Holds, Or
from kubeqed.reach import is_of_known_pods
from kubeqed.resolve import Resolver
from kubeqed.resolve.namespaces import match_namespace


class PeersAnswer(Answer):
    """Whether two peers were meant as two: `pods` and `namespaces` are the peers, `example` what both together mean."""

    def __init__(
        self,
        decision: Decision,
        pair: tuple[NetworkPolicyPeer, NetworkPolicyPeer] | None = None,
        example: str = "",
        at_most: Certainty | None = None,
    ) -> None:
        super().__init__(decision)
        self._pair = pair
        self.example = example
        self.at_most = at_most

    @property
    def pair(self) -> tuple[NetworkPolicyPeer, NetworkPolicyPeer]:
        """The peer of namespaces and that of pods; LookupError when the property holds."""
        if self._pair is None:
            raise LookupError("the peers are meant as two")
        return self._pair


class PeersMeantApart(NamedTuple):
    """No two neighbours of a rule's peers are a namespaceSelector and a podSelector that were meant as one."""

    policy: NetworkPolicy
    rule: NetworkPolicyRule

    def answer(self, graph: Resolver) -> PeersAnswer:
        """Depends on pods outside the input. Holds where pods of the policy's own namespace have the labels."""
        for namespaces, pods in _list_pairs(self.rule):
            selector, spaces = pods.pod_selector, namespaces.namespace_selector
            if selector is None or spaces is None or selector.is_empty or not selector.is_read or spaces.is_empty:
                continue
            having = [item for item, _ in graph.match_workloads(selector)]
            if any(same_value(self.policy.namespace, item.namespace) is not Match.NO for item in having):
                continue
            meant = next((one for one in having if match_namespace(graph, spaces, one.namespace) is Match.YES), None)
            known = is_of_known_pods(selector, self.policy.namespace)
            if meant is not None or known or _expects_pods(graph, self.policy.namespace):
                return self._make_answer(graph, (namespaces, pods), meant, known=known)
        return PeersAnswer(HOLDS)

    def _make_answer(
        self, graph: Resolver, pair: tuple[NetworkPolicyPeer, NetworkPolicyPeer], meant: Workload | None, *, known: bool
    ) -> PeersAnswer:
        place = self.policy.at(pair[1].path)
        none = Fact(
            False, f"no pod of the policy's own namespace in the unit {graph.unit.root} has these labels", place
        )
        unseen = elsewhere_unknown(graph.unit, f"a pod outside the manifests read that {self.policy} means")
        example = f", such as {meant}" if meant is not None else ""
        at_most = None if meant is not None or known else Certainty.POSSIBLE
        return PeersAnswer(decide(Or((Holds(none), Holds(unseen)))), pair, example, at_most)


def _list_pairs(rule: NetworkPolicyRule) -> Iterator[tuple[NetworkPolicyPeer, NetworkPolicyPeer]]:
    """Neighbours of which one has a namespaceSelector alone and the other a podSelector alone, in this order."""
    for one, other in zip(rule.peers.items, rule.peers.items[1:], strict=False):
        for namespaces, pods in ((one, other), (other, one)):
            if namespaces.pod_selector is None and pods.namespace_selector is None:
                yield namespaces, pods


def _expects_pods(graph: Resolver, namespace: str | Unknown | None) -> bool:
    return any(same_value(item.namespace, namespace) is Match.YES for item in graph.unit.workloads)
