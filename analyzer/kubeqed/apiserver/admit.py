"""The verb: decode, then validate as the kind demands."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator
from functools import cache

from kubeqed.apiserver import kinds
from kubeqed.apiserver.decode.decode import decode
from kubeqed.apiserver.decode.placeholders import soften_in_template, soften_stand_in
from kubeqed.apiserver.decode.served import report_unserved, warn_of_deprecation
from kubeqed.apiserver.decode.table import type_of
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation
from kubeqed.diagnostic import Certainty
from kubeqed.model.file_names import is_named_template
from kubeqed.model.kinds.builtin import BUILTIN
from kubeqed.model.kinds.object import Object
from kubeqed.parse import Mapping
from kubeqed.sources.modules import list_modules

Validator = Callable[[Node, Server], Iterator[Violation]]


def find_violations(item: Object, server: Server) -> Iterator[Violation]:
    """Everything that the server would say to the object, in the order of decoding and validation."""
    identity = item.identity
    whole = identity.origin.document.root
    if isinstance(whole, Mapping) and whole.get("sops") is not None:
        return iter(())  # a List that SOPS encrypted
    found = admit(identity.root, identity.group, identity.version, identity.kind, server)
    if is_named_template(item.file) and not _is_rendered(item):
        found = soften_in_template(found)
    if not identity.origin.document.readings or not _is_known(identity.group, identity.kind):
        return found
    from kubeqed.apiserver.decode.readings import quote_source_text  # few documents need it

    return quote_source_text(identity, found)


def _is_rendered(item: Object) -> bool:
    """Whether the template was executed, so that the server gets just this; such an object is called by its template."""
    written = item.identity.origin.document.source
    return written is not None and "/templates/" in (written.name or "")


def admit(root: Mapping, group: str, version: str, kind: str, server: Server) -> Iterator[Violation]:
    """As `find_violations`, for a value tree whose kind is already known."""
    if root.get("$patch") is not None or root.get("sops") is not None:
        return  # a kustomize patch, or encrypted: a server sees something else
    for violation in _validate_fields(Node(root), group, version, kind, server):
        judges_value = violation.certainty is Certainty.REJECTED and violation.reason != Reason.FIELD_UNKNOWN
        yield soften_stand_in(violation, root) if judges_value else violation


def _validate_fields(node: Node, group: str, version: str, kind: str, server: Server) -> Iterator[Violation]:
    if kind.lower() in _list_custom_kinds():
        from kubeqed.apiserver import crd as custom

        what = custom.find_resource(group, kind)
        if what is not None:
            yield from custom.validate_custom_resource(node, version, what, server.version)
            return
    served = type_of(group, version, kind)
    if served is None and (group, kind) not in BUILTIN and node["metadata"].absent:
        return  # no object, but what clients and servers tell one another: a kubeconfig, an APIResourceList
    if served is None or not served.is_known_to(server.version):
        yield from report_unserved(group, version, kind, server)
        return
    yield from warn_of_deprecation(node, group, version, kind, server)
    yield from decode(node, served.code, server.version)
    validator = _import_validators(kind.lower()).get((group, version, kind))
    if validator is not None:
        yield from validator(node, server)


def _is_known(group: str, kind: str) -> bool:
    """Whether the fields of the kind are Kubernetes' own, or those of a custom resource that is described here."""
    return (group, kind) in BUILTIN or kind.lower() in _list_custom_kinds()


@cache
def _import_validators(module: str) -> dict[tuple[str, str, str], Validator]:
    if module not in _list_kind_modules():
        return {}
    found: dict[tuple[str, str, str], Validator] = importlib.import_module(f"{kinds.__name__}.{module}").KINDS
    return found


@cache
def _list_custom_kinds() -> frozenset[str]:
    """The kinds in lower case for which there is the schema of a custom resource."""
    names = os.listdir(os.path.join(os.path.dirname(__file__), "data"))
    return frozenset(name.split(".")[1] for name in names if name.startswith("custom."))


@cache
def _list_kind_modules() -> frozenset[str]:
    return frozenset(list_modules(kinds.__path__))
