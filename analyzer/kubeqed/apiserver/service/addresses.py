"""`clusterIP`, `clusterIPs` and IP families, alone and against the ranges of the server.

Ported from ValidateServiceClusterIPsRelatedFields and initIPFamilyFields of k8s.io/kubernetes.
"""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.address import address_faults, sloppy_address
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.service import EXTERNAL_NAME, TYPES, type_of
from kubeqed.apiserver.violation import Violation, duplicate, invalid, unsupported
from kubeqed.model.values.known import UNKNOWN, equals, is_known, is_one_of, is_set, known_or
from kubeqed.parse import Unknown

POLICIES = ("SingleStack", "PreferDualStack", "RequireDualStack")
FAMILIES = ("IPv4", "IPv6")
_SEVERAL = "must be RequireDualStack or PreferDualStack when several"


def written_addresses(spec: Node) -> list[Node] | Unknown:
    """`clusterIPs`, or `clusterIP` alone at the path the server gives it."""
    single, several = spec["clusterIP"], spec["clusterIPs"]
    if not is_known(several.length) or not is_known(single.text):
        return UNKNOWN
    alone = [Node(single.value, several, 0)] if single.text else []
    items = [*several.items()] if several.length else alone
    return items if all(is_known(item.text) for item in items) else UNKNOWN


def known_addresses(spec: Node) -> Iterator[Node]:
    """Those of the addresses that are known, at the path the server gives them; an unknown one hides no other."""
    several = spec["clusterIPs"]
    items = [*several.items()] or [Node(spec["clusterIP"].value, several, 0)]
    return (item for item in items if is_set(item.text) and sloppy_address(item.text) is not None)


def taken_addresses(spec: Node) -> list[str | None]:
    """The addresses that a Service takes, sorted; None is one that the server picks. Empty where that is not known."""
    kind, written = type_of(spec), written_addresses(spec)
    if not is_known(kind) or kind == EXTERNAL_NAME or not is_known(written):
        return []
    fixed: list[str | None] = [
        *sorted({str(sloppy_address(known_or(item.text, ""))) for item in known_addresses(spec)})
    ]
    return fixed if written else [None]


def validate_allocation(root: Node, server: Server) -> Iterator[Violation]:
    """What the allocator of addresses refuses, before anything else is looked at."""
    spec = root["spec"]
    kind = type_of(spec)
    if not is_known(kind) or kind == EXTERNAL_NAME:
        return
    # The order is the server's: it allocates before it validates, and stops at the first group of faults. Reporting
    # the later groups as well would name faults that the user never sees.
    faults = [*validate_cluster_ips(spec, server)]
    yield from faults
    addresses = written_addresses(spec)
    if faults or not is_known(addresses):
        return
    refused = [*_validate_policy(spec, addresses), *_find_unconfigured(spec, addresses, server)]
    yield from refused
    if refused or (addresses and equals(addresses[0].text, "None")):
        if not refused and spec["selector"].filled:
            yield from _validate_families(spec, server)
        return
    faults = [*_validate_families(spec, server)]
    yield from faults or _find_outside(addresses, server)


def validate_cluster_ips(spec: Node, server: Server) -> Iterator[Violation]:
    """The addresses and families, as far as they can be judged without the ranges."""
    kind = type_of(spec)
    if is_known(kind) and kind not in TYPES[:3]:
        return
    if not is_known(kind) and not is_set(spec["clusterIP"].text):
        return
    several, policy = spec["clusterIPs"], spec["ipFamilyPolicy"]
    yield from _validate_agreement(spec)
    yield from _stated_families(spec["ipFamilies"])
    if policy.present and is_known(policy.text) and policy.text not in POLICIES:
        yield unsupported(policy, POLICIES)
    addresses = written_addresses(spec)
    if not is_known(addresses):
        return
    faults = [*_well_formed(addresses, several, server)]
    yield from faults
    if not faults:
        yield from _validate_pairs(addresses, several, spec["ipFamilies"])


def _validate_agreement(spec: Node) -> Iterator[Violation]:
    single, several = spec["clusterIP"].text, spec["clusterIPs"]
    first = next(several.items(), None)
    if first is None or not is_known(single):
        return
    if not single:
        yield invalid(several, "must be empty when `clusterIP` is not specified", Reason.CLUSTER_IP_CLASH)
    elif is_known(first.text) and first.text != single:
        yield invalid(several, "first value must match `clusterIP`", Reason.CLUSTER_IP_CLASH)


def _stated_families(families: Node) -> Iterator[Violation]:
    seen: set[str] = set()
    for family in families.items():
        if not is_known(family.text):
            continue
        if family.text not in FAMILIES:
            yield unsupported(family, FAMILIES)
        if family.text in seen:
            yield duplicate(family)
        seen.add(family.text)


def _well_formed(addresses: list[Node], several: Node, server: Server) -> Iterator[Violation]:
    for index, address in enumerate(addresses):
        if index == 0 and equals(address.text, "None"):
            if len(addresses) > 1:
                yield invalid(several, "None must be the first and only value", Reason.CLUSTER_IP_CLASH)
            continue
        for why in address_faults(known_or(address.text, ""), strict=server.strict_addresses):
            yield invalid(address, why, Reason.CLUSTER_IP_CLASH)
    if len(addresses) > 2:
        yield invalid(several, "may only hold up to 2 values", Reason.CLUSTER_IP_CLASH)


def _validate_pairs(addresses: list[Node], several: Node, families: Node) -> Iterator[Violation]:
    found = [_name_family(address) for address in addresses]
    if len(found) > 1 and len(set(found)) < 2:
        yield invalid(several, "may specify no more than one IP for each IP family", Reason.CLUSTER_IP_CLASH)
    if addresses and equals(addresses[0].text, "None"):
        return
    for address, family, stated in zip(addresses, found, families.items(), strict=False):
        if is_one_of(stated.text, FAMILIES) and stated.text != family:
            yield invalid(address, f"expected an {stated.text} value as {stated.path} says", Reason.CLUSTER_IP_CLASH)


def _validate_policy(spec: Node, addresses: list[Node]) -> Iterator[Violation]:
    policy, families = spec["ipFamilyPolicy"], spec["ipFamilies"]
    selectorless = equals(spec["selector"].length, 0)
    # A headless Service without a selector becomes dual-stack by itself when it states no policy.
    dual = bool(addresses) and equals(addresses[0].text, "None") and selectorless and policy.absent
    if not is_one_of(policy.text, ("", "SingleStack")) or dual or not is_known(spec["selector"].length):
        return
    if len(addresses) == 2:
        yield invalid(policy, f"{_SEVERAL} cluster IPs are specified")
    if equals(families.length, 2):
        yield invalid(policy, f"{_SEVERAL} IP families are specified")


def _find_unconfigured(spec: Node, addresses: list[Node], server: Server) -> Iterator[Violation]:
    stated = spec["ipFamilies"].length
    if not is_known(stated) or not server.families:
        return
    for index, address in enumerate(addresses):
        if equals(address.text, "None"):
            break
        # A family that is stated is judged in `_validate_families`; here are those that the server derives from addresses.
        if index >= stated and _name_family(address) not in server.families:
            yield invalid(
                address, f"{_name_family(address)} is not configured on this cluster", Reason.CLUSTER_IP_CLASH
            )


def _validate_families(spec: Node, server: Server) -> Iterator[Violation]:
    """Families and policy against those of the cluster; silent where the range is not stated."""
    if not server.families:
        return
    if equals(spec["ipFamilyPolicy"].text, "RequireDualStack") and len(server.families) < 2:
        yield invalid(spec["ipFamilyPolicy"], "this cluster is not configured for dual-stack services")
    for family in spec["ipFamilies"].items():
        if is_set(family.text) and family.text not in server.families:
            yield invalid(family, "not configured on this cluster")


def _find_outside(addresses: list[Node], server: Server) -> Iterator[Violation]:
    """Addresses outside the range; its first address belongs to the API server, the last of IPv4 is never used."""
    if not addresses or not server.service_cidrs:
        return
    import ipaddress

    several = addresses[0].parent
    for item in addresses:
        address = sloppy_address(known_or(item.text, ""))
        networks = [ipaddress.ip_network(cidr, strict=False) for cidr in server.service_cidrs]
        inside = [network for network in networks if address is not None and network.version == address.version]
        if address is None or not inside or several is None:
            continue
        network = inside[0]
        usable = address in network and address != network.network_address
        if not usable or (network.version == 4 and address == network.broadcast_address):
            yield Violation(
                Reason.CLUSTER_IP_CLASH,
                several.path,
                f"sets {several.path} to {item.text}, which is not in the service range {network}",
            )
        elif address == network.network_address + 1 and network is networks[0]:
            yield Violation(
                Reason.CLUSTER_IP_CLASH,
                several.path,
                f"sets {several.path} to {item.text}, which belongs to the API server's own Service",
            )


def _name_family(address: Node) -> str:
    return "IPv6" if ":" in known_or(address.text, "") else "IPv4"
