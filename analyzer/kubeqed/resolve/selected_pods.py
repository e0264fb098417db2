"""The pods that one selector selects, and which ports they declare.

Many Services may share a selector, and many pods a Service: what is found out is kept, so that asking for every port of
every Service does not cost the square.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import chain, islice
from typing import NamedTuple

from kubeqed.model.cni.listening import listens_on
from kubeqed.model.kinds.declared_ports import DeclaredPorts
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.values.known import UNKNOWN, all_known, is_known
from kubeqed.model.values.match import Match
from kubeqed.parse import Unknown

_FEW = 8


class WantedPort(NamedTuple):
    """A port by its number or name, and the protocol."""

    wanted: int | str
    protocol: str | Unknown


class PodsWithoutPort(NamedTuple):
    """A few of the serving pods that declare a port, that may or may not, and that are surely selected and do not.

    `held` says that one which is surely selected declares it, `every` that all are of the last sort. More pods of a sort
    would change no verdict.
    """

    having: tuple[Workload, ...]
    undecided: tuple[Workload, ...]
    failing: tuple[Workload, ...]
    held: bool
    every: bool


class SelectedPods:
    """The workloads whose pods a selector selects or may select, in source order, each with how sure that is.

    `injected` says that a mesh or the like may put containers into the pods of a namespace.
    """

    def __init__(self, workloads: list[tuple[Workload, Match]], *, injected: bool) -> None:
        self.workloads = workloads
        self._injected = injected
        self._lacking: dict[tuple[int | str, str | None], PodsWithoutPort] = {}
        self._seen: dict[tuple[bool, str | None], dict[Workload, None]] = {}

    @cached_property
    def serving(self) -> dict[Workload, Match]:
        """Those that are there to serve; all of them when none is: jobs and tests beside serving pods need no port."""
        serving = [pair for pair in self.workloads if not _runs_to_its_end(pair[0])]
        return dict(serving or self.workloads)

    def lacking(self, port: WantedPort) -> PodsWithoutPort:
        """Which of the serving pods do not declare a port."""
        key = port.wanted, port.protocol if isinstance(port.protocol, str) else None
        if key not in self._lacking:
            self._lacking[key] = self._divide_pods(*key)
        return self._lacking[key]

    def _divide_pods(self, wanted: int | str, protocol: str | None) -> PodsWithoutPort:
        """The pods that declare the port are looked at, and few others; so all ports cost what the manifests are long."""
        declaring = self._pods_by_port.get(wanted, {})
        having = {pod: None for pod, protocols in declaring.items() if protocol is not None and protocol in protocols}
        perhaps = [pod for pod, seen in declaring.items() if pod not in having and (protocol is None or None in seen)]
        sure = self._surely_seen(by_name=isinstance(wanted, str), protocol=protocol)
        unsure = chain(perhaps, (pod for pod in self.serving if pod not in sure and pod not in having))
        failing = (pod for pod in sure if pod not in having and pod not in perhaps)
        every = not having and not perhaps and len(sure) == len(self.serving)
        held = any(self.serving[pod] is Match.YES for pod in having)
        return PodsWithoutPort(_take_few(having), _take_few(unsure), _take_few(failing), held, every)

    def in_order(self, pods: Iterable[Workload]) -> tuple[Workload, ...]:
        """Pods in source order."""
        return tuple(sorted(pods, key=self._order.__getitem__))

    @cached_property
    def is_silent(self) -> bool:
        """Whether the declared ports of a serving pod say nothing of those on which it listens."""
        return any(_is_silent(pod) for pod in self.serving)

    @cached_property
    def listening(self) -> frozenset[frozenset[int]] | Unknown:
        """On which TCP ports the serving pods listen; unknown where that is not known of one."""
        found = all_known(_find_listening(pod) for pod in self.serving)
        return frozenset(found) if is_known(found) else found

    @cached_property
    def declared(self) -> dict[Workload, DeclaredPorts]:
        """The ports that each serving pod declares."""
        return {pod: DeclaredPorts(pod.template) for pod in self.serving}

    def is_injected(self, pod: Workload) -> bool:
        """Whether something puts a container into a pod, as its labels or those of a namespace say."""
        maps = (pod.template.labels, pod.template.annotations)
        return self._injected or any(names_injection(labels.entries) for labels in maps)

    @cached_property
    def _order(self) -> dict[Workload, int]:
        return {pod: index for index, pod in enumerate(self.serving)}

    @cached_property
    def _pods_by_port(self) -> dict[int | str, dict[Workload, set[str | None]]]:
        """The pods that declare a port, by its name and by its number, each with its protocols; None is an unknown one."""
        found: dict[int | str, dict[Workload, set[str | None]]] = {}
        for pod, declared in self.declared.items():
            for value, ports in declared.called.items():
                protocols = {port.protocol if isinstance(port.protocol, str) else None for port in ports}
                found.setdefault(value, {})[pod] = protocols
        return found

    def _surely_seen(self, *, by_name: bool, protocol: str | None) -> dict[Workload, None]:
        """The pods that are surely selected and of which all ports of a protocol are known by name, or by number."""
        key = by_name, protocol
        if key not in self._seen:
            self._seen[key] = dict.fromkeys(pod for pod in self.serving if self._is_seen(pod, key))
        return self._seen[key]

    def _is_seen(self, pod: Workload, key: tuple[bool, str | None]) -> bool:
        by_name, protocol = key
        declared = self.declared[pod]
        hidden = (one.protocol for one in declared.perhaps(by_name=by_name))
        others = any(protocol is None or isinstance(one, Unknown) or one == protocol for one in hidden)
        return declared.closed and not others and not self.is_injected(pod) and self.serving[pod] is Match.YES


def _take_few(pods: Iterable[Workload]) -> tuple[Workload, ...]:
    return tuple(dict.fromkeys(islice(pods, _FEW)))


def names_injection(labels: dict[str, str | Unknown]) -> bool:
    """Whether labels ask a mesh or the like to put a container into pods."""
    return any("inject" in key for key in labels)


def _runs_to_its_end(pod: Workload) -> bool:
    restart = pod.template.restart_policy
    ends = isinstance(restart, str) and restart != "Always"
    hook = any("helm.sh/hook" in labels.entries for labels in (pod.annotations, pod.template.annotations))
    return pod.group == "batch" or ends or hook


def _is_silent(pod: Workload) -> bool:
    network = pod.template.host_network
    return isinstance(network, Unknown) or network or not any(True for _ in pod.template.ports())


def _find_listening(pod: Workload) -> frozenset[int] | Unknown:
    serving = list(pod.template.serving())
    return listens_on(serving[0]) if len(serving) == 1 else UNKNOWN
