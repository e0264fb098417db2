"""Hostnames with a wildcard, as the Gateway API and Ingresses have them.

https://gateway-api.sigs.k8s.io/reference/spec/#hostname
https://kubernetes.io/docs/concepts/services-networking/ingress/#hostname-wildcards
"""

from __future__ import annotations


def hostnames_meet(one: str, other: str) -> bool:
    """Whether some host has both names; `*.example.com` is one or more labels before `.example.com`."""
    one, other = one.lower(), other.lower()
    if one == other:
        return True
    for wild, name in ((one, other), (other, one)):
        if wild.startswith("*.") and name.removeprefix("*").endswith(wild[1:]) and name != wild[2:]:
            return True
    return False


def ingress_hosts_meet(one: str, other: str) -> bool:
    """The same for hosts of an Ingress, where a wildcard is a single label."""
    return hostnames_meet(one, other) and one.count(".") == other.count(".")
