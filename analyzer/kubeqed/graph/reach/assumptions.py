"""What depends on the CNI, as far as the graph goes along with it."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.cluster import NONE


class Assumptions(NamedTuple):
    """How a cluster's network plugin reads policies.

    `pods_by_address`: ipBlocks match pods by their addresses. `hosts_governed`: policies govern pods of the host network.
    `enforced`: policies are obeyed at all. `lacking`: what it leaves out of a policy, by the names of the package data:
    `egress`, `ipBlock`, `ipBlock_except` (the whole block is ignored), `endPort` (the first port counts), `sctp`.
    `named` says that somebody said which CNI it is.
    """

    pods_by_address: bool = False
    hosts_governed: bool = False
    enforced: bool = True
    lacking: frozenset[str] = frozenset()
    named: bool = False


SPECIFICATION = Assumptions()


def assumptions_for(cni: str | None, version: str | None = None) -> Assumptions:
    """The assumptions for a named CNI; those of the specification when none is named or known.

    Engines that match packets by address see pods in ipBlocks too; those that match identities (Cilium) do not.
    """
    if cni is None:
        return SPECIFICATION
    if cni == NONE:
        return SPECIFICATION._replace(named=True)
    from kubeqed.model.cni import Degree, parse_version, profile, resolved

    name = resolved(cni)
    if name is None:
        return SPECIFICATION
    known, number = profile(name), parse_version(version) if version else None
    enforced = known.enforces.at(number) is not Degree.NONE
    lacking = frozenset(one.value for one, support in known.features.items() if support.at(number) is Degree.NONE)
    return Assumptions(enforced and "cilium" not in name, enforced=enforced, lacking=lacking, named=True)
