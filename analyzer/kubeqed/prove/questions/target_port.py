"""Whether the pods that a Service selects have the port it sends to.

A named `targetPort` is looked up in each pod, together with the protocol, and a pod that lacks it gets no endpoint:
https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports
A number needs no declaration, so that a missing one proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kubeqed.diagnostic import list_some
from kubeqed.model.kinds.declared_ports import DeclaredPorts
from kubeqed.model.kinds.service import HEADLESS, Service, ServicePort
from kubeqed.model.kinds.template import Container, ContainerPort
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.values.known import UNKNOWN, equals, is_known
from kubeqed.parse import Fresh, Place, Unknown
from kubeqed.prove.clauses.selects import selects_formula
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision
from kubeqed.prove.engine.decide import decide
from kubeqed.prove.engine.facts import make_fact, nothing_more_fact, same_namespace
from kubeqed.prove.engine.formula import And, Equal, Fact, Formula, Holds, Not, Or, implies
from kubeqed.resolve import Resolver
from kubeqed.resolve.selected_pods import SelectedPods, WantedPort

_MOST_PORTS = 16  # declared ports, and containers, that an answer speaks of one by one
_NAME = re.compile(r"(?=.*[a-z])[a-z0-9-]{1,15}\Z")
"""What the server takes for a name; anything else is a placeholder, or refused for itself."""


Asked = tuple[Service, ServicePort, SelectedPods]


class TargetPortAnswer(Answer):
    """Which pods lack the port: `lacking` are those that may, `every` whether no selected pod can have it.

    `is_headless` says that clients reach the pods by name all the same. `listens_elsewhere` that the program in the
    pods is known to listen on other ports.
    """

    def __init__(
        self, decision: Decision, asked: Asked, lacking: tuple[Workload, ...] = (), *, every: bool = True
    ) -> None:
        super().__init__(decision)
        service, self._entry, self._pods = asked
        self.lacking = lacking
        self.every = every
        self.is_headless = isinstance(service.cluster_ip, str) and service.cluster_ip == HEADLESS
        self.listens_elsewhere = False

    @property
    def target(self) -> str:
        """The port that is sent to, in words, with its protocol where that alone tells it from one that is declared."""
        name, protocol = self._entry.target_port, self._entry.protocol
        is_called = bool(self._pods.declared[self.lacking[0]].called.get(name)) if isinstance(name, str) else False
        return f"{protocol} port {name}" if is_called and isinstance(protocol, str) else f"port {name}"

    @property
    def declared(self) -> str:
        """The ports that the first pods declare, in words."""
        ports = self._pods.declared[self.lacking[0]].all
        return list_some([describe_declared(port) for port in ports], _MOST_PORTS) or "no port"

    @property
    def related(self) -> tuple[tuple[Place, str], ...]:
        """Where the pods that lack the port declare theirs."""
        first = ((pod, _shown_container(pod)) for pod in self.lacking)
        paths = ((pod, f"{container.path}.ports" if container else pod.template.path) for pod, container in first)
        return tuple((pod.at(path), "the ports that its pods declare") for pod, path in paths)

    @property
    def meant(self) -> str | None:
        """The declared port that was probably meant, as a `targetPort`: the one of the Service's port or its name."""
        port = self._meant_port
        return None if port is None else f"targetPort: {port.name if isinstance(port.name, str) else port.number}"

    @property
    def instead(self) -> int | str | None:
        """What `targetPort` should say, when the pods of only one workload lack the port."""
        port = self._meant_port if len(self.lacking) == 1 else None
        for value in (port.name, port.number) if port else ():
            if isinstance(value, int | str):
                return value
        return None

    @property
    def _meant_port(self) -> ContainerPort | None:
        declared, protocol = self._pods.declared[self.lacking[0]], self._entry.protocol
        values = [value for value in (self._entry.port, self._entry.name) if isinstance(value, int | str)]
        called = (port for value in values for port in declared.called.get(value, ()))
        ports = {port.path: port for port in called if str(port.protocol) == str(protocol)}
        return next(iter(ports.values())) if len(ports) == 1 else None


class TargetPortNamed(NamedTuple):
    """Every selected pod declares the name that `targetPort` gives, with the protocol."""

    service: Service
    entry: ServicePort

    def answer(self, graph: Resolver) -> TargetPortAnswer:
        """Holds for numbers, and when no pod is seen; jobs and tests beside serving pods need no port."""
        target, protocol = self.entry.target_port, self.entry.protocol
        selected_pods = graph.select_pods(self.service)
        asked = (*self, selected_pods)
        if not isinstance(target, str) or not _NAME.match(target):
            return TargetPortAnswer(HOLDS, asked)
        lacking = selected_pods.lacking(WantedPort(target, protocol))
        pods = selected_pods.in_order([*lacking.failing, *lacking.undecided])
        each = tuple(_declares_if_selected(graph, self.service, self.entry, pod) for pod in pods)
        every = lacking.every and isinstance(self.service.type, str)
        return TargetPortAnswer(decide(And(each)), asked, pods, every=every)


class TargetPortDeclared(NamedTuple):
    """Some selected pod declares the number that `targetPort` gives, with the protocol."""

    service: Service
    entry: ServicePort

    def answer(self, graph: Resolver) -> TargetPortAnswer:
        """Holds for names, when no pod is seen, and when one of them declares no port at all or uses the host's."""
        target, protocol = self.entry.target_port, self.entry.protocol
        selected_pods = graph.select_pods(self.service)
        asked = (*self, selected_pods)
        if not isinstance(target, int) or not selected_pods.serving or selected_pods.is_silent:
            return TargetPortAnswer(HOLDS, asked)
        lacking = selected_pods.lacking(WantedPort(target, protocol))
        if lacking.held and isinstance(self.service.type, str):
            return TargetPortAnswer(HOLDS, asked)
        pods = selected_pods.in_order([*lacking.having, *lacking.undecided, *lacking.failing])
        each = [
            (_is_selected(graph, self.service, pod), _declaration_formula(graph, self.service, self.entry, pod))
            for pod in pods
        ]
        some = Or(tuple(And(parts) for parts in each))
        none = And(tuple(Not(selects) for selects, _ in each))
        answer = TargetPortAnswer(decide(Or((some, none))), asked, pods)
        listening = selected_pods.listening if equals(protocol, "TCP") else UNKNOWN
        answer.listens_elsewhere = is_known(listening) and not any(target in ports for ports in listening)
        return answer


def _shown_container(pod: Workload) -> Container | None:
    """The first container that serves a port; where none does, the first one."""
    containers = list(pod.template.serving())
    return next((container for container in containers if container.ports.items), next(iter(containers), None))


def group_alike(
    answers: Iterable[tuple[ServicePort, TargetPortAnswer]],
) -> Iterator[tuple[ServicePort, TargetPortAnswer, tuple[ServicePort, ...]]]:
    """The entries of one Service whose target its pods lack, those with the same target as one: the first, and the others.

    They are one mistake: a port of this name, or number, in the pods would settle them all.
    """
    found: dict[object, list[tuple[ServicePort, TargetPortAnswer]]] = {}
    for entry, answer in answers:
        if not answer.holds:
            found.setdefault((entry.target_port, str(entry.protocol)), []).append((entry, answer))
    for (entry, answer), *others in found.values():
        yield entry, answer, tuple(other for other, _ in others)


def target_path(service: Service, entry: ServicePort) -> str:
    """Where the port stands that a Service sends to: `targetPort`, or `port`, which is its default."""
    path = f"{entry.path}.targetPort"
    return path if service.holds(path) else f"{entry.path}.port"


def _declares_if_selected(graph: Resolver, service: Service, entry: ServicePort, pod: Workload) -> Formula:
    return implies(_is_selected(graph, service, pod), _declaration_formula(graph, service, entry, pod))


def _is_selected(graph: Resolver, service: Service, pod: Workload) -> Formula:
    return And((same_namespace(service, pod), selects_formula(graph, service, pod)))


def _declaration_formula(graph: Resolver, service: Service, entry: ServicePort, pod: Workload) -> Formula:
    """That a pod declares the port that an entry leads to."""
    target = make_fact(service, target_path(service, entry), entry.target_port)
    protocol = make_fact(service, f"{entry.path}.protocol", entry.protocol)
    pods, key = graph.select_pods(service), "name" if isinstance(entry.target_port, str) else "containerPort"
    has: list[Formula] = []
    for port in _select_concerned(pods.declared[pod], entry):
        same = Equal(target, make_fact(pod, f"{port.path}.{key}", port.name if key == "name" else port.number))
        has.append(And((same, Equal(protocol, make_fact(pod, f"{port.path}.protocol", port.protocol)))))
    return Or((*has, *map(Holds, _nothing_else(pods, pod))))


def _select_concerned(declared: DeclaredPorts, entry: ServicePort) -> list[ContainerPort]:
    """The declared ports that a formula speaks of: all of them, of many only those that may be the one."""
    wanted = entry.target_port
    if len(declared.all) <= _MOST_PORTS or not isinstance(wanted, int | str):
        return list(declared.all)
    perhaps = declared.perhaps(by_name=isinstance(wanted, str))
    return [*declared.called.get(wanted, [])[:_MOST_PORTS], *perhaps[:_MOST_PORTS]]


def _nothing_else(pods: SelectedPods, pod: Workload) -> Iterator[Fact]:
    """That the pods have no port besides those shown."""
    template = pod.template
    prefix = f"{template.path}." if template.path else ""
    yield nothing_more_fact(pod, f"{prefix}spec.containers", template.containers)
    yield nothing_more_fact(pod, f"{prefix}spec.initContainers", template.init_containers)
    declared = pods.declared[pod]
    is_large = len(declared.containers) > _MOST_PORTS or len(declared.all) > _MOST_PORTS
    for container in declared.open_containers[:_MOST_PORTS] if is_large else declared.containers:
        yield nothing_more_fact(pod, f"{container.path}.ports", container.ports)
    if is_large:
        text = f"none of the {len(declared.all)} ports that {pod} declares is this one"
        yield Fact(False, text, pod.at(f"{prefix}spec.containers"))
    if not template.containers.items or pods.is_injected(pod):
        text = f"whether something adds a container to {pod}"
        yield Fact(Unknown(Fresh(text), text), text, pod.at(f"{prefix}spec.containers"))


def describe_declared(port: ContainerPort) -> str:
    """A declared port in words."""
    protocol = f"/{port.protocol}" if isinstance(port.protocol, str) and port.protocol != "TCP" else ""
    name = port.name if port.name is None else str(port.name)
    return f"{port.number}{protocol}" + (f" ({name})" if name else "")
