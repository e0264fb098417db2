"""ClusterNetworkPolicy (v1alpha2): AdminNetworkPolicy and its baseline as one kind with a tier.

Amazon's and Antrea's kinds of the same name are other kinds.
https://network-policy-api.sigs.k8s.io/reference/spec/#policy.networking.k8s.io/v1alpha2.ClusterNetworkPolicy
"""

from __future__ import annotations

from dataclasses import dataclass

from kubeqed.model.kinds.adminrule import AdminPort, AdminRule, AdminSelector, read_rules, read_subject
from kubeqed.model.kinds.object import Identity, Object, read_metadata
from kubeqed.model.values.fields import Listing, read_field, read_integer, read_list, read_mapping, read_text
from kubeqed.parse import Fresh, Unknown, Value

_NO_PROTOCOL = Fresh("protocol")


@dataclass(frozen=True, slots=True, eq=False)
class ClusterNetworkPolicy(Object):
    """A ClusterNetworkPolicy; `tier` is Admin or Baseline, inside it the lower priority is asked first."""

    tier: str | Unknown | None
    priority: int | Unknown | None
    subject: AdminSelector | None
    ingress: Listing[AdminRule]
    egress: Listing[AdminRule]


def read(identity: Identity) -> ClusterNetworkPolicy:
    """The ClusterNetworkPolicy of a manifest."""
    spec = read_field(identity.root, "spec")
    return ClusterNetworkPolicy(
        *read_metadata(identity, namespaced=False),
        tier=read_text(spec, "tier"),
        priority=read_integer(spec, "priority"),
        subject=read_subject(spec),
        ingress=read_rules(spec, "ingress", _read_protocols),
        egress=read_rules(spec, "egress", _read_protocols),
    )


def _read_protocols(rule: Value, path: str) -> Listing[AdminPort]:
    return read_list(rule, "protocols", lambda item, index: _read_protocol(item, f"{path}.protocols[{index}]"))


def _read_protocol(node: Value, path: str) -> AdminPort:
    named = read_text(node, "destinationNamedPort")
    if named is not None:
        return AdminPort(f"{path}.destinationNamedPort", None, None, None, named)
    for key in ("tcp", "udp", "sctp"):
        chosen = read_mapping(node, key)
        if chosen is not None:
            port = read_field(chosen, "destinationPort")
            return _read_port(port, key.upper(), f"{path}.{key}.destinationPort")
    return AdminPort(path, Unknown(_NO_PROTOCOL, "a protocol that is not known"), None, None, None)


def _read_port(node: Value, protocol: str, path: str) -> AdminPort:
    spread = read_mapping(node, "range")
    if spread is not None:
        return AdminPort(f"{path}.range", protocol, read_integer(spread, "start"), read_integer(spread, "end"), None)
    return AdminPort(f"{path}.number", protocol, read_integer(node, "number"), None, None)


KINDS = {("policy.networking.k8s.io", "ClusterNetworkPolicy"): read}
