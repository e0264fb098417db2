"""AdminNetworkPolicy (v1alpha1): what the administrator decides before any NetworkPolicy is asked.

https://network-policy-api.sigs.k8s.io/reference/spec/#policy.networking.k8s.io/v1alpha1.AdminNetworkPolicy
"""

from __future__ import annotations

from dataclasses import dataclass

from kubeqed.model.kinds.adminrule import AdminRule, AdminSelector, read_ports, read_rules, read_subject
from kubeqed.model.kinds.object import Identity, Object, read_metadata
from kubeqed.model.values.fields import Listing, read_field, read_integer
from kubeqed.parse import Unknown


@dataclass(frozen=True, slots=True, eq=False)
class AdminNetworkPolicy(Object):
    """An AdminNetworkPolicy; the lower its priority, the earlier it is asked."""

    priority: int | Unknown | None
    subject: AdminSelector | None
    ingress: Listing[AdminRule]
    egress: Listing[AdminRule]


def read(identity: Identity) -> AdminNetworkPolicy:
    """The AdminNetworkPolicy of a manifest."""
    spec = read_field(identity.root, "spec")
    return AdminNetworkPolicy(
        *read_metadata(identity, namespaced=False),
        priority=read_integer(spec, "priority"),
        subject=read_subject(spec),
        ingress=read_rules(spec, "ingress", read_ports),
        egress=read_rules(spec, "egress", read_ports),
    )


KINDS = {("policy.networking.k8s.io", "AdminNetworkPolicy"): read}
