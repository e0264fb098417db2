"""Whether policies let a program through to the Services that its configuration names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from kubeqed.model.kinds.service import HEADLESS, Service
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.values.known import equals
from kubeqed.model.values.match import Match
from kubeqed.parse import Place
from kubeqed.prove.clauses.traffic import decide_denial, place_of_rules, traffic_of
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision
from kubeqed.reach import Direction, Endpoint, list_isolating
from kubeqed.reach.algebra import PortSet, intersection, single_port, union_of
from kubeqed.resolve import Resolver
from kubeqed.resolve.configmap_users import list_users
from kubeqed.resolve.configured_names import ConfiguredName, list_configured_names

_MOST = 8  # pods behind a Service that are looked at


class DialledService(NamedTuple):
    """A name in the configuration of a workload, and the Service and the port that it surely means."""

    name: ConfiguredName
    source: Workload
    service: Service
    port: int


class DependencyAnswer(Answer):
    """Whether a dependency is reached; `denied` is where it is denied, with the words for it, None where it is reached."""

    def __init__(self, decision: Decision, denied: tuple[tuple[Place, str], ...] = ()) -> None:
        super().__init__(decision)
        self.denied = denied


class DependencyReached(NamedTuple):
    """The policies of both sides let the pods of a workload through to a pod of the Service that they name."""

    dependency: DialledService

    def answer(self, graph: Resolver) -> DependencyAnswer:
        """Depends, in an open world, on policies outside the input.

        Holds where one side's policies allow it by themselves: that the other side's do not is said of that policy.
        """
        sources = _endpoints_of(graph).get(self.dependency.source, [])[:1]
        pods = list(islice(_list_targets(graph, self.dependency), _MOST))
        if not sources or not pods:
            return DependencyAnswer(HOLDS)
        denials = [self._find_denial(graph, sources[0], pod, ports) for pod, ports in pods]
        if not all(denials):
            return DependencyAnswer(HOLDS)
        return DependencyAnswer(self._decide_denial(graph, denials[0]), denials[0])

    def _find_denial(
        self, graph: Resolver, source: Endpoint, pod: Endpoint, ports: PortSet
    ) -> tuple[tuple[Place, str], ...]:
        """Where a connection is denied; empty where it is not, or where one side allows it by a rule."""
        reach = traffic_of(graph).reach
        one, other = reach.class_of[source], reach.class_of[pod]
        sides: tuple[tuple[Direction, Endpoint, PortSet], ...] = (
            ("Ingress", pod, reach.accepted(one, other)),
            ("Egress", source, reach.sent(one, other)),
        )
        found: list[tuple[Place, str]] = []
        for direction, endpoint, opened in sides:
            isolating = list_isolating(reach, endpoint, direction)
            if not intersection(ports, opened):
                found += (
                    (place_of_rules(item.object, direction), f"{item.object} does not allow it")
                    for item in isolating[:1]
                )
            elif isolating:
                return ()
        return tuple(found)

    def _decide_denial(self, graph: Resolver, denied: tuple[tuple[Place, str], ...]) -> Decision:
        text = f"no policy lets {self.dependency.source} through to {self.dependency.service}"
        return decide_denial(graph, text, denied[0][0])


@lru_cache(maxsize=2)
def list_dependencies(graph: Resolver) -> tuple[DialledService, ...]:
    """What the workloads of a unit name, where there are policies; each Service and port of a workload once."""
    if not traffic_of(graph).reach.policies.items:
        return ()
    found: dict[tuple[Workload, Service, int], DialledService] = {}
    for name in list_configured_names(graph):
        for service in _find_services(graph, name):
            port = name.dialled.port
            if port is not None:
                for source in _list_readers(graph, name):
                    found.setdefault((source, service, port), DialledService(name, source, service, port))
    return tuple(found.values())


def _list_readers(graph: Resolver, name: ConfiguredName) -> Iterable[Workload]:
    """The workloads that a text configures: its own, or those that read the ConfigMap in which it stands."""
    return [name.source] if isinstance(name.source, Workload) else list_users(graph, name.source)


def _find_services(graph: Resolver, name: ConfiguredName) -> Iterator[Service]:
    target = name.reference.target
    for item, match in graph.named(target, name.namespace, name.name):
        if isinstance(item, Service) and match is Match.YES and not item.is_external_name:
            yield item


def _list_targets(graph: Resolver, dependency: DialledService) -> Iterator[tuple[Endpoint, PortSet]]:
    """The pods behind a Service, each with the ports of it that are dialled; not the pods that dial themselves."""
    for workload, match in graph.select_pods(dependency.service).workloads:
        if match is not Match.YES or workload is dependency.source:
            continue
        ports = _find_ports(dependency, workload)
        for endpoint in _endpoints_of(graph).get(workload, [])[:1]:
            if ports:
                yield endpoint, ports


def _find_ports(dependency: DialledService, workload: Workload) -> PortSet:
    """The ports of pods to which the port of a Service leads; a headless one leads to the same."""
    service, port = dependency.service, dependency.port
    if equals(service.cluster_ip, HEADLESS):
        return single_port("TCP", port)
    targets = [
        entry.target_port for entry in service.ports if equals(entry.port, port) and equals(entry.protocol, "TCP")
    ]
    declared = [one for one in workload.template.ports() if isinstance(one.number, int)]
    numbers = {one for one in targets if isinstance(one, int)}
    numbers |= {
        one.number
        for one in declared
        if isinstance(one.number, int) and any(isinstance(name, str) and equals(one.name, name) for name in targets)
    }
    return union_of([single_port("TCP", number) for number in sorted(numbers)])


@lru_cache(maxsize=2)  # asked for each dependency
def _endpoints_of(graph: Resolver) -> dict[Workload, list[Endpoint]]:
    """The pods of each workload, those of the host network aside."""
    found: dict[Workload, list[Endpoint]] = {}
    for endpoint in traffic_of(graph).reach.endpoints:
        if not endpoint.host_network:
            found.setdefault(endpoint.workload, []).append(endpoint)
    return found
