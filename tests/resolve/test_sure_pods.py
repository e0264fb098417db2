"""The pods that selectors surely mean, remembered, are those that one finds by asking each pod for each selector."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from tests.reach.clusters import clusters
from tests.reach.world import unit_of_objects

from kubeqed.model.cluster import Cluster
from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.model.kinds.selector import LabelSelector
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.input import Input
from kubeqed.model.values.fields import Labels
from kubeqed.model.values.match import Match, same_value
from kubeqed.prove.clauses.led_to import pods_of_peer, select_pods
from kubeqed.resolve import Resolver
from kubeqed.resolve.namespaces import match_namespace
from kubeqed.resolve.selection import matches
from kubeqed.sources import Paths

EVERYTHING = LabelSelector("", Labels({}, ""))


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(clusters())
def test_sure_pods_are_what_each_pod_says(objects: list[dict[str, Any]]) -> None:
    unit = unit_of_objects(objects)
    graph = Resolver(unit, Input((unit,), (), Paths()), Cluster())

    def asked(policy: NetworkPolicy, pods: LabelSelector, namespaces: LabelSelector | None) -> tuple[Workload, ...]:
        return tuple(
            item
            for item in unit.workloads
            if matches(pods, item) is Match.YES
            and (
                same_value(policy.namespace, item.namespace)
                if namespaces is None
                else match_namespace(graph, namespaces, item.namespace)
            )
            is Match.YES
        )

    for policy in unit.of(NetworkPolicy):
        assert select_pods(graph, policy) == asked(policy, policy.pod_selector, None)
        for peer in (peer for rule in (*policy.ingress, *policy.egress) for peer in rule.peers):
            if peer.ip_block is None:
                expected = asked(policy, peer.pod_selector or EVERYTHING, peer.namespace_selector)
                assert pods_of_peer(graph, policy, peer) == expected
