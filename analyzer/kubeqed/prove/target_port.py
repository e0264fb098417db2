"""Whether the pods that a Service selects have the port it sends to.

A named `targetPort` is looked up in each pod, together with the protocol, and a pod that lacks it gets no endpoint:
https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports
A number needs no declaration, so that a missing one proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.graph import Graph
from kubeqed.model.listening import listens_on
from kubeqed.model.service import HEADLESS, Service, ServicePort
from kubeqed.model.template import ContainerPort
from kubeqed.model.workload import Workload
from kubeqed.parse import Own, Place, Unknown
from kubeqed.prove.answer import HOLDS, Answer, Decision, Verdict
from kubeqed.prove.decide import decide
from kubeqed.prove.facts import fact, nothing_more, same_namespace
from kubeqed.prove.formula import And, Equal, Fact, Formula, Holds, Not, Or, implies
from kubeqed.prove.selected import selected

_NAME = re.compile(r"(?=.*[a-z])[a-z0-9-]{1,15}\Z")
"""What the server takes for a name; anything else is a placeholder, or refused for itself."""


Asked = tuple[Service, ServicePort]


class TargetPortAnswer(Answer):
    """Which pods lack the port: `lacking` are those that may, `every` whether no selected pod can have it.

    `is_headless` says that clients reach the pods by name all the same. `listens_elsewhere` that the program in the
    pods is known to listen on other ports.
    """

    def __init__(
        self, decision: Decision, asked: Asked, lacking: tuple[Workload, ...] = (), *, every: bool = True
    ) -> None:
        super().__init__(decision)
        service, self._entry = asked
        self.lacking = lacking
        self.every = every
        self.is_headless = isinstance(service.cluster_ip, str) and service.cluster_ip == HEADLESS
        self.listens_elsewhere = False

    @property
    def declared(self) -> str:
        """The ports that the first pods declare, in words."""
        return ", ".join(_described(port) for port in self.lacking[0].template.ports()) or "no port"

    @property
    def related(self) -> tuple[tuple[Place, str], ...]:
        """Where the pods that lack the port declare theirs."""
        first = ((pod, next(pod.template.serving(), None)) for pod in self.lacking)
        paths = ((pod, f"{container.path}.ports" if container else pod.template.path) for pod, container in first)
        return tuple((pod.at(path), "the ports that its pods declare") for pod, path in paths)

    @property
    def meant(self) -> str | None:
        """The declared port that was probably meant, as a `targetPort`: the one of the Service's port or its name."""
        port = self._meant
        return None if port is None else f"targetPort: {port.name if isinstance(port.name, str) else port.number}"

    @property
    def instead(self) -> int | str | None:
        """What `targetPort` should say, when the pods of only one workload lack the port."""
        port = self._meant if len(self.lacking) == 1 else None
        for value in (port.name, port.number) if port else ():
            if isinstance(value, int | str):
                return value
        return None

    @property
    def _meant(self) -> ContainerPort | None:
        ports = [port for port in self.lacking[0].template.ports() if _is_meant(port, self._entry)]
        return ports[0] if len(ports) == 1 else None


class TargetPortNamed(NamedTuple):
    """Every selected pod declares the name that `targetPort` gives, with the protocol."""

    service: Service
    entry: ServicePort

    def answer(self, graph: Graph) -> TargetPortAnswer:
        """Holds for numbers, and when no pod is seen; jobs and tests beside serving pods need no port."""
        target = self.entry.target_port
        if not isinstance(target, str) or not _NAME.match(target):
            return TargetPortAnswer(HOLDS, self)
        pods = _serving(workload for workload, _ in graph.selected_by(self.service))
        each = {pod: _declares_if_selected(graph, self.service, self.entry, pod) for pod in pods}
        verdicts = {pod: decide(formula).verdict for pod, formula in each.items()}
        lacking = tuple(pod for pod in pods if verdicts[pod] is not Verdict.HOLDS)
        every = all(verdict is Verdict.FAILS for verdict in verdicts.values())
        return TargetPortAnswer(decide(And(tuple(each.values()))), self, lacking, every=every)


class TargetPortDeclared(NamedTuple):
    """Some selected pod declares the number that `targetPort` gives, with the protocol."""

    service: Service
    entry: ServicePort

    def answer(self, graph: Graph) -> TargetPortAnswer:
        """Holds for names, when no pod is seen, and when one of them declares no port at all or uses the host's."""
        pods = _serving(workload for workload, _ in graph.selected_by(self.service))
        if not isinstance(self.entry.target_port, int) or not pods or any(map(_is_silent, pods)):
            return TargetPortAnswer(HOLDS, self)
        each = [
            (_is_selected(graph, self.service, pod), _declares(graph, self.service, self.entry, pod)) for pod in pods
        ]
        some = Or(tuple(And(parts) for parts in each))
        none = And(tuple(Not(selects) for selects, _ in each))
        answer = TargetPortAnswer(decide(Or((some, none))), self, tuple(pods))
        answer.listens_elsewhere = all(_listens_elsewhere(self.entry, pod) for pod in pods)
        return answer


def target_path(service: Service, entry: ServicePort) -> str:
    """Where the port stands that a Service sends to: `targetPort`, or `port`, which is its default."""
    path = f"{entry.path}.targetPort"
    return path if service.holds(path) else f"{entry.path}.port"


def _declares_if_selected(graph: Graph, service: Service, entry: ServicePort, pod: Workload) -> Formula:
    return implies(_is_selected(graph, service, pod), _declares(graph, service, entry, pod))


def _is_selected(graph: Graph, service: Service, pod: Workload) -> Formula:
    return And((same_namespace(service, pod), selected(graph, service, pod)))


def _declares(graph: Graph, service: Service, entry: ServicePort, pod: Workload) -> Formula:
    target = fact(service, target_path(service, entry), entry.target_port)
    protocol = fact(service, f"{entry.path}.protocol", entry.protocol)
    by_name = isinstance(entry.target_port, str)
    has: list[Formula] = []
    for port in pod.template.ports():
        path, value = ("name", port.name) if by_name else ("containerPort", port.number)
        same = Equal(target, fact(pod, f"{port.path}.{path}", value))
        has.append(And((same, Equal(protocol, fact(pod, f"{port.path}.protocol", port.protocol)))))
    return Or((*has, *map(Holds, _nothing_else(graph, pod))))


def _nothing_else(graph: Graph, pod: Workload) -> Iterator[Fact]:
    """That the pods have no port besides those seen."""
    template = pod.template
    prefix = f"{template.path}." if template.path else ""
    yield nothing_more(pod, f"{prefix}spec.containers", template.containers)
    yield nothing_more(pod, f"{prefix}spec.initContainers", template.init_containers)
    for container in template.serving():
        yield nothing_more(pod, f"{container.path}.ports", container.ports)
    if not template.containers.items or _is_injected(graph, pod):
        text = f"whether something adds a container to {pod}"
        yield Fact(Unknown(Own(text), text), text, pod.at(f"{prefix}spec.containers"))


def _is_injected(graph: Graph, pod: Workload) -> bool:
    """Whether a mesh or the like puts a container into the pods, as their labels or those of a namespace say."""
    namespaces = graph.of_kind(("", "Namespace"))
    maps = (pod.template.labels, pod.template.annotations, *(namespace.labels for namespace in namespaces))
    return any("inject" in key for labels in maps for key in labels.entries)


def _serving(selected: Iterator[Workload]) -> list[Workload]:
    """The pods that are there to serve; all of them when none is."""
    pods = list(selected)
    return [pod for pod in pods if not _runs_to_its_end(pod)] or pods


def _runs_to_its_end(pod: Workload) -> bool:
    restart = pod.template.restart_policy
    ends = isinstance(restart, str) and restart != "Always"
    hook = any("helm.sh/hook" in labels.entries for labels in (pod.annotations, pod.template.annotations))
    return pod.group == "batch" or ends or hook


def _is_silent(pod: Workload) -> bool:
    """Whether the declared ports say nothing of those on which the pods listen."""
    network = pod.template.host_network
    return isinstance(network, Unknown) or network or not any(True for _ in pod.template.ports())


def _listens_elsewhere(entry: ServicePort, pod: Workload) -> bool:
    serving = list(pod.template.serving())
    known = listens_on(serving[0]) if len(serving) == 1 else None
    is_tcp = isinstance(entry.protocol, str) and entry.protocol == "TCP"
    return known is not None and is_tcp and entry.target_port not in known


def _is_meant(port: ContainerPort, entry: ServicePort) -> bool:
    if isinstance(port.number, int) and isinstance(entry.port, int) and port.number == entry.port:
        return True
    return isinstance(port.name, str) and isinstance(entry.name, str) and port.name == entry.name


def _described(port: ContainerPort) -> str:
    protocol = f"/{port.protocol}" if isinstance(port.protocol, str) and port.protocol != "TCP" else ""
    name = port.name if port.name is None else str(port.name)
    return f"{port.number}{protocol}" + (f" ({name})" if name else "")
