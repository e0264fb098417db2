"""The fixed cluster IPs that the Services of a unit ask for: whom the allocator refuses one, and who holds it.

The Services reach the server in source order, each definition of an object as a new version of the one before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.apiserver.formats.address import sloppy_address
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.service import EXTERNAL_NAME, type_of
from kubeqed.apiserver.service.addresses import known_addresses
from kubeqed.apiserver.update import judge_new_version
from kubeqed.model.kinds.service import Service
from kubeqed.model.units.unit import Unit, defined_as
from kubeqed.model.values.known import is_known, known_or
from kubeqed.parse import Mapping

_SERVICE = ("", "Service")


class ClusterIPRequest(NamedTuple):
    """An address that a Service asks for, and the field that says so."""

    service: Service
    path: str
    address: str


class ClusterIPClash(NamedTuple):
    """An address that a Service asks for although another holds it."""

    asking: ClusterIPRequest
    holding: ClusterIPRequest


def taken_addresses(unit: Unit) -> Iterator[ClusterIPClash]:
    """The addresses that another Service holds when a Service asks for them."""
    versions: dict[object, Mapping] = {}
    held: dict[str, tuple[object, ClusterIPRequest]] = {}
    given: dict[object, frozenset[str]] = {}
    for service in unit.of(Service):
        owner, root = defined_as(service) or service, service.identity.root
        before = versions.get(owner)
        if before is not None:
            root, refused = judge_new_version(*_SERVICE, before, root)
            if refused:
                continue
        asked = list(_list_requests(service, root))
        found = [
            ClusterIPClash(one, held[one.address][1]) for one in asked if held.get(one.address, (owner,))[0] != owner
        ]
        yield from (one for one in found if not _may_be_one(one.asking.service, one.holding.service))
        if not found:
            versions[owner] = root
            earlier = {address: held.pop(address)[1] for address in given.get(owner, ())}
            given[owner] = frozenset(one.address for one in asked)
            for one in asked:
                held[one.address] = owner, one if service.holds(one.path) else earlier.get(one.address, one)


def _list_requests(service: Service, root: Mapping) -> Iterator[ClusterIPRequest]:
    """The addresses that a Service asks for, each with its path."""
    spec = Node(root)["spec"]
    kind = type_of(spec)
    if not is_known(kind) or kind == EXTERNAL_NAME:
        return
    for index, item in enumerate(known_addresses(spec)):
        path = "spec.clusterIP" if index == 0 and not service.holds(item.path) else item.path
        yield ClusterIPRequest(service, path, str(sloppy_address(known_or(item.text, ""))))


def _may_be_one(one: Service, other: Service) -> bool:
    """Whether both may be variants of one object."""
    names = {name for name in (one.name, other.name) if isinstance(name, str)}
    spaces = {space for space in (one.namespace, other.namespace) if isinstance(space, str)}
    return len(names) < 2 and len(spaces) < 2
