"""Endpoints: the pods of a unit, and the workload that owns each.

A pod that a controller owns shows as its owner. Several pods of one owner are one peer, unless a selector tells them
apart. VirtualMachines take the place of their launcher pods.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import NamedTuple

from kubeqed.graph.reach.addresses import address
from kubeqed.graph.reach.namespaces import namespace_of
from kubeqed.graph.reach.terms import token
from kubeqed.model.fields import field, text
from kubeqed.model.pod import Pod
from kubeqed.model.statefulset import POD_INDEX, POD_NAME, StatefulSet
from kubeqed.model.virtualmachine import VirtualMachine
from kubeqed.model.workload import Workload
from kubeqed.parse import Mapping, Sequence, Unknown

NamedPort = tuple[str, str, int]  # (name, protocol, number)

_LAUNCHER = ("kubevirt.io", "virt-launcher")
_OVER = ("Succeeded", "Failed")
_ORDINAL_KEYS = (POD_NAME, POD_INDEX)
_MOST_ORDINALS = 100
_COUNTED = frozenset({"Deployment", "ReplicaSet", "ReplicationController", "StatefulSet", "VirtualMachine"})
_NOT_WORKLOADS = frozenset({"Node"})  # owns the mirror of a static pod


class Owner(NamedTuple):
    """The workload that owns pods; `workload` is the first object that showed it."""

    namespace: str
    name: str
    kind: str
    workload: Workload


class Endpoint(NamedTuple):
    """A pod, or pods that are alike: what selectors and ports see of them.

    `ordinal` is that of a single pod of a StatefulSet, where a selector asks for pods by name.
    """

    owner: Owner
    workload: Workload
    host_network: bool
    addresses: tuple[int, ...]
    ordinal: int | None = None

    @property
    def is_pod(self) -> bool:
        """Whether it is one pod with a name of its own."""
        return self.ordinal is not None or isinstance(self.workload, Pod)

    @property
    def is_single(self) -> bool:
        """Whether there is never more than one pod at a time, so that it meets no other of its kind."""
        return self.is_pod or (self.workload.kind in _COUNTED and self.workload.replicas in (0, 1))

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


def endpoints_of(workloads: Iterable[Workload], keys: Container[str], *, hosts_governed: bool) -> list[Endpoint]:
    """An endpoint for each workload, those of one workload with the same owner.

    `keys` are the labels that selectors name. `hosts_governed` says that policies govern the host network too.
    """
    apart = any(key in keys for key in _ORDINAL_KEYS)
    workloads = list(workloads)
    owners: dict[tuple[str, str, str], Owner] = {}
    for workload in workloads:  # an owner that is in the input names its pods' owner
        if not isinstance(workload, Pod):
            key = (namespace_of(workload), workload.kind, _name(workload))
            owners.setdefault(key, Owner(key[0], key[2], key[1], workload))
    found = []
    for workload in workloads:
        if _counts(workload):
            namespace = namespace_of(workload)
            kind, name = _owner(workload) or (workload.kind, _name(workload))
            owner = owners.setdefault((namespace, kind, name), Owner(namespace, name, kind, workload))
            on_host = not hosts_governed and is_on_host(workload)
            endpoint = Endpoint(owner, workload, on_host, _addresses(workload))
            found += _ordinals(endpoint) if apart else [endpoint]
    return found


def is_stopped(workload: Workload) -> bool:
    """Whether the manifest asks for no pods, or says that its pod has ended."""
    return (isinstance(workload.replicas, int) and workload.replicas == 0) or _is_over(workload)


def is_on_host(workload: Workload) -> bool:
    """Whether the pods share their node's network."""
    return isinstance(workload.template.host_network, bool) and workload.template.host_network


def _ordinals(endpoint: Endpoint) -> list[Endpoint]:
    """The pods of a StatefulSet one by one, any other endpoint as it is."""
    workload = endpoint.workload
    if not isinstance(workload, StatefulSet) or not isinstance(workload.replicas, int):
        return [endpoint]
    first, count = workload.ordinals.first, min(workload.ordinals.at_least, _MOST_ORDINALS)
    if not isinstance(first, int):
        return [endpoint]
    return [endpoint._replace(ordinal=ordinal) for ordinal in range(first, first + count)]


def _counts(workload: Workload) -> bool:
    key, value = _LAUNCHER
    if isinstance(workload, Pod):
        launcher = workload.template.labels.entries.get(key)
        return not (isinstance(launcher, str) and launcher == value)
    return True


def _name(workload: Workload) -> str:
    return token(workload.name) if workload.name is not None else "(no name)"


def _owner(workload: Workload) -> tuple[str, str] | None:
    """(kind, name) of the controller that owns a Pod."""
    if not isinstance(workload, Pod):
        return None
    metadata = field(workload.identity.root, "metadata")
    owners = metadata.get("ownerReferences") if isinstance(metadata, Mapping) else None
    for owner in owners if isinstance(owners, Sequence) else ():
        kind, name = text(owner, "kind"), text(owner, "name")
        if isinstance(kind, str) and isinstance(name, str) and kind not in _NOT_WORKLOADS:
            return kind, name
    return None


def _addresses(workload: Workload) -> tuple[int, ...]:
    if not isinstance(workload, Pod):
        return ()
    status = field(workload.identity.root, "status")
    several = field(status, "podIPs")
    texts = [text(status, "podIP"), *(text(one, "ip") for one in several)] if isinstance(several, Sequence) else []
    found = {address(one) for one in texts or [text(status, "podIP")] if isinstance(one, str)}
    return tuple(sorted(one for one in found if one is not None))


def _is_over(workload: Workload) -> bool:
    if not isinstance(workload, Pod):
        return False
    phase = text(field(workload.identity.root, "status"), "phase")
    return isinstance(phase, str) and phase in _OVER
