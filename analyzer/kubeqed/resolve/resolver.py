"""One unit as a graph: its objects by name, and what refers to what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice

from kubeqed.diagnostic import Notice
from kubeqed.model.cluster import Cluster
from kubeqed.model.kinds.object import Object, ObjectReference
from kubeqed.model.kinds.ordinals import Ordinals
from kubeqed.model.kinds.selector import LabelSelector
from kubeqed.model.kinds.service import Service
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.input import Input
from kubeqed.model.units.unit import Unit, UnitOrigin
from kubeqed.model.values.fields import Labels
from kubeqed.model.values.match import Match, combine, same_value, sameness_key
from kubeqed.parse import Unknown
from kubeqed.resolve.autoscaling import Autoscalers
from kubeqed.resolve.host_ports import HostPorts
from kubeqed.resolve.label_index import LabelIndex
from kubeqed.resolve.near_words import NearWords
from kubeqed.resolve.node_ports import NodePorts
from kubeqed.resolve.selected_pods import SelectedPods, names_injection
from kubeqed.resolve.selection import select_from, selects
from kubeqed.resolve.together import Togetherness, judge_togetherness

Kind = tuple[str, str]

_MOST_OPEN = 4
_OF_RELEASES = "default"  # where a chart is installed unless someone says otherwise


class Resolver:
    """A unit inside its input, with what the user stated about the cluster; questions call it `graph`."""

    def __init__(self, unit: Unit, whole: Input, cluster: Cluster) -> None:
        self.unit = unit
        self.input = whole
        self.cluster = cluster
        self.given_up: list[str] = []  # what searches did not look at to the end
        self.noted: list[Notice] = []  # what is so unless something says otherwise that is not modelled

    def is_guessed(self, objects: Iterable[Object]) -> bool:
        """Whether it is a guess that some objects end up in one cluster: it is not stated, and their directories differ."""
        return not self.unit.stated and len({self.input.directory_of(item.file) for item in objects}) > 1

    def judge_togetherness(self, one: Object, other: Object) -> Togetherness:
        """How sure it is that two objects are applied to one cluster together."""
        if self.unit.stated:
            return Togetherness.SURE
        real = self.input.paths.real
        return judge_togetherness(one, other, (real(one.file), real(other.file)))

    def is_namespace_stated(self, namespace: str | Unknown | None) -> bool:
        """Whether a namespace is what the manifests state, and not the one that a chart is taken to be installed in."""
        is_of_chart = self.unit.found is UnitOrigin.CHART
        return isinstance(namespace, str) and not (is_of_chart and namespace == _OF_RELEASES)

    def named(self, kind: Kind, namespace: str | Unknown | None, name: str | Unknown) -> Iterator[tuple[Object, Match]]:
        """The objects of a kind that may be the one named, each with how sure that is, in source order."""
        for item in self._called_perhaps(kind, name):
            match = combine(same_value(namespace, item.namespace), same_value(name, item.name))
            if match is not Match.NO:
                yield item, match

    def _called_perhaps(self, kind: Kind, name: str | Unknown) -> list[Object]:
        if isinstance(name, Unknown):
            return self.of_kind(kind)
        known, open_names = self._by_name.get(kind, ({}, []))
        return sorted([*known.get(name, ()), *open_names], key=self._order.__getitem__)

    def of_kind(self, kind: Kind) -> list[Object]:
        """All objects of a kind, in source order."""
        return self._by_kind.get(kind, [])

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of all objects, of whatever group."""
        return frozenset(kind for _, kind in self._by_kind)

    def list_called(self, kind: Kind, name: str | Unknown) -> list[Object]:
        """The objects of a kind that surely have the name, in whatever namespace."""
        return self._by_name.get(kind, ({}, []))[0].get(name, []) if isinstance(name, str) else []

    def find_alike(self, kind: Kind, name: str) -> list[Object]:
        """The objects of a kind whose names differ from `name` only by a slip, in source order."""
        if kind not in self._near_names:
            self._near_names[kind] = NearWords(self._by_name.get(kind, ({}, []))[0])
        found = [item for near in self._near_names[kind].find_alike(name) for item in self.list_called(kind, near)]
        return sorted(found, key=self._order.__getitem__)

    def list_selected(self, service: Service) -> list[tuple[Workload, Match]]:
        """The workloads whose pods a Service selects or may select; none when it has no selector."""
        return self.select_pods(service).workloads

    def select_pods(self, service: Service) -> SelectedPods:
        """What a Service selects; one for all Services with its selector and namespace."""
        key = (sameness_key(service.namespace), service.selector.sameness_key())
        if key not in self._selected_pods:
            found = self._find_selections(service) if service.has_selector else []
            self._selected_pods[key] = SelectedPods(found, injected=self._injects_sidecars)
        return self._selected_pods[key]

    def list_perhaps_selected(self, service: Service) -> list[Workload]:
        """The workloads of a Service's namespace that its selector may match, numbers of pods left aside; some do not."""
        found = self._labels.certain(service.selector, service.namespace)
        return [item for item in found if same_value(service.namespace, item.namespace) is Match.YES]

    def match_workloads(self, selector: LabelSelector) -> Sequence[tuple[Workload, Match]]:
        """The workloads of all namespaces whose pods a label selector matches or may match, each with how sure that is."""
        if (key := selector.sameness_key()) not in self._meant:
            plain = {key: value for key, (value, _) in selector.single_values().items()}
            within = self._labels.possible(LabelSelector(selector.path, Labels(plain, selector.path)), None)
            self._meant[key] = select_from(within, selector)
        return self._meant[key]

    def pods(self, workloads: Iterable[Workload]) -> SelectedPods:
        """Workloads that something surely means, as a selection of pods."""
        return SelectedPods([(item, Match.YES) for item in workloads], injected=self._injects_sidecars)

    def services_of(self, workload: Workload) -> list[Service]:
        """The Services that surely select a workload's pods."""
        return self._claims.get(workload, [])

    def ordinals(self, workload: Workload) -> Ordinals | None:
        """The numbers of a workload's pods, as its replicas and what scales it say; None where they have none."""
        ordinals = workload.ordinals
        return None if ordinals is None else self.scalers.scaled(workload, ordinals)

    def references_to(self, target: Object, also: Match = Match.YES) -> Iterator[ObjectReference]:
        """The references that surely name an object; `also` UNDECIDED adds those that may, as their namespace is open."""
        for reference in self._by_target.get((target.group, target.kind, sameness_key(target.name)), ()):
            if _names_target(reference, target) in (Match.YES, also):
                yield reference

    def selecting_nothing(self, namespace: str | Unknown | None) -> list[Service]:
        """The Services of a namespace that have a selector and select no pod of the unit."""
        return self._selecting_nothing.get(sameness_key(namespace), [])

    @cached_property
    def node_ports(self) -> NodePorts:
        """The node port slots of the unit."""
        return NodePorts(self.unit)

    @cached_property
    def host_ports(self) -> HostPorts:
        """The ports of nodes that the DaemonSets of the unit take."""
        return HostPorts(self.unit)

    @cached_property
    def scalers(self) -> Autoscalers:
        """What scales the workloads of the unit."""
        return Autoscalers(self.unit)

    @cached_property
    def references(self) -> tuple[ObjectReference, ...]:
        """Every field of the unit that names another object."""
        return tuple(reference for item in self.unit.objects for reference in item.references())

    def _find_selections(self, service: Service) -> list[tuple[Workload, Match]]:
        """What a Service surely selects, and a few of those that it may select: more would change no verdict."""
        selector, namespace = service.selector, service.namespace
        found = {
            item: Match.YES
            for item in self._labels.certain(selector, namespace)
            if self._match_workload(service, item) is Match.YES
        }
        perhaps = self._labels.possible(selector, namespace)
        open_ones = (
            item for item in perhaps if item not in found and self._match_workload(service, item) is not Match.NO
        )
        found.update((item, self._match_workload(service, item)) for item in islice(open_ones, _MOST_OPEN))
        return sorted(found.items(), key=lambda pair: self._order[pair[0]])

    def _match_workload(self, service: Service, workload: Workload) -> Match:
        match = same_value(service.namespace, workload.namespace)
        if match is not Match.NO:
            match = combine(match, selects(service.selector, workload, self.ordinals(workload)))
        return match

    @cached_property
    def _injects_sidecars(self) -> bool:
        """A namespace asks for it, or a SidecarSet of OpenKruise stands in the input, which adds to pods of all namespaces."""
        asked = any(names_injection(item.labels.entries) for item in self.of_kind(("", "Namespace")))
        return asked or "SidecarSet" in self.input.kinds

    @cached_property
    def _selected_pods(self) -> dict[object, SelectedPods]:
        return {}

    @cached_property
    def _meant(self) -> dict[object, list[tuple[Workload, Match]]]:
        return {}

    @cached_property
    def _labels(self) -> LabelIndex:
        return LabelIndex(self.unit.workloads)

    @cached_property
    def _claims(self) -> dict[Workload, list[Service]]:
        claims: dict[Workload, list[Service]] = {}
        for service in self.unit.of(Service):
            for workload, match in self.list_selected(service):
                if match is Match.YES:
                    claims.setdefault(workload, []).append(service)
        return claims

    @cached_property
    def _selecting_nothing(self) -> dict[object, list[Service]]:
        found: dict[object, list[Service]] = {}
        for service in self.unit.of(Service):
            if service.has_selector and not self.list_selected(service):
                found.setdefault(sameness_key(service.namespace), []).append(service)
        return found

    @cached_property
    def _near_names(self) -> dict[Kind, NearWords]:
        return {}

    @cached_property
    def _by_target(self) -> dict[tuple[str, str, object], list[ObjectReference]]:
        found: dict[tuple[str, str, object], list[ObjectReference]] = {}
        for reference in self.references:
            found.setdefault((*reference.target, sameness_key(reference.name)), []).append(reference)
        return found

    @cached_property
    def _by_kind(self) -> dict[Kind, list[Object]]:
        found: dict[Kind, list[Object]] = {}
        for item in self.unit.objects:
            found.setdefault((item.group, item.kind), []).append(item)
        return found

    @cached_property
    def _by_name(self) -> dict[Kind, tuple[dict[str, list[Object]], list[Object]]]:
        index: dict[Kind, tuple[dict[str, list[Object]], list[Object]]] = {}
        for item in self.unit.objects:
            known, open_names = index.setdefault((item.group, item.kind), ({}, []))
            if isinstance(item.name, str):
                known.setdefault(item.name, []).append(item)
            else:
                open_names.append(item)
        return index

    @cached_property
    def _order(self) -> dict[Object, int]:
        return {item: index for index, item in enumerate(self.unit.objects)}


def _names_target(reference: ObjectReference, target: Object) -> Match:
    names = same_value(reference.name, target.name)
    return combine(names, same_value(reference.namespace, target.namespace))
