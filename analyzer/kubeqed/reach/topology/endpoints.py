"""Endpoints: the pods of a unit, and the workload that owns each.

A pod that a controller owns shows as its owner. Several pods of one owner are one peer, unless a selector tells them
apart. VirtualMachines take the place of their launcher pods.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kubeqed.model.kinds.workload import Pod, VirtualMachine, Workload
from kubeqed.model.units.unit import Unit
from kubeqed.parse import Unknown
from kubeqed.reach.algebra.addresses import parse_address
from kubeqed.reach.algebra.tokens import encode
from kubeqed.reach.namespaces import namespace_of
from kubeqed.reach.topology.numbered import NumberedPods, OrdinalIndex

NamedPort = tuple[str, str, int]  # (name, protocol, number)

_LAUNCHER = ("kubevirt.io", "virt-launcher")
_OVER = ("Succeeded", "Failed")
_NOT_WORKLOADS = frozenset({"Node"})  # owns the mirror of a static pod


class Owner(NamedTuple):
    """The workload that owns pods; `workload` is the first object that showed it."""

    namespace: str
    name: str
    kind: str
    workload: Workload


class Endpoint(NamedTuple):
    """A pod, or pods that are alike: what selectors and ports see of them.

    `single` says that there is one at a time, so that it meets no other of its kind. `ordinal` is the number of one pod
    of its workload, where a selector asks for pods by number; `others` are those with all other numbers.
    """

    owner: Owner
    workload: Workload
    host_network: bool
    addresses: tuple[int, ...]
    single: bool
    ordinal: int | None = None
    others: bool = False

    @property
    def is_pod(self) -> bool:
        """Whether it is one pod with a name of its own."""
        return self.ordinal is not None or isinstance(self.workload, Pod)

    @property
    def labels(self) -> dict[str, str | Unknown]:
        """What selectors see: the template's labels and those that the controller adds."""
        template = self.workload.template.labels.entries
        ordinals = None if self.ordinal is None else self.workload.ordinals
        if self.ordinal is not None and ordinals is not None:
            return {**template, **self.workload.added, **ordinals.labels_of(self.ordinal)}
        return {**template, **self.workload.added} if self.workload.added else template

    @property
    def ports(self) -> Iterator[NamedPort]:
        """The named ports that the pods declare."""
        if isinstance(self.workload, VirtualMachine):
            return
        for port in self.workload.template.ports():
            if isinstance(port.name, str) and isinstance(port.number, int) and isinstance(port.protocol, str):
                yield port.name, port.protocol, port.number


def find_endpoints(unit: Unit, numbered: OrdinalIndex, *, hosts_governed: bool) -> list[Endpoint]:
    """An endpoint for each workload, or for pods of it that selectors tell apart, all with the same owner.

    `hosts_governed` says that policies govern the host network too.
    """
    owners = _index_owners(unit.workloads)
    found: list[Endpoint] = []
    for workload in unit.workloads:
        if _is_long_running(workload):
            namespace = namespace_of(workload)
            kind, name = _find_owner(workload) or (workload.kind, _name_workload(workload))
            owner = owners.setdefault((namespace, kind, name), Owner(namespace, name, kind, workload))
            on_host = not hosts_governed and is_on_host(workload)
            endpoint = Endpoint(owner, workload, on_host, _read_addresses(workload), numbered.is_single(workload))
            found += _divide_endpoint(endpoint, numbered.division(workload))
    return _without_doubles(found)


def _index_owners(workloads: Iterable[Workload]) -> dict[tuple[str, str, str], Owner]:
    """The workloads that may own pods: one that is in the input names its pods' owner."""
    owners: dict[tuple[str, str, str], Owner] = {}
    for workload in workloads:
        if not isinstance(workload, Pod):
            key = (namespace_of(workload), workload.kind, _name_workload(workload))
            owners.setdefault(key, Owner(key[0], key[2], key[1], workload))
    return owners


def _divide_endpoint(endpoint: Endpoint, division: NumberedPods) -> Iterator[Endpoint]:
    """The pods of a workload that selectors tell apart by their number, and the others."""
    if not division.numbers:
        yield endpoint
        return
    yield from (endpoint._replace(single=True, ordinal=number) for number in division.numbers)
    if division.others:
        yield endpoint._replace(others=True)


def _without_doubles(endpoints: list[Endpoint]) -> list[Endpoint]:
    """Without the numbered pods that the input also holds as objects, as a dump of a cluster does."""
    held = {
        (one.owner, encode(one.workload.name)) for one in endpoints if _is_owned(one) and one.workload.name is not None
    }
    return [
        one for one in endpoints if one.ordinal is None or (one.owner, f"{one.owner.name}-{one.ordinal}") not in held
    ]


def _is_owned(endpoint: Endpoint) -> bool:
    return isinstance(endpoint.workload, Pod) and endpoint.owner.workload is not endpoint.workload


def is_stopped(workload: Workload) -> bool:
    """Whether the manifest asks for no pods, or says that its pod has ended."""
    return (isinstance(workload.replicas, int) and workload.replicas == 0) or _is_over(workload)


def is_on_host(workload: Workload) -> bool:
    """Whether the pods share their node's network."""
    return isinstance(workload.template.host_network, bool) and workload.template.host_network


def _is_long_running(workload: Workload) -> bool:
    key, value = _LAUNCHER
    if isinstance(workload, Pod):
        launcher = workload.template.labels.entries.get(key)
        return not (isinstance(launcher, str) and launcher == value)
    return True


def _name_workload(workload: Workload) -> str:
    return encode(workload.name) if workload.name is not None else "(no name)"


def _find_owner(workload: Workload) -> tuple[str, str] | None:
    """(kind, name) of the controller that owns a Pod."""
    if not isinstance(workload, Pod):
        return None
    return next((owner for owner in workload.owners if owner[0] not in _NOT_WORKLOADS), None)


def _read_addresses(workload: Workload) -> tuple[int, ...]:
    if not isinstance(workload, Pod):
        return ()
    found = {parse_address(one) for one in workload.addresses}
    return tuple(sorted(one for one in found if one is not None))


def _is_over(workload: Workload) -> bool:
    if not isinstance(workload, Pod):
        return False
    return isinstance(workload.phase, str) and workload.phase in _OVER
