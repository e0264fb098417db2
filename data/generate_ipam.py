"""Writes ipam.json out of ipam.yaml: what platforms reserve, refuse and count where they plan addresses.

    python -m data.generate_ipam

The source is written for people: its formulas are code in kubeqed.model.addresses, its worked examples are tests of that code,
and its numbers and sources come from here. The output is read by kubeqed.model.addresses.limits.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from data.generate_cni import plain

from kubeqed.parse import parse
from kubeqed.sources import SourceFile

SOURCE = Path(__file__).with_name("ipam.yaml")
TARGET = Path(__file__).parents[1] / "analyzer/kubeqed/model/addresses/ipam.json"

# By the names that the configuration uses for what the source calls otherwise.
_DEFAULT_PODS = {
    "overlay": "azure-cni-overlay",
    "pod-subnet": "azure-cni-pod-subnet",
    "node-subnet": "azure-cni-node-subnet (legacy)",
    "kubenet": "kubenet",
}
# Its rules for service ranges are prose: from which prefix on a range is taken, and from which on that is documented.
_AKS_SERVICE = "must be smaller than /12"


def generate(source: Any) -> dict[str, Any]:
    """The package data for a parsed source."""
    core, aks, gke = source["kubernetes_core"], source["aks"], source["gke"]
    return {
        "as_of": source["as_of"],
        "core": {
            "service_prefix_v4": core["service_cidr"]["ipv4_min_prefix"],
            "service_prefix_v6": core["service_cidr"]["ipv6_min_prefix_with_allocator"],
            "node_mask_v4": core["cluster_cidr"]["node_cidr_mask_size_ipv4_default"],
            "node_mask_v6": core["cluster_cidr"]["node_cidr_mask_size_ipv6_default"],
            "node_mask_openshift": int(source["on_prem"]["openshift"]["hostPrefix"].partition(" ")[0]),
            "mask_difference": core["cluster_cidr"]["mask_difference_max"],
            "max_pods": core["cluster_cidr"]["kubelet_max_pods_default"],
        },
        "aks": {
            "reserved": aks["reserved_ranges"]["cidrs"],
            "service_prefix": _read_service_prefix(aks["service_cidr"]["documented_text"]),
            "reserved_in_subnet": aks["azure_subnet_reserved_addresses"]["count"],
            "max_pods": {key: aks["max_pods"]["default"][name] for key, name in _DEFAULT_PODS.items()},
            "kubenet_nodes": aks["kubenet"]["max_nodes"],
            "overlay_nodes": aks["azure_cni_overlay"]["max_nodes"],
            "overlay_mask": int(aks["azure_cni_overlay"]["per_node"].removeprefix("/").removesuffix(" fixed")),
            "ports_per_address": aks["snat"]["ports_per_public_ip"],
            "ports_multiple": aks["snat"]["ports_multiple_of"],
            "default_ports": [
                [int(pool.partition("-")[2]), ports]
                for pool, ports in aks["snat"]["default_automatic_ports_by_pool_size"].items()
            ],
        },
        "eks": {
            "reserved_in_subnet": source["eks"]["subnet_reserved_addresses"]["count"],
            "recommended_pods": [110, 250],
        },
        "gke": {
            "reserved_in_subnet": gke["primary_subnet_reserved"],
            "max_pods": gke["pods_per_node_to_mask"]["default_standard"],
            "documented_pods": gke["pods_per_node_to_mask"]["older_hard_limit"],
            "masks": [[row["pods_max"], row["mask"]] for row in gke["pods_per_node_to_mask"]["table"]],
        },
        "sources": list(
            dict.fromkeys(address for part in (core, aks, source["eks"], gke) for address in part["sources"])
        ),
    }


def rendered(content: bytes) -> str:
    """The text of ipam.json for the bytes of the source."""
    (document,) = parse(SourceFile("ipam.yaml", content)).documents
    return json.dumps(generate(plain(document.document.root)), indent=1, ensure_ascii=False) + "\n"


def _read_service_prefix(text: str) -> int:
    """The prefix of which a range is not small enough; another text stops the generator."""
    if text != _AKS_SERVICE:
        raise ValueError(f"what does this say of service ranges: {text}")
    return 12


if __name__ == "__main__":
    TARGET.write_text(rendered(SOURCE.read_bytes()), encoding="utf-8")
