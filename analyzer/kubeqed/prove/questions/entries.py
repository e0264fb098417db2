"""What stands before and behind a Service: a balancer in front of its node ports, readiness of the pods that it sends to."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.kinds.service import Service
from kubeqed.model.kinds.template import Container
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.values.fields import read_field
from kubeqed.model.values.known import equals
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision, Verdict
from kubeqed.prove.questions.routers import find_router
from kubeqed.resolve import Resolver


class EntryBalanced(NamedTuple):
    """Something of the unit leads requests to a Service that is reached by node ports."""

    service: Service

    def answer(self, graph: Resolver) -> Answer:
        """Holds for other types; a matter of custom, so it fails without facts."""
        entry = equals(self.service.type, "NodePort") and self.service.has_selector
        return Answer(Decision(Verdict.FAILS) if entry and find_router(graph, self.service) is None else HOLDS)


class ReadinessAnswer(Answer):
    """Whether the containers behind a Service have readiness probes; `container` is the first that has not."""

    def __init__(self, decision: Decision, found: tuple[Container, Service] | None = None) -> None:
        super().__init__(decision)
        self._found = found

    @property
    def container(self) -> Container:
        """The container without a probe; LookupError when the property holds."""
        return self._get_found()[0]

    @property
    def service(self) -> Service:
        """The Service that sends requests to it; LookupError when the property holds."""
        return self._get_found()[1]

    def _get_found(self) -> tuple[Container, Service]:
        if self._found is None:
            raise LookupError("every container has a probe")
        return self._found


class ReadinessProbed(NamedTuple):
    """Each container of a workload that declares a port to which a Service sends has a readiness probe."""

    workload: Workload

    def answer(self, graph: Resolver) -> ReadinessAnswer:
        """Holds where no Service surely selects the pods; a matter of custom, so it fails without facts."""
        for service in graph.services_of(self.workload):
            targets = [entry.target_port for entry in service.ports]
            for container in self.workload.template.containers:
                ports = [value for port in container.ports for value in (port.name, port.number)]
                serves = any(isinstance(one, str | int) and any(equals(port, one) for port in ports) for one in targets)
                if serves and read_field(container.node, "readinessProbe") is None:
                    return ReadinessAnswer(Decision(Verdict.FAILS), (container, service))
        return ReadinessAnswer(HOLDS)
