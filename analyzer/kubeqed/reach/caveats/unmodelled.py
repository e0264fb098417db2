"""Policies of engines that are not modelled: whose traffic each may decide, so that no answer claims more than it knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from kubeqed.model.kinds.namespace import Namespace
from kubeqed.model.kinds.object import NAMESPACE_NOT_SET, Object
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.label_match import Lookup, match_condition
from kubeqed.model.units.unit import Unit
from kubeqed.model.unmodelled.policy import GovernedPods, find_governed, policy_kind
from kubeqed.model.unmodelled.policy_kinds import PolicyKind
from kubeqed.model.values.match import Match
from kubeqed.parse import Fresh, Place, Unknown
from kubeqed.reach.algebra.tokens import encode, is_unknown
from kubeqed.reach.namespaces import DEFAULT, NAME_LABEL, namespace_of
from kubeqed.reach.policy.assumptions import Assumptions
from kubeqed.reach.policy.compiled import Direction
from kubeqed.reach.topology.endpoints import is_on_host
from kubeqed.resolve.selection import pod_label

# Calico's names for a pod's namespace, and the prefixes of its names for what it knows of a pod besides its labels.
_NAMESPACE = ("projectcalico.org/namespace", "projectcalico.org/name")
_BESIDES = ("projectcalico.org/", "pcns.", "pcsa.")


class UnmodelledPolicy(NamedTuple):
    """A policy that may decide about traffic to the pods of `ingress` and from those of `egress`.

    `kind` is what people call its kind, `directions` are those that it speaks of, whoever the pods are. `opens`: it may allow what the modelled policies deny. `outside`: only traffic
    with peers outside the cluster.
    """

    kind: str
    object: Object
    path: str
    ingress: frozenset[Workload]
    egress: frozenset[Workload]
    opens: bool
    outside: bool
    directions: frozenset[Direction] = frozenset(("Ingress", "Egress"))

    @property
    def name(self) -> str:
        """`shop/db`, as the manifest writes it."""
        return str(self.object).partition(" ")[2]

    @property
    def title(self) -> str:
        """`Calico NetworkPolicy shop/db`."""
        return policy_title(self.object)

    @property
    def place(self) -> Place:
        """Where its selector stands."""
        return self.object.at(self.path)

    def governs(self, direction: Direction) -> frozenset[Workload]:
        """The workloads whose traffic in a direction it may decide."""
        return self.ingress if direction == "Ingress" else self.egress


def policy_title(item: Object) -> str:
    """How people call an object, with the engine where its kind is not the only one of that name."""
    kind = policy_kind(item)
    return f"{kind.engine} {item}".lstrip() if kind is not None else str(item)


class UnmodelledPolicies:
    """The policies of a unit that are not modelled, in the order of the manifests."""

    def __init__(self, unit: Unit, assumptions: Assumptions) -> None:
        self._unit = unit
        self._hosts_governed = assumptions.hosts_governed

    @cached_property
    def all(self) -> tuple[UnmodelledPolicy, ...]:
        """Those that may govern a pod that manifests show."""
        return tuple(one for one in self.every if one.ingress or one.egress)

    @cached_property
    def every(self) -> tuple[UnmodelledPolicy, ...]:
        """All of them."""
        kinds = ((item, policy_kind(item)) for item in self._unit.objects)
        return tuple(self._read_policy(item, kind) for item, kind in kinds if kind is not None)

    def about(
        self, sources: frozenset[Workload] | None = None, destinations: frozenset[Workload] | None = None
    ) -> list[UnmodelledPolicy]:
        """Those that may decide about traffic from some of `sources` to some of `destinations`; None: any.

        Of the workloads of each, those that were asked about.
        """
        found = []
        for one in self.all:
            ingress = one.ingress if destinations is None else one.ingress & destinations
            egress = one.egress if sources is None else one.egress & sources
            if ingress or egress:
                found.append(one._replace(ingress=ingress, egress=egress))
        return found

    def _read_policy(self, item: Object, kind: PolicyKind) -> UnmodelledPolicy:
        parts = list(find_governed(item, kind))
        sides: dict[Direction, frozenset[Workload]] = {}
        spoken: set[Direction] = set()
        directions: tuple[Direction, ...] = ("Ingress", "Egress")
        for direction in directions:
            asked = [part for part in parts if (part.ingress if direction == "Ingress" else part.egress)]
            spoken.update([direction] if asked else [])
            sides[direction] = frozenset(one for part in asked for one in self._list_selected(part))
        path = parts[0].path if parts else "metadata.name"
        called = f"{kind.engine} {item.kind}".lstrip()
        governed = (sides["Ingress"], sides["Egress"])
        return UnmodelledPolicy(called, item, path, *governed, kind.opens, kind.outside, frozenset(spoken))

    def _list_selected(self, part: GovernedPods) -> Iterator[Workload]:
        for name, workloads in self._list_namespaces(part.namespace):
            if match_condition(part.namespaces, self._label_of_namespace(name)) is not Match.NO:
                yield from (one for one in workloads if self._may_govern(part, one))

    def _list_namespaces(self, namespace: str | Unknown | None) -> Iterable[tuple[str, list[Workload]]]:
        """The workloads of the one namespace, and those whose namespace is not known; None: of all."""
        if namespace is None or _is_open(namespace):
            return self._by_namespace.items()
        wanted = DEFAULT if isinstance(namespace, Unknown) else namespace
        return [one for one in self._by_namespace.items() if one[0] == wanted or _is_open(one[1][0].namespace)]

    def _may_govern(self, part: GovernedPods, workload: Workload) -> bool:
        on_host = is_on_host(workload)
        if part.hosts:
            return on_host
        if on_host and not self._hosts_governed:
            return False
        return match_condition(part.pods, lambda key: _pod_label(workload, key)) is not Match.NO

    @cached_property
    def _by_namespace(self) -> dict[str, list[Workload]]:
        found: dict[str, list[Workload]] = {}
        for workload in self._unit.workloads:
            found.setdefault(namespace_of(workload), []).append(workload)
        return found

    @cached_property
    def _namespaces(self) -> dict[str, Namespace]:
        return {encode(item.name): item for item in self._unit.of(Namespace) if item.name is not None}

    def _label_of_namespace(self, name: str) -> Lookup:
        """The labels of a namespace; of one that is declared nowhere only the name is known."""
        declared = self._namespaces.get(name)

        def value(key: str) -> str | Unknown | None:
            if key in (NAME_LABEL, *_NAMESPACE):
                return _make_unknown(key) if is_unknown(name) else name
            if declared is None or key.startswith(_BESIDES):
                return _make_unknown(key)
            labels = declared.labels
            return labels.entries.get(key) if labels.more is None else labels.entries.get(key, labels.more)

        return value


def _pod_label(workload: Workload, key: str) -> str | Unknown | None:
    if key in _NAMESPACE and not _is_open(workload.namespace):
        return namespace_of(workload)
    return _make_unknown(key) if key.startswith(_BESIDES) else pod_label(workload, key)


def _is_open(namespace: str | Unknown | None) -> bool:
    """Whether a namespace is written but not known."""
    return isinstance(namespace, Unknown) and namespace is not NAMESPACE_NOT_SET


def _make_unknown(key: str) -> Unknown:
    return Unknown(Fresh(key), key)
