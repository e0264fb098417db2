"""Whether a container has the ports that the kubelet calls in it.

A name must be one of the container's own; a number needs no declaration, so that a missing one proves nothing.
https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#use-a-named-port
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.diagnostic import list_some
from kubeqed.late_pattern import compile_late
from kubeqed.model.kinds.probes import CalledPort, list_called_ports, may_set_port
from kubeqed.model.kinds.template import Container, ContainerPort
from kubeqed.model.kinds.workload import Workload
from kubeqed.parse import Place, Unknown
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision
from kubeqed.prove.engine.decide import decide
from kubeqed.prove.engine.facts import make_fact, nothing_more_fact
from kubeqed.prove.engine.formula import Equal, Formula, Holds, Or
from kubeqed.prove.questions.target_port import describe_declared
from kubeqed.resolve import Resolver
from kubeqed.resolve.edit_distance import are_near

_MOST = 8
_NAME = compile_late(r"(?=.*[a-z])[a-z0-9-]{1,15}\Z")
"""What the server takes for a name; anything else is a placeholder, or refused for itself."""


def is_named(port: ContainerPort, called: int | str | Unknown) -> bool:
    """Whether a port surely has the name that is called."""
    return isinstance(called, str) and isinstance(port.name, str) and port.name == called


class ProbedContainer(NamedTuple):
    """A container of a workload and one port that the kubelet calls in it."""

    workload: Workload
    container: Container
    called: CalledPort

    @property
    def place(self) -> Place:
        """Where the port stands."""
        return self.workload.at(self.called.path)


class ProbePortAnswer(Answer):
    """Whether the container has the port; the words of the finding where it has not."""

    def __init__(self, decision: Decision, asked: ProbedContainer) -> None:
        super().__init__(decision)
        self._asked = asked

    @property
    def declared(self) -> str:
        """The ports of the container in words, and which other container has the port that is called."""
        ports = [describe_declared(port) for port in self._asked.container.ports]
        ours = f"declares {list_some(ports, _MOST)}" if ports else "declares no port"
        other = next(self._find_having(), None)
        return ours if other is None else f"{ours}; container {other.name} has it, but each has its own ports alone"

    @property
    def related(self) -> tuple[tuple[Place, str], ...]:
        """Where the container's ports stand, and the port of the container that has it."""
        workload, container, _ = self._asked
        ours = [(container, "the ports of this container")] if container.ports.items else []
        others = [(other, "it is a port of this one") for other in self._find_having()]
        return tuple((workload.at(f"{one.path}.ports"), text) for one, text in (*ours, *others))

    @property
    def meant(self) -> str | None:
        """The name that was surely meant: one that differs by a slip."""
        wanted = self._asked.called.port
        names = [port.name for port in self._asked.container.ports if isinstance(port.name, str)]
        near = [name for name in names if isinstance(wanted, str) and are_near(name, wanted)]
        return near[0] if len(near) == 1 else None

    def _find_having(self) -> Iterator[Container]:
        workload, container, called = self._asked
        for other in workload.template.serving():
            if other.path != container.path and any(is_named(port, called.port) for port in other.ports):
                yield other


class ProbePortNamed(NamedTuple):
    """The container declares the name of the port that is called in it."""

    probed: ProbedContainer

    def answer(self, graph: Resolver) -> ProbePortAnswer:  # noqa: ARG002  # the container alone decides
        """Holds for numbers, and for what is no name."""
        workload, container, called = self.probed
        if not isinstance(called.port, str) or not _NAME.match(called.port):
            return ProbePortAnswer(HOLDS, self.probed)
        port = make_fact(workload, called.path, called.port)
        has: list[Formula] = [
            Equal(port, make_fact(workload, f"{one.path}.name", one.name))
            for one in container.ports
            if one.name is not None
        ]
        none_else = Holds(nothing_more_fact(workload, f"{container.path}.ports", container.ports))
        return ProbePortAnswer(decide(Or((*has, none_else))), self.probed)


class ProbePortDeclared(NamedTuple):
    """Some container of the pod declares the number that is called, or an argument says it, or it declares no port at all."""

    probed: ProbedContainer

    def answer(self, graph: Resolver) -> ProbePortAnswer:  # noqa: ARG002  # the container alone decides
        """Holds for names, and where the kubelet calls another host."""
        workload, container, called = self.probed
        number = called.port
        if (
            not isinstance(number, int)
            or called.elsewhere
            or not container.ports.items
            or may_set_port(container, number)
        ):
            return ProbePortAnswer(HOLDS, self.probed)
        port = make_fact(workload, called.path, number)
        others = [one for other in workload.template.serving() for one in other.ports]
        has = [Equal(port, make_fact(workload, f"{one.path}.containerPort", one.number)) for one in others]
        more = [(f"{one.path}.ports", one.ports) for one in workload.template.serving()]
        return ProbePortAnswer(
            decide(Or((*has, *(Holds(nothing_more_fact(workload, path, listing)) for path, listing in more)))),
            self.probed,
        )


def list_probed(graph: Resolver) -> Iterator[ProbedContainer]:
    """Every port that the kubelet calls in a container of the unit, in source order."""
    for workload in graph.unit.workloads:
        for container in workload.template.serving():
            for called in list_called_ports(container):
                yield ProbedContainer(workload, container, called)
