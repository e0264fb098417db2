"""ReferenceGrant of the Gateway API: lets objects of other namespaces refer to those of its own.

https://gateway-api.sigs.k8s.io/reference/spec/#referencegrant
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from kubeqed.model.kinds.gatewayroute import GROUP
from kubeqed.model.kinds.object import Identity, Object, read_metadata
from kubeqed.model.values.fields import Listing, apply_default, read_field, read_list, read_text
from kubeqed.parse import Unknown, Value


class GrantedFrom(NamedTuple):
    """One of `from`: objects of a kind in another namespace."""

    group: str | Unknown
    kind: str | Unknown | None
    namespace: str | Unknown | None


class GrantedTo(NamedTuple):
    """One of `to`: objects of a kind here; `name` None is every one of them."""

    group: str | Unknown
    kind: str | Unknown | None
    name: str | Unknown | None


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceGrant(Object):
    """A ReferenceGrant; any pair of its `sources` and `targets` is granted."""

    sources: Listing[GrantedFrom]
    targets: Listing[GrantedTo]


def read(identity: Identity) -> ReferenceGrant:
    """The ReferenceGrant of a manifest."""
    spec = read_field(identity.root, "spec")
    return ReferenceGrant(
        *read_metadata(identity),
        sources=read_list(spec, "from", lambda item, _: _read_from(item)),
        targets=read_list(spec, "to", lambda item, _: _read_to(item)),
    )


def _read_from(node: Value) -> GrantedFrom:
    return GrantedFrom(
        apply_default(read_text(node, "group"), ""), read_text(node, "kind"), read_text(node, "namespace")
    )


def _read_to(node: Value) -> GrantedTo:
    return GrantedTo(apply_default(read_text(node, "group"), ""), read_text(node, "kind"), read_text(node, "name"))


KINDS = {(GROUP, "ReferenceGrant"): read}
