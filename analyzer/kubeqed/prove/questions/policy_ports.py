"""Whether the ports of a NetworkPolicy's rule are ports of the pods that it leads to.

A policy sees the port of the pod, after a Service has translated its own; a name is looked up in each pod, with the protocol:
https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.diagnostic import Certainty
from kubeqed.model.kinds.networkpolicy import NetworkPolicy, NetworkPolicyPort, NetworkPolicyRule
from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.service import Service, ServicePort
from kubeqed.model.kinds.workload import Workload
from kubeqed.parse import Fresh, Place, Unknown
from kubeqed.prove.clauses.led_to import is_ingress, pods_led_to
from kubeqed.prove.clauses.traffic import traffic_of
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision, Verdict
from kubeqed.prove.engine.decide import decide
from kubeqed.prove.engine.facts import elsewhere_unknown, make_fact
from kubeqed.prove.engine.formula import Fact, Formula, Holds, Or
from kubeqed.reach import find_undeclared_ports
from kubeqed.resolve import Resolver
from kubeqed.resolve.selected_pods import WantedPort

_NAME = re.compile(r"(?=.*[a-z])[a-z0-9-]{1,15}\Z")
"""What the server takes for a name; anything else is a placeholder, or refused for itself."""

Translated = tuple[Service, ServicePort, Workload, int | str]


class ServicePortAnswer(Answer):
    """Whether a port is that of a pod; `service` and `entry` have it in front of `pod`, whose own port is `target`."""

    def __init__(self, decision: Decision, translated: Translated | None = None) -> None:
        super().__init__(decision)
        self._translated = translated

    @property
    def translated(self) -> Translated:
        """The Service, its port, a pod behind it and the port of the pod; LookupError when the property holds."""
        if self._translated is None:
            raise LookupError("the port is one of the pods")
        return self._translated

    @property
    def related(self) -> tuple[tuple[Place, str], ...]:
        """Where the Service translates the port."""
        service, entry, _, _ = self.translated
        path = f"{entry.path}.targetPort"
        return ((service.at(path if service.holds(path) else f"{entry.path}.port"), "the port of the pods"),)


class PolicyPortIsOfPods(NamedTuple):
    """A number that a rule allows is no port of Services alone: some pod that the rule leads to may listen on it."""

    policy: NetworkPolicy
    rule: NetworkPolicyRule
    port: NetworkPolicyPort

    def answer(self, graph: Resolver) -> ServicePortAnswer:
        """Fails where each Service in front translates the number, and no pod declares it. Holds where no pod is seen."""
        number, protocol = self.port.port, self.port.protocol
        if not isinstance(number, int) or not isinstance(protocol, str) or self.port.end_port is not None:
            return ServicePortAnswer(HOLDS)
        pods = pods_led_to(graph, self.policy, self.rule).pods
        if any(_may_listen(graph, pod, number) for pod in pods):
            return ServicePortAnswer(HOLDS)
        translated = next((one for pod in pods for one in _list_translations(graph, pod, number, protocol)), None)
        if translated is None or self._allows_port(translated[3], translated[2]):
            return ServicePortAnswer(HOLDS)
        service, entry, _, _ = translated
        facts = (
            make_fact(self.policy, f"{self.port.path}.port", number),
            make_fact(service, f"{entry.path}.port", number),
            make_fact(service, f"{entry.path}.targetPort", entry.target_port),
        )
        return ServicePortAnswer(Decision(Verdict.FAILS, facts), translated)

    def _allows_port(self, target: int | str, pod: Workload) -> bool:
        """Whether the rule allows the port of the pod too, or what it allows is not all seen."""
        ports = [
            (port.name, port.number)
            for port in pod.template.ports()
            if isinstance(port.name, str) and isinstance(port.number, int)
        ]
        alike = {other for pair in ports if target in pair for other in pair} | {target}
        return self.rule.ports.more is not None or any(
            one.end_port is not None or not isinstance(one.port, int | str) or one.port in alike
            for one in self.rule.ports
        )


class NamedPortAnswer(Answer):
    """Whether a named port is one of pods; `pods` are those that lack it."""

    def __init__(self, decision: Decision, pods: tuple[Workload, ...] = (), at_most: Certainty | None = None) -> None:
        super().__init__(decision)
        self.pods = pods
        self.at_most = at_most

    @property
    def related(self) -> tuple[tuple[Place, str], ...]:
        """Where the first pods declare their ports."""
        first = ((pod, next(iter(pod.template.serving()), None)) for pod in self.pods[:4])
        return tuple((pod.at(f"{one.path}.ports"), "the ports of its pods") for pod, one in first if one is not None)

    def other_protocol(self, name: str) -> str | None:
        """The other protocol with which one of the pods declares the name."""
        ports = (port for pod in self.pods for port in pod.template.ports())
        found = (port.protocol for port in ports if isinstance(port.name, str) and port.name == name)
        return next((one for one in found if isinstance(one, str)), None)


class PolicyPortNamed(NamedTuple):
    """Some pod that a rule leads to declares the name that the rule gives for a port, with its protocol."""

    policy: NetworkPolicy
    rule: NetworkPolicyRule
    port: NetworkPolicyPort

    def answer(self, graph: Resolver) -> NamedPortAnswer:
        """Holds for numbers, where no pod is seen, and where something may add a container that has the port."""
        name, protocol = self.port.port, self.port.protocol
        if not isinstance(name, str) or not isinstance(protocol, str) or not _NAME.match(name):
            return NamedPortAnswer(HOLDS)
        led = pods_led_to(graph, self.policy, self.rule)
        if not led.pods or not graph.pods(led.pods).lacking(WantedPort(name, protocol)).every:
            return NamedPortAnswer(HOLDS)
        text = f"none of the pods that it leads to has a port {name} of {protocol}"
        parts: list[Formula] = [Holds(Fact(False, text, self.policy.at(f"{self.port.path}.port")))]
        if not led.closed:
            parts.append(Holds(elsewhere_unknown(graph.unit, f"a pod outside the manifests read with a port {name}")))
        at_most = None if is_ingress(self.rule) else Certainty.LIKELY
        return NamedPortAnswer(decide(Or(tuple(parts))), led.pods, at_most)


def _may_listen(graph: Resolver, pod: Workload, number: int) -> bool:
    """Whether a pod declares a port, by a container of any sort, or a Service sends to it there."""
    declared = (port.number for container in pod.template.all_containers() for port in container.ports)
    if any(not isinstance(one, int) or one == number for one in declared if one is not None):
        return True
    return any(
        not isinstance(port.target_port, int | str) or port.target_port == number
        for service in graph.services_of(pod)
        for port in service.ports
    )


def _list_translations(graph: Resolver, pod: Workload, number: int, protocol: str) -> Iterator[Translated]:
    """The Services in front of a pod that have the number as their own port, and where they lead."""
    for service in graph.services_of(pod):
        for entry in service.ports:
            same = isinstance(entry.port, int) and entry.port == number
            typed = isinstance(entry.protocol, str) and entry.protocol == protocol
            if same and typed and isinstance(entry.target_port, int | str):
                yield service, entry, pod, entry.target_port


class UndeclaredPorts(NamedTuple):
    """A rule of `policy` that allows numbers which none of the pods that it leads to declares, in words."""

    policy: Object
    place: Place
    text: str
    answer: Answer


def find_undeclared(graph: Resolver) -> Iterator[UndeclaredPorts]:
    """The rules whose ports no pod declares: a program may listen on them all the same."""
    for caveat in find_undeclared_ports(traffic_of(graph).reach):
        item = caveat.object
        if isinstance(item, NetworkPolicy) and not _is_translated(graph, item, caveat.path):
            place = item.at(_locate_ports(item, caveat.path))
            text = "a program that listens on a port which its container does not declare"
            unknown = Fact(Unknown(Fresh(text), text), f"{item} {caveat.path} are ports of the pods", place)
            yield UndeclaredPorts(item, place, caveat.text, Answer(decide(Holds(unknown))))


def _locate_ports(policy: NetworkPolicy, path: str) -> str:
    """The path of the number where a list of ports holds one alone, else of the list."""
    ports = (rule.ports for rule in (*policy.ingress, *policy.egress) if f"{rule.path}.ports" == path)
    return next((f"{one.items[0].path}.port" for one in ports if len(one) == 1), path)


def _is_translated(graph: Resolver, policy: NetworkPolicy, path: str) -> bool:
    """Whether a port of the rule is one of a Service, which is said of it."""
    return any(
        not PolicyPortIsOfPods(policy, rule, port).answer(graph).holds
        for rule in (*policy.ingress, *policy.egress)
        for port in rule.ports
        if f"{rule.path}.ports" == path
    )
