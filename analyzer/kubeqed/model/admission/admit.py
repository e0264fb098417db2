"""The verb: decode, then validate as the kind demands."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache

from kubeqed.model.admission import custom, kinds
from kubeqed.model.admission.decode import decode
from kubeqed.model.admission.node import Node
from kubeqed.model.admission.served import not_served, served_with_warning
from kubeqed.model.admission.server import Server
from kubeqed.model.admission.table import type_of
from kubeqed.model.admission.violation import Violation
from kubeqed.model.object import Object
from kubeqed.parse import Mapping

Validator = Callable[[Node, Server], Iterator[Violation]]


def violations(item: Object, server: Server) -> Iterator[Violation]:
    """Everything that the server would say to the object, in the order of decoding and validation."""
    identity = item.identity
    return admit(identity.root, identity.group, identity.version, identity.kind, server)


def admit(root: Mapping, group: str, version: str, kind: str, server: Server) -> Iterator[Violation]:
    """As `violations`, for a value tree whose kind is already known."""
    node = Node(root)
    what = custom.known(group, kind)
    if what is not None:
        yield from custom.validate(node, version, what, server.version)
        return
    served = type_of(group, version, kind)
    if served is None or not served.is_known_to(server.version):
        yield from not_served(node, group, version, kind, server)
        return
    yield from served_with_warning(node, group, version, kind, server)
    yield from decode(node, served.code, server.version)
    validator = _validators(kind.lower()).get((group, version, kind))
    if validator is not None:
        yield from validator(node, server)


@cache
def _validators(module: str) -> dict[tuple[str, str, str], Validator]:
    if module not in _modules():
        return {}
    found: dict[tuple[str, str, str], Validator] = importlib.import_module(f"{kinds.__name__}.{module}").KINDS
    return found


@cache
def _modules() -> frozenset[str]:
    return frozenset(module.name for module in pkgutil.iter_modules(kinds.__path__))
