"""What depends on the CNI, as far as the graph goes along with it."""

from __future__ import annotations

from typing import NamedTuple


class Assumptions(NamedTuple):
    """How a cluster's network plugin reads policies.

    `pods_by_address`: ipBlocks match pods by their addresses. `hosts_governed`: policies govern pods of the host network.
    `enforced`: policies are obeyed at all.
    """

    pods_by_address: bool = False
    hosts_governed: bool = False
    enforced: bool = True


SPECIFICATION = Assumptions()


def assumptions_for(cni: str | None) -> Assumptions:
    """The assumptions for a named CNI; those of the specification when none is named or known.

    Engines that match packets by address see pods in ipBlocks too; those that match identities (Cilium) do not.
    """
    if cni is None or cni == "none":
        return SPECIFICATION
    from kubeqed.model.cni import Degree, profile, resolved

    name = resolved(cni)
    if name is None:
        return SPECIFICATION
    enforced = profile(name).enforces.at(None) is not Degree.NONE
    return Assumptions(pods_by_address=enforced and "cilium" not in name, enforced=enforced)
