"""What platforms reserve, refuse and count where they plan addresses: the package data, typed.

`python -m data.generate_ipam` writes the data, with the addresses of its sources.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any, NamedTuple


class AddressLimits(NamedTuple):
    """The numbers of the package data; names that begin with a platform are of that platform alone."""

    service_prefix_v4: int
    service_prefix_v6: int
    node_mask_v4: int
    node_mask_v6: int
    openshift_node_mask: int
    mask_difference: int
    max_pods: int
    aks_reserved: tuple[str, ...]
    aks_service_prefix: int
    aks_reserved_in_subnet: int
    aks_max_pods: dict[str, int]
    kubenet_nodes: int
    overlay_nodes: int
    overlay_mask: int
    ports_per_address: int
    ports_multiple: int
    default_ports: tuple[tuple[int, int], ...]
    eks_reserved_in_subnet: int
    eks_recommended_pods: tuple[int, int]
    gke_reserved_in_subnet: int
    gke_max_pods: int
    gke_documented_pods: int
    gke_masks: tuple[tuple[int, int], ...]
    sources: tuple[str, ...]


@cache
def load_limits() -> AddressLimits:
    """The limits of the package data."""
    import json

    with open(os.path.join(os.path.dirname(__file__), "ipam.json"), encoding="utf-8") as file:
        return _make_limits(json.load(file))


def _make_limits(data: dict[str, Any]) -> AddressLimits:
    core, aks, eks, gke = data["core"], data["aks"], data["eks"], data["gke"]
    few, many = eks["recommended_pods"]
    return AddressLimits(
        service_prefix_v4=core["service_prefix_v4"],
        service_prefix_v6=core["service_prefix_v6"],
        node_mask_v4=core["node_mask_v4"],
        node_mask_v6=core["node_mask_v6"],
        openshift_node_mask=core["node_mask_openshift"],
        mask_difference=core["mask_difference"],
        max_pods=core["max_pods"],
        aks_reserved=tuple(aks["reserved"]),
        aks_service_prefix=aks["service_prefix"],
        aks_reserved_in_subnet=aks["reserved_in_subnet"],
        aks_max_pods=aks["max_pods"],
        kubenet_nodes=aks["kubenet_nodes"],
        overlay_nodes=aks["overlay_nodes"],
        overlay_mask=aks["overlay_mask"],
        ports_per_address=aks["ports_per_address"],
        ports_multiple=aks["ports_multiple"],
        default_ports=tuple((most, ports) for most, ports in aks["default_ports"]),
        eks_reserved_in_subnet=eks["reserved_in_subnet"],
        eks_recommended_pods=(few, many),
        gke_reserved_in_subnet=gke["reserved_in_subnet"],
        gke_max_pods=gke["max_pods"],
        gke_documented_pods=gke["documented_pods"],
        gke_masks=tuple((most, mask) for most, mask in gke["masks"]),
        sources=tuple(data["sources"]),
    )
