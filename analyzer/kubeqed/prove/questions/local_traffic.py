"""Whether nodes without a pod of the Service drop the packets that reach them.

https://kubernetes.io/docs/reference/networking/virtual-ips/#traffic-policies
"""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.service import Service
from kubeqed.model.kinds.workload import DaemonSet, Workload
from kubeqed.model.values.known import equals
from kubeqed.parse import Unknown, Variable
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision
from kubeqed.prove.engine.decide import decide
from kubeqed.prove.engine.formula import Fact, Holds
from kubeqed.resolve import Resolver

_OUTSIDE, _INSIDE = "spec.externalTrafficPolicy", "spec.internalTrafficPolicy"
_CHECKS_NO_HEALTH = frozenset({"metallb", "servicelb", "kube-vip", "openelb", "purelb", "cilium", "kube-router"})


class LocalTrafficAnswer(Answer):
    """Whether no packet is dropped; `path` is the field that says so, `pods` the workload that does not run on every node."""

    def __init__(self, decision: Decision, path: str = "", pods: Workload | None = None) -> None:
        super().__init__(decision)
        self.path = path
        self._pods = pods

    @property
    def pods(self) -> Workload:
        """The workload that does not run on every node; LookupError when the property holds."""
        if self._pods is None:
            raise LookupError("no packet is dropped")
        return self._pods


class EveryNodeServes(NamedTuple):
    """A Service with traffic policy Local has a pod on every node to which packets are sent."""

    service: Service

    def answer(self, graph: Resolver) -> LocalTrafficAnswer:
        """Depends on where the pods run. Holds for a DaemonSet, and behind a balancer that checks the health of nodes."""
        path = self._find_policy(graph)
        serving = [] if path is None else list(graph.select_pods(self.service).serving)
        pods = [item for item in serving if not isinstance(item, DaemonSet)]
        if path is None or not pods or len(pods) < len(serving):
            return LocalTrafficAnswer(HOLDS)
        text = f"the number of nodes on which the pods of {pods[0]} run"
        everywhere = Holds(Fact(Unknown(Variable(text), text), text, pods[0].at("spec.replicas")))
        return LocalTrafficAnswer(decide(everywhere), path, pods[0])

    def _find_policy(self, graph: Resolver) -> str | None:
        """The field that keeps packets on the node that they reach, and matters."""
        service = self.service
        exposed = equals(service.type, "NodePort") or (equals(service.type, "LoadBalancer") and _is_unchecked(graph))
        if exposed and equals(service.external_traffic_policy, "Local"):
            return _OUTSIDE
        return _INSIDE if equals(service.internal_traffic_policy, "Local") else None


def _is_unchecked(graph: Resolver) -> bool:
    """Whether the load balancers of the cluster are such that check no node's health, as far as is seen or stated."""
    stated = graph.cluster.load_balancer
    provider = graph.cluster.provider
    if stated is not None:
        return stated.value in _CHECKS_NO_HEALTH
    return (provider is not None and provider.value == "on_prem") or any(map(_is_of_metallb, graph.unit.objects))


def _is_of_metallb(item: Object) -> bool:
    return item.group == "metallb.io"
