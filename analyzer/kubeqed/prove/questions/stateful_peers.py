"""Whether policies let the pods of one StatefulSet through to one another.

Members that find one another through a headless Service talk on ports of their own: https://kubernetes.io/docs/tutorials/stateful-application/
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kubeqed.diagnostic import Certainty
from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.service import HEADLESS
from kubeqed.model.kinds.statefulset import StatefulSet
from kubeqed.model.values.known import equals
from kubeqed.model.values.match import Match, same_value
from kubeqed.parse import Place
from kubeqed.prove.clauses.traffic import decide_denial, limit_of_denial, place_of_rules, traffic_of
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision
from kubeqed.prove.questions.pod_names import PodNamesUsed
from kubeqed.reach import CompiledPolicy, Direction, list_isolating
from kubeqed.reach.algebra import PortSet, difference, format_ports, intersection, single_port, union_of
from kubeqed.resolve import Resolver

_OF_MEMBERS = re.compile(
    r"peer|cluster|gossip|raft|replic|election|quorum|follower|internode|intra|transport|epmd|serf|member|galera|dist\b"
)
_KNOWN = frozenset({2380, 2888, 3888, 4369, 25672, 9300, 7000, 7001, 6222, 16379, 8300, 8301, 4567, 5701, 7946})
"""Ports on which only members talk: of etcd, ZooKeeper, RabbitMQ, Elasticsearch, Cassandra, NATS, Redis, Consul, Galera, Hazelcast."""


class MembersAnswer(Answer):
    """Whether members reach one another; `denied` is the policy, the place in it and the ports, None where they do."""

    def __init__(
        self,
        decision: Decision,
        denied: tuple[Object, Place, PortSet] | None = None,
        at_most: Certainty | None = None,
    ) -> None:
        super().__init__(decision)
        self._denied = denied
        self.at_most = at_most

    @property
    def denied(self) -> tuple[Object, Place, str]:
        """The policy that denies it, the place in it, and the ports in words; LookupError when the property holds."""
        if self._denied is None:
            raise LookupError("members reach one another")
        policy, place, closed = self._denied
        return policy, place, format_ports(closed)


class MembersReachEachOther(NamedTuple):
    """A pod of a StatefulSet with several pods and a headless Service reaches another one on the ports of members."""

    statefulset: StatefulSet

    def answer(self, graph: Resolver) -> MembersAnswer:
        """Depends, in an open world, on policies outside the input. Holds where the pods are not known to be several."""
        several = isinstance(self.statefulset.replicas, int) and self.statefulset.replicas > 1
        ports = _list_ports(graph, self.statefulset) if several else {}
        reach = traffic_of(graph).reach
        pods = [one for one in reach.endpoints if ports and one.workload is self.statefulset and not one.host_network]
        if not pods:
            return MembersAnswer(HOLDS)
        source, destination = reach.class_of[pods[0]], reach.class_of[pods[-1]]
        sides: tuple[tuple[Direction, PortSet], ...] = (
            ("Ingress", reach.accepted(source, destination)),
            ("Egress", reach.sent(source, destination)),
        )
        for direction, opened in sides:
            closed = difference(union_of(ports), opened)
            isolating = list_isolating(reach, pods[-1], direction) if closed else ()
            of_members = [one for one, named in ports.items() if named and intersection(one, closed)]
            if isolating and (of_members or closed == union_of(ports)):
                return self._make_answer(graph, isolating, direction, union_of(of_members) or closed)
        return MembersAnswer(HOLDS)

    def _make_answer(
        self, graph: Resolver, isolating: tuple[CompiledPolicy, ...], direction: Direction, closed: PortSet
    ) -> MembersAnswer:
        policy = min(isolating, key=lambda one: not one.rules(direction)).object
        place = place_of_rules(policy, direction)
        text = f"no policy allows what the pods of {self.statefulset} send to one another"
        talk = any(named for named in _list_ports(graph, self.statefulset).values())
        used = talk or PodNamesUsed(self.statefulset).answer(graph).holds
        decision = decide_denial(graph, text, place)
        return MembersAnswer(
            decision, (policy, place, closed), limit_of_denial(graph, self.statefulset) if used else Certainty.POSSIBLE
        )


def _list_ports(graph: Resolver, statefulset: StatefulSet) -> dict[PortSet, bool]:
    """The ports of the pods, each with whether it is one on which only members talk; none without a headless Service."""
    governing = [
        item
        for item in graph.services_of(statefulset)
        if equals(item.cluster_ip, HEADLESS) and same_value(item.name, statefulset.service_name) is Match.YES
    ]
    if not governing:
        return {}
    found: dict[PortSet, bool] = {}
    for port in statefulset.template.ports():
        if isinstance(port.number, int) and isinstance(port.protocol, str):
            named = isinstance(port.name, str) and _OF_MEMBERS.search(port.name) is not None
            one = single_port(port.protocol, port.number)
            found[one] = found.get(one, False) or named or port.number in _KNOWN
    return found
