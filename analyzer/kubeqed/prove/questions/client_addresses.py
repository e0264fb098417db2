"""Whether the clients that an ipBlock names arrive with their own addresses.

A Service of type NodePort or LoadBalancer puts the address of a node on what comes from outside, unless its
externalTrafficPolicy is Local: https://kubernetes.io/docs/tutorials/services/source-ip/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.diagnostic import Certainty
from kubeqed.model.kinds.networkpolicy import IPBlock, NetworkPolicy
from kubeqed.model.kinds.service import Service
from kubeqed.model.values.known import is_one_of
from kubeqed.prove.clauses.led_to import select_pods
from kubeqed.prove.clauses.policy_engines import enforcing_profiles, find_engines
from kubeqed.prove.clauses.traffic import traffic_of
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision, Verdict
from kubeqed.prove.engine.facts import make_fact
from kubeqed.reach import find_hidden_clients
from kubeqed.reach.algebra import parse_cidr
from kubeqed.resolve import Resolver
from kubeqed.resolve.cni.dataplane import keeps_client_addresses

_ALL = ("0.0.0.0/0", "::/0")
_OF_PODS = ("10.244.0.0/16", "10.42.0.0/16", "10.128.0.0/14", "10.100.0.0/16", "10.32.0.0/12", "192.168.0.0/16")
"""Where installers put pods: a block in one of them means these."""
_LARGE = 1 << 12  # addresses; of a larger private block nobody says that it means clients alone


class ClientsAnswer(Answer):
    """Whether clients keep their addresses; `service` is the one that hides them, None where none does."""

    def __init__(self, decision: Decision, service: Service | None = None, at_most: Certainty | None = None) -> None:
        super().__init__(decision)
        self.service = service
        self.at_most = at_most


class ClientsKeepAddresses(NamedTuple):
    """Each Service in front of the pods of a policy that has a block of addresses leaves clients their addresses."""

    policy: NetworkPolicy
    block: IPBlock

    def answer(self, graph: Resolver) -> ClientsAnswer:
        """Fails at the first Service that does not. Holds for a block of everything and one that means pods.

        It holds, too, where the CNI carries the address of a client to the pod's node.
        """
        text = self.block.cidr
        block = parse_cidr(text) if isinstance(text, str) else None
        if block is None or is_one_of(text, _ALL) or any(_is_inside(block, parse_cidr(one)) for one in _OF_PODS):
            return ClientsAnswer(HOLDS)
        service = next(_list_hiding(graph, self.policy), None)
        if service is None or keeps_client_addresses(graph.unit) or _is_ignored(graph):
            return ClientsAnswer(HOLDS)
        facts = (
            make_fact(self.policy, f"{self.block.path}.cidr", text),
            make_fact(service, "spec.type", service.type),
            make_fact(service, "spec.externalTrafficPolicy", service.external_traffic_policy, ", which means Cluster"),
        )
        large = block[1] - block[0] >= _LARGE and _is_private(block)
        return ClientsAnswer(Decision(Verdict.FAILS, facts), service, Certainty.POSSIBLE if large else None)


def _is_ignored(graph: Resolver) -> bool:
    """Whether the CNI that is stated enforces no policy, so that its blocks let everybody in anyway."""
    engines = [one for one in find_engines(graph) if one.stated]
    return bool(engines) and not any(enforcing_profiles(one) for one in engines)


def _list_hiding(graph: Resolver, policy: NetworkPolicy) -> Iterator[Service]:
    traffic, workloads = traffic_of(graph), set(select_pods(graph, policy))
    pods = [one for one in traffic.reach.endpoints if one.workload in workloads]
    for caveat in find_hidden_clients(traffic.reach, traffic.services, pods) if pods else ():
        if isinstance(caveat.object, Service) and not _reaches_pods(caveat.object):
            yield caveat.object


def _reaches_pods(service: Service) -> bool:
    """Whether a load balancer sends to the pods themselves, as annotations ask of some clouds."""
    entries = service.annotations.entries.items()
    return any(key.endswith("target-type") and (not isinstance(value, str) or value == "ip") for key, value in entries)


def _is_private(block: tuple[int, int]) -> bool:
    return any(
        _is_inside(block, parse_cidr(one)) for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
    )


def _is_inside(block: tuple[int, int], whole: tuple[int, int] | None) -> bool:
    return whole is not None and whole[0] <= block[0] and block[1] <= whole[1]
