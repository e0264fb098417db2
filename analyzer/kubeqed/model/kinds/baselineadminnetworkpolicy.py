"""BaselineAdminNetworkPolicy (v1alpha1): what the administrator decides where no NetworkPolicy isolates.

https://network-policy-api.sigs.k8s.io/reference/spec/#policy.networking.k8s.io/v1alpha1.BaselineAdminNetworkPolicy
"""

from __future__ import annotations

from dataclasses import dataclass

from kubeqed.model.kinds.adminrule import AdminRule, AdminSelector, read_ports, read_rules, read_subject
from kubeqed.model.kinds.object import Identity, Object, read_metadata
from kubeqed.model.values.fields import Listing, read_field


@dataclass(frozen=True, slots=True, eq=False)
class BaselineAdminNetworkPolicy(Object):
    """The BaselineAdminNetworkPolicy; its name must be `default`."""

    subject: AdminSelector | None
    ingress: Listing[AdminRule]
    egress: Listing[AdminRule]


def read(identity: Identity) -> BaselineAdminNetworkPolicy:
    """The BaselineAdminNetworkPolicy of a manifest."""
    spec = read_field(identity.root, "spec")
    return BaselineAdminNetworkPolicy(
        *read_metadata(identity, namespaced=False),
        subject=read_subject(spec),
        ingress=read_rules(spec, "ingress", read_ports),
        egress=read_rules(spec, "egress", read_ports),
    )


KINDS = {("policy.networking.k8s.io", "BaselineAdminNetworkPolicy"): read}
