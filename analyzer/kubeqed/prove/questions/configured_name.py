"""Whether what variables, arguments and ConfigMaps name is there: the Service, its port, the pod of a number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.diagnostic import Certainty
from kubeqed.late_pattern import compile_late
from kubeqed.model.kinds.ordinals import split_number
from kubeqed.model.kinds.service import HEADLESS, Service, ServicePort
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.values.match import Match, same_value
from kubeqed.parse import Place
from kubeqed.prove.clauses.missing_answer import MissingAnswer
from kubeqed.prove.clauses.named_object import describe_reference, find_named
from kubeqed.prove.clauses.port_answer import MissingPortAnswer
from kubeqed.prove.clauses.selects import is_external_name
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision
from kubeqed.prove.engine.decide import decide, first_fault
from kubeqed.prove.engine.facts import elsewhere_unknown, make_fact, nothing_more_fact
from kubeqed.prove.engine.formula import Equal, Fact, Holds, Or, implies
from kubeqed.resolve import Resolver
from kubeqed.resolve.configured_names import ConfiguredName, list_configured_names, names_by_service
from kubeqed.resolve.missing.reference import Candidate, MissingReference

_MOST = 16
_LISTENS = compile_late(r"(?i)listen|bind|advertise|server_?name")  # what a program says of itself
_OWN = frozenset({("default", "kubernetes"), ("kube-system", "kube-dns"), ("kube-system", "metrics-server")})
"""Services that every cluster has, or that its platform brings."""


class ConfiguredAnswer(MissingAnswer):
    """Whether what a text names is there; `what` is that in words."""

    def __init__(self, decision: Decision, what: str = "", missing: MissingReference | None = None) -> None:
        super().__init__(decision, missing)
        self.what = what


class ConfiguredServiceExists(NamedTuple):
    """The Service that a text names stands in the namespace that is meant, and where a pod is named, the pod."""

    name: ConfiguredName

    def answer(self, graph: Resolver) -> ConfiguredAnswer:
        """Of names that are not spelt as the DNS of the cluster spells them, only what has a candidate is missing."""
        reference = self.name.reference
        if self.name.of_pair:
            return ConfiguredAnswer(HOLDS)  # it is said of the host
        if any(graph.named(reference.target, reference.namespace, reference.name)):
            return _find_pod(graph, self.name)
        answer = find_named(graph, reference)
        expected = self.name.dialled.is_spelt_out and _is_expected(graph, self.name)
        if not answer.is_likely_a_mistake and not expected:
            return ConfiguredAnswer(HOLDS)
        decision = Decision(answer.verdict, answer.facts, answer.unknowns, answer.witness)
        return ConfiguredAnswer(decision, describe_reference(reference), answer.missing)


class ConfiguredPortAnswer(MissingPortAnswer):
    """Whether the Service that a text names has the port; `at_most` is how sure it may be said that it lacks it."""

    def __init__(
        self,
        decision: Decision,
        service: Service | None = None,
        port: int | None = None,
        at_most: Certainty | None = None,
    ) -> None:
        super().__init__(decision, service, port)
        self.at_most = at_most


class ConfiguredPortExists(NamedTuple):
    """The Service that a text names has the port that the text names. A headless one holds: its pods have the ports."""

    name: ConfiguredName

    def answer(self, graph: Resolver) -> ConfiguredPortAnswer:
        """Holds without a port, for an ExternalName, and where the Service is not surely the one meant."""
        port = self.name.dialled.port
        if port is None or self.name.pod is not None:
            return ConfiguredPortAnswer(HOLDS)
        named = graph.named(self.name.reference.target, self.name.namespace, self.name.name)
        cases = (
            (item, True, self._has_port(item, port))
            for item, match in named
            if isinstance(item, Service) and match is Match.YES and item.ports.items
        )
        decision, service = first_fault(cases)
        return ConfiguredPortAnswer(decision, service, port, self._limit_certainty(graph, service))

    def _limit_certainty(self, graph: Resolver, service: Service | None) -> Certainty | None:
        """How sure it is that the port is dialled: a program, or another line of its file, may add one to a URL, and its own pods may listen on more."""
        source, dialled, text = self.name.source, self.name.dialled, self.name.text
        own = service is not None and isinstance(source, Workload) and service in graph.services_of(source)
        may_be_added = dialled.is_implied and (dialled.ends or text.is_file)
        if own or may_be_added or _LISTENS.search(text.key):
            return Certainty.POSSIBLE
        return Certainty.LIKELY if dialled.is_implied or text.is_file or self.name.of_pair else None

    def _has_port(self, service: Service, port: int) -> Or:
        wanted = make_fact(self.name.source, self.name.text.path, port)
        headless = Equal(make_fact(service, "spec.clusterIP", service.cluster_ip), HEADLESS)
        has = (
            Equal(wanted, make_fact(service, f"{entry.path}.port", entry.port))
            for entry in service.ports.items
            if entry.port is not None
        )
        more = Holds(nothing_more_fact(service, "spec.ports", service.ports))
        return Or((is_external_name(service), headless, *has, more))


class TranslationAnswer(Answer):
    """Whether a headless Service is dialled on a port that its pods do not have; `dialling` are the texts that do."""

    def __init__(
        self, decision: Decision, target: int | None = None, dialling: tuple[ConfiguredName, ...] = ()
    ) -> None:
        super().__init__(decision)
        self.target = target
        self.dialling = dialling

    @property
    def related(self) -> tuple[tuple[Place, str], ...]:
        """Where the port is dialled."""
        return tuple((one.source.at(one.text.path), "dialled here") for one in self.dialling)


class HeadlessPortKept(NamedTuple):
    """A headless Service leads to the port by which it is dialled: its `port` is its target's."""

    service: Service
    entry: ServicePort

    def answer(self, graph: Resolver) -> TranslationAnswer:
        """Holds where the Service may have an address, and where no pod that it selects has another port."""
        service, entry = self.service, self.entry
        target = _find_target(graph, service, entry)
        if target is None or not service.has_selector or not isinstance(entry.port, int) or target == entry.port:
            return TranslationAnswer(HOLDS)
        headless = Equal(make_fact(service, "spec.clusterIP", service.cluster_ip), HEADLESS)
        port = make_fact(service, f"{entry.path}.port", entry.port)
        other = make_fact(service, f"{entry.path}.targetPort", target, " for the pods that it selects")
        decision = decide(implies(headless, Or((is_external_name(service), Equal(port, other)))))
        dialling = [one for one in names_by_service(graph).get(service, ()) if one.dialled.port == entry.port]
        return TranslationAnswer(decision, target, tuple(dialling[:_MOST]))


def group_configured(graph: Resolver) -> Iterator[list[ConfiguredName]]:
    """What the texts of a unit name, those of one object that dial the same as one, in source order."""
    found: dict[object, list[ConfiguredName]] = {}
    for name in list_configured_names(graph):
        found.setdefault((name.source, name.dialled.host, name.dialled.port), []).append(name)
    yield from found.values()


def _find_pod(graph: Resolver, name: ConfiguredName) -> ConfiguredAnswer:
    """Whether the pod that a text names by its number is there; a pod of no StatefulSet of the unit holds."""
    before, number = split_number(name.pod or "")
    owners = [item for item in _list_governed(graph, name) if f"{item.name}-" == before]
    ordinals = graph.ordinals(owners[0]) if len(owners) == 1 else None
    if number is None or ordinals is None or ordinals.has(number) is not False or ordinals.at_most is None:
        return ConfiguredAnswer(HOLDS)
    seen = Fact(False, f"{owners[0]} has no pod {number}", owners[0].at(ordinals.path))
    unseen = elsewhere_unknown(graph.unit, f"a pod {name.pod} outside the manifests read")
    first = ordinals.first if isinstance(ordinals.first, int) else 0
    why = f"the pods of {owners[0]} are numbered {first} to {first + ordinals.at_most - 1}"
    path = ordinals.first_path if number < first else ordinals.path
    missing = MissingReference(Candidate(owners[0], path, why), graph.unit.producers, excused=False)
    return ConfiguredAnswer(decide(Or((Holds(seen), Holds(unseen)))), f"pod {name.pod} of {owners[0]}", missing)


def _list_governed(graph: Resolver, name: ConfiguredName) -> Iterator[Workload]:
    """The workloads whose governing Service a text names."""
    for item, match in graph.named(name.reference.target, name.namespace, name.name):
        for reference in graph.references_to(item) if match is Match.YES else ():
            if isinstance(reference.source, Workload):
                yield reference.source


def _is_expected(graph: Resolver, name: ConfiguredName) -> bool:
    """Whether a Service that is spelt out should be seen: a closed world, or others of its namespace are."""
    if not isinstance(name.namespace, str) or not graph.is_namespace_stated(name.namespace):
        return False
    if (name.namespace, name.name) in _OWN:
        return False
    others = graph.of_kind(name.reference.target)
    return graph.unit.holds_all or any(same_value(item.namespace, name.namespace) is Match.YES for item in others)


def _find_target(graph: Resolver, service: Service, entry: ServicePort) -> int | None:
    """The number of the port to which an entry leads, where all selected pods agree."""
    target = entry.target_port
    if isinstance(target, int):
        return target
    if not isinstance(target, str):
        return None
    ports = [
        port.number
        for declared in graph.select_pods(service).declared.values()
        for port in declared.called.get(target, ())
    ]
    numbers = {port for port in ports if isinstance(port, int)}
    return numbers.pop() if len(numbers) == 1 and len(ports) == sum(isinstance(port, int) for port in ports) else None
