"""Whether a NetworkPolicy is about pods that share the network of their node, which policies do not govern for sure.

https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-and-hostnetwork-pods
"""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.model.kinds.workload import Workload
from kubeqed.parse import Place
from kubeqed.prove.clauses.led_to import pods_of_peer, select_pods
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision, Verdict
from kubeqed.resolve import Resolver


class HostPodsAnswer(Answer):
    """Whether the pods have networks of their own; `found` are the places of selectors that mean others, with one of each."""

    def __init__(self, decision: Decision, found: tuple[tuple[Place, Workload, bool], ...] = ()) -> None:
        super().__init__(decision)
        self.found = found


class PodsHaveOwnNetwork(NamedTuple):
    """The pods that a policy applies to, and the peers of its rules, are not on the network of their nodes."""

    policy: NetworkPolicy

    def answer(self, graph: Resolver) -> HostPodsAnswer:
        """Fails where all that a selector with labels means are; an empty selector means others too."""
        policy = self.policy
        found: list[tuple[Place, Workload, bool]] = []
        if not policy.pod_selector.is_empty:
            found += (
                (policy.key_at("spec.podSelector"), pod, True) for pod in _all_on_host(select_pods(graph, policy))
            )
        for rule in policy.ingress:
            for peer in rule.peers:
                if peer.pod_selector is not None and not peer.pod_selector.is_empty:
                    pods = _all_on_host(pods_of_peer(graph, policy, peer))
                    found += ((policy.key_at(peer.pod_selector.path), pod, False) for pod in pods)
        return HostPodsAnswer(Decision(Verdict.FAILS) if found else HOLDS, tuple(found))


def _all_on_host(pods: tuple[Workload, ...]) -> tuple[Workload, ...]:
    """The first of the pods, where all of them surely share the network of their nodes."""
    on_host = [pod for pod in pods if pod.template.host_network is True]
    return pods[:1] if pods and len(on_host) == len(pods) else ()
