"""Packets judged one by one, in plain Python straight from the specifications; knows nothing of kubeqed.

https://kubernetes.io/docs/concepts/services-networking/network-policies/
https://network-policy-api.sigs.k8s.io/reference/spec/
"""

from __future__ import annotations

import ipaddress
from typing import Any, NamedTuple

Manifest = dict[str, Any]


class Packet(NamedTuple):
    """From and to are pods (manifests) or addresses."""

    source: Manifest | str
    destination: Manifest | str
    protocol: str
    port: int


class Cluster:
    """Judges packets by the policies of a list of manifests."""

    def __init__(self, objects: list[Manifest], *, blocks_match_pods: bool) -> None:
        self.blocks_match_pods = blocks_match_pods
        self.spaces = {
            o["metadata"]["name"]: o["metadata"].get("labels", {}) for o in objects if o["kind"] == "Namespace"
        }
        self.pods = [o for o in objects if o["kind"] == "Pod"]
        self.policies = [o for o in objects if o["kind"] == "NetworkPolicy"]
        admin = [o for o in objects if o["kind"] == "AdminNetworkPolicy"]
        admin += [o for o in objects if o["kind"] == "ClusterNetworkPolicy" and o["spec"]["tier"] == "Admin"]
        self.admin = sorted(admin, key=lambda o: o["spec"]["priority"])
        base = [o for o in objects if o["kind"] == "BaselineAdminNetworkPolicy"]
        late = [o for o in objects if o["kind"] == "ClusterNetworkPolicy" and o["spec"]["tier"] == "Baseline"]
        self.baseline = [*base, *sorted(late, key=lambda o: o["spec"]["priority"])]

    def passes(self, packet: Packet) -> bool:
        """Both sides must agree; what is outside agrees to everything."""
        sent = isinstance(packet.source, str) or self._side(packet.source, packet.destination, packet, "egress")
        taken = isinstance(packet.destination, str) or self._side(packet.destination, packet.source, packet, "ingress")
        return sent and taken

    def _side(self, pod: Manifest, other: Manifest | str, packet: Packet, way: str) -> bool:
        if pod["spec"].get("hostNetwork"):
            return True
        verdict = self._ordered(self.admin, pod, other, packet, way)
        if verdict in ("Allow", "Deny"):
            return verdict == "Allow"
        isolating = [p for p in self.policies if self._isolates(p, pod, way)]
        if isolating:
            return any(self._rule(p, r, other, packet, way) for p in isolating for r in p["spec"].get(way) or [])
        return self._ordered(self.baseline, pod, other, packet, way) != "Deny"

    def _isolates(self, policy: Manifest, pod: Manifest, way: str) -> bool:
        spec = policy["spec"]
        types = spec.get("policyTypes") or ["Ingress", *(["Egress"] if spec.get("egress") else [])]
        same = policy["metadata"]["namespace"] == pod["metadata"]["namespace"]
        return same and way.capitalize() in types and _selects(spec.get("podSelector") or {}, _labels(pod))

    def _rule(self, policy: Manifest, rule: Manifest, other: Manifest | str, packet: Packet, way: str) -> bool:
        peers = rule.get("from" if way == "ingress" else "to")
        ports = rule.get("ports")
        at_peer = not peers or any(self._peer(policy, peer, other) for peer in peers)
        return at_peer and (not ports or any(_port(port, packet) for port in ports))

    def _peer(self, policy: Manifest, peer: Manifest, other: Manifest | str) -> bool:
        if "ipBlock" in peer:
            if not isinstance(other, str):
                return self.blocks_match_pods and _in_block(peer["ipBlock"], _address(other))
            return _in_block(peer["ipBlock"], other)
        if isinstance(other, str) or _on_host(other):
            return False
        if "namespaceSelector" in peer:
            if not _selects(peer["namespaceSelector"], self._space(other)):
                return False
        elif other["metadata"]["namespace"] != policy["metadata"]["namespace"]:
            return False
        return _selects(peer.get("podSelector") or {}, _labels(other))

    def _ordered(self, policies: list[Manifest], pod: Manifest, other: Manifest | str, packet: Packet, way: str) -> str:
        for policy in policies:
            if self._of(policy["spec"]["subject"], pod):
                for rule in policy["spec"].get(way) or []:
                    if self._admin_rule(rule, other, packet, way):
                        return str(rule["action"]).replace("Accept", "Allow")
        return "none"

    def _admin_rule(self, rule: Manifest, other: Manifest | str, packet: Packet, way: str) -> bool:
        peers = rule["from" if way == "ingress" else "to"]
        ports = rule.get("ports") or rule.get("protocols")
        at_peer = any(self._admin_peer(peer, other) for peer in peers)
        return at_peer and (not ports or any(_admin_port(port, packet) for port in ports))

    def _admin_peer(self, peer: Manifest, other: Manifest | str) -> bool:
        if "networks" in peer:
            address = other if isinstance(other, str) else _address(other)
            return any(_in_block({"cidr": cidr}, address) for cidr in peer["networks"])
        return not isinstance(other, str) and self._of(peer, other)

    def _of(self, selection: Manifest, pod: Manifest) -> bool:
        if _on_host(pod):
            return False
        if "namespaces" in selection:
            return _selects(selection["namespaces"], self._space(pod))
        pods = selection["pods"]
        return _selects(pods["namespaceSelector"], self._space(pod)) and _selects(pods["podSelector"], _labels(pod))

    def _space(self, pod: Manifest) -> dict[str, str]:
        name = pod["metadata"]["namespace"]
        return {**self.spaces.get(name, {}), "kubernetes.io/metadata.name": name}


def _labels(pod: Manifest) -> dict[str, str]:
    labels: dict[str, str] = pod["metadata"].get("labels", {})
    return labels


def _on_host(pod: Manifest) -> bool:
    return bool(pod["spec"].get("hostNetwork"))


def _address(pod: Manifest) -> str:
    return str(pod["status"]["podIP"])


def _selects(selector: Manifest, labels: dict[str, str]) -> bool:
    for key, value in (selector.get("matchLabels") or {}).items():
        if labels.get(key) != value:
            return False
    for one in selector.get("matchExpressions") or []:
        key, operator, values = one["key"], one["operator"], one.get("values", [])
        if operator == "In" and not (key in labels and labels[key] in values):
            return False
        if operator == "NotIn" and key in labels and labels[key] in values:
            return False
        if operator == "Exists" and key not in labels:
            return False
        if operator == "DoesNotExist" and key in labels:
            return False
    return True


def _in_block(block: Manifest, address: str) -> bool:
    number = ipaddress.ip_address(address)
    networks = [ipaddress.ip_network(cidr) for cidr in (block["cidr"], *block.get("except", []))]
    return number in networks[0] and not any(number in hole for hole in networks[1:])


def _declared(packet: Packet, name: str, protocol: str | None) -> bool:
    """Whether the destination declares the packet's port under this name."""
    if isinstance(packet.destination, str) or _on_host(packet.destination):
        return False
    spec = packet.destination["spec"]
    sidecars = [one for one in spec.get("initContainers", []) if one.get("restartPolicy") == "Always"]
    for container in [*spec["containers"], *sidecars]:
        for port in container.get("ports", []):
            typed = port.get("protocol", "TCP")
            named = port.get("name") == name and typed == packet.protocol and protocol in (None, typed)
            if named and port["containerPort"] == packet.port:
                return True
    return False


def _port(port: Manifest, packet: Packet) -> bool:
    protocol = port.get("protocol", "TCP")
    if protocol != packet.protocol:
        return False
    number: Any = port.get("port")
    if number is None:
        return True
    if isinstance(number, str):
        return _declared(packet, number, protocol)
    return bool(number <= packet.port <= port.get("endPort", number))


def _admin_port(port: Manifest, packet: Packet) -> bool:
    name = port.get("namedPort") or port.get("destinationNamedPort")
    if name:
        return _declared(packet, name, None)
    if "portNumber" in port:
        return (port["portNumber"]["protocol"], port["portNumber"]["port"]) == (packet.protocol, packet.port)
    if "portRange" in port:
        spread = port["portRange"]
        return bool(spread["protocol"] == packet.protocol and spread["start"] <= packet.port <= spread["end"])
    ((protocol, target),) = port.items()
    if protocol.upper() != packet.protocol:
        return False
    place = target.get("destinationPort")
    if place is None:
        return True
    if "number" in place:
        return bool(place["number"] == packet.port)
    return bool(place["range"]["start"] <= packet.port <= place["range"]["end"])
