"""The fixed cluster IPs that the Services of a unit ask for: whom the allocator refuses one, and who holds it.

The Services reach the server in source order, each definition of an object as a new version of the one before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.graph.allocators import Allocators, Held
from kubeqed.model.admission.address import sloppy_address
from kubeqed.model.admission.changes import changes
from kubeqed.model.admission.node import Node
from kubeqed.model.admission.service import EXTERNAL_NAME, type_of
from kubeqed.model.admission.service.addresses import known_addresses
from kubeqed.model.admission.update import completed
from kubeqed.model.service import Service
from kubeqed.model.unit import Unit, defined_as
from kubeqed.parse import Mapping

_SERVICE = ("", "Service")


class Asked(NamedTuple):
    """An address that a Service asks for, and the field that says so."""

    service: Service
    path: str
    address: str


class Taken(NamedTuple):
    """An address that a Service asks for although another holds it."""

    asking: Asked
    holding: Asked


def taken_addresses(unit: Unit) -> Iterator[Taken]:
    """The addresses that another Service holds when a Service asks for them."""
    allocators = Allocators()
    versions: dict[object, Mapping] = {}
    holding: dict[tuple[object, str], Asked] = {}
    for service in unit.of(Service):
        owner, root = defined_as(service) or service, service.identity.root
        before = versions.get(owner)
        if before is not None:
            root = completed(*_SERVICE, before, root)
            if any(changes(*_SERVICE, before, root)):
                continue  # refused for that: the object stays as it is
        asked = list(_asked(service, root))
        holders = [(one, allocators.holder_of_address(one.address, owner)) for one in asked]
        found = [Taken(one, holding[holder, one.address]) for one, holder in holders if holder is not None]
        yield from (one for one in found if not _may_be_one(one.asking.service, one.holding.service))
        if not found:
            versions[owner] = root
            allocators.give(owner, Held(addresses=frozenset(one.address for one in asked)))
            holding.update({(owner, one.address): one for one in asked if service.holds(one.path)})


def _asked(service: Service, root: Mapping) -> Iterator[Asked]:
    spec = Node(root)["spec"]
    if type_of(spec) in (None, EXTERNAL_NAME):
        return
    for index, item in enumerate(known_addresses(spec)):
        path = "spec.clusterIP" if index == 0 and not service.holds(item.path) else item.path
        yield Asked(service, path, str(sloppy_address(item.text or "")))


def _may_be_one(one: Service, other: Service) -> bool:
    """Whether both may be variants of one object."""
    names = {name for name in (one.name, other.name) if isinstance(name, str)}
    spaces = {space for space in (one.namespace, other.namespace) if isinstance(space, str)}
    return len(names) < 2 and len(spaces) < 2
