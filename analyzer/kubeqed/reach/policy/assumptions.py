"""What depends on the CNI, as far as the graph goes along with it."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.cluster import NONE, Cluster


class Assumptions(NamedTuple):
    """How a cluster's network plugin reads policies.

    `pods_by_address`: ipBlocks match pods by their addresses. `hosts_governed`: policies govern pods of the host network.
    `enforced`: policies are obeyed at all. `lacking`: what it leaves out of a policy, by the names of the package data:
    `egress`, `ipBlock`, `ipBlock_except` (the whole block is ignored), `endPort` (the first port counts), `sctp`,
    `namedPorts` (every port of the protocol counts); and the kinds of administrators' policies that it does not read.
    `named`: the user named the CNI. `controllers`: the ingress controllers of the cluster, None where they are not stated.
    `usual_controller`: the one that the platform brings for Ingresses without a class. `load_balancer`: a Service may get an
    address of a load balancer.
    """

    pods_by_address: bool = False
    hosts_governed: bool = False
    enforced: bool = True
    lacking: frozenset[str] = frozenset()
    named: bool = False
    controllers: tuple[str, ...] | None = None
    usual_controller: str | None = None
    load_balancer: bool = True


SPECIFICATION = Assumptions()

# Who takes an Ingress without a class on a platform; from the package data on ingress controllers.
_OF_PLATFORM = {"gke": "gce", "k3s": "traefik", "openshift": "openshift-router"}


def assumptions_of_cluster(cluster: Cluster, cni: str | None = None) -> Assumptions:
    """The assumptions for what the user states; `cni` takes the place of the one that the configuration names."""
    stated = cluster.cni.value if cluster.cni else None
    version = cluster.cni_version.value if cluster.cni_version and cni in (None, stated) else None
    found = assumptions_of_cni(cni or stated, version)
    controllers = cluster.ingress_controllers
    return found._replace(
        controllers=None if controllers is None else tuple(one.value for one in controllers),
        usual_controller=_OF_PLATFORM.get(cluster.provider.value) if cluster.provider else None,
        load_balancer=cluster.load_balancer is None or cluster.load_balancer.value != NONE,
    )


def assumptions_of_cni(cni: str | None, version: str | None = None) -> Assumptions:
    """The assumptions for a named CNI; those of the specification when none is named or it is not known.

    Engines that match packets by address see pods in ipBlocks too; those that match identities (Cilium) do not. A
    cluster that has no CNI obeys no policies.
    """
    if cni is None:
        return SPECIFICATION
    if cni == NONE:
        return SPECIFICATION._replace(enforced=False, named=True)
    from kubeqed.model.cni.capabilities import (
        ADMIN_KINDS,
        POD_ADDRESSES,
        Degree,
        Feature,
        load_profile,
        parse_version,
        resolve_profile,
    )

    name = resolve_profile(cni)
    if name is None:
        return SPECIFICATION
    known, number = load_profile(name), parse_version(version) if version else None
    enforced = known.enforces.at(number) is not Degree.NONE
    features = (one.value for one, support in known.features.items() if support.at(number) is Degree.NONE)
    kinds = (kind for kind in ADMIN_KINDS if known.supports_kind(kind).at(number) is Degree.NONE)
    lacking = frozenset((*features, *kinds))
    by_address = enforced and known.supports(Feature.IP_BLOCK).when != POD_ADDRESSES
    return Assumptions(by_address, enforced=enforced, lacking=lacking, named=True)
