"""Service: a name and ports in front of pods.

https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from kubeqed.model.kinds.object import Identity, Object, read_metadata
from kubeqed.model.kinds.selector import LabelSelector, read_plain_selector
from kubeqed.model.values.fields import (
    Listing,
    read_boolean,
    read_field,
    read_integer,
    read_list,
    read_port,
    read_strings,
    read_text,
    read_text_or,
)
from kubeqed.parse import Unknown, Value

HEADLESS = "None"
EXTERNAL_NAME = "ExternalName"
SERVICE_NAME = "kubernetes.io/service-name"
"""The label of an EndpointSlice that names its Service."""


class ServicePort(NamedTuple):
    """An entry of `spec.ports`. `node_port` is None when unset, as 0 also means; `target_port` defaults to `port`."""

    path: str
    name: str | Unknown | None
    port: int | Unknown | None
    target_port: int | str | Unknown | None
    protocol: str | Unknown
    node_port: int | Unknown | None


@dataclass(frozen=True, slots=True, eq=False)
class Service(Object):
    """A Service with the API's defaults applied.

    `selector` is what the server selects pods by. It is empty when none is set, and for an ExternalName, whose selector
    the server ignores: then nothing is selected, and endpoints come from elsewhere.
    """

    type: str | Unknown
    cluster_ip: str | Unknown | None
    selector: LabelSelector
    ports: Listing[ServicePort]
    external_name: str | Unknown | None
    external_ips: Listing[str | Unknown]
    health_check_node_port: int | Unknown | None

    @property
    def is_external_name(self) -> bool:
        """Whether it is only a name for a host elsewhere: it has no endpoints, no address and no node ports."""
        return isinstance(self.type, str) and self.type == EXTERNAL_NAME

    @property
    def external_traffic_policy(self) -> str | Unknown | None:
        """`spec.externalTrafficPolicy`; with Local no node puts its own address on what comes from outside."""
        return read_text(read_field(self.identity.root, "spec"), "externalTrafficPolicy")

    @property
    def internal_traffic_policy(self) -> str | Unknown | None:
        """`spec.internalTrafficPolicy`; with Local a pod reaches only those of its own node."""
        return read_text(read_field(self.identity.root, "spec"), "internalTrafficPolicy")

    @property
    def allocates_node_ports(self) -> bool | Unknown | None:
        """`spec.allocateLoadBalancerNodePorts`; the server takes None for true."""
        return read_boolean(read_field(self.identity.root, "spec"), "allocateLoadBalancerNodePorts")

    @property
    def has_selector(self) -> bool:
        """Whether the server selects pods, by a selector that is written or may be; an empty one counts as none."""
        return not self.selector.is_empty


def read(identity: Identity) -> Service:
    """The Service of a manifest."""
    spec = read_field(identity.root, "spec")
    kind = read_text_or(spec, "type", "ClusterIP")
    selects = isinstance(kind, Unknown) or kind != EXTERNAL_NAME
    return Service(
        *read_metadata(identity),
        type=kind,
        cluster_ip=_cluster_ip(spec),
        selector=read_plain_selector(spec if selects else None, "selector", "spec.selector"),
        ports=read_list(spec, "ports", lambda item, index: _read_port(item, f"spec.ports[{index}]")),
        external_name=read_text(spec, "externalName"),
        external_ips=read_strings(spec, "externalIPs"),
        health_check_node_port=_unless_zero(read_integer(spec, "healthCheckNodePort")),
    )


def _cluster_ip(spec: Value) -> str | Unknown | None:
    """`clusterIP`, or the first of `clusterIPs` when only that is set."""
    address = read_text(spec, "clusterIP")
    if address is None:
        several = read_strings(spec, "clusterIPs")
        address = several.items[0] if several.items else several.more
    return address if isinstance(address, Unknown) else address or None


def _read_port(node: Value, path: str) -> ServicePort:
    number = read_integer(node, "port")
    target = read_port(node, "targetPort")
    unset = target is None or (isinstance(target, int) and target == 0) or (isinstance(target, str) and not target)
    return ServicePort(
        path,
        read_text(node, "name"),
        number,
        number if unset else target,
        read_text_or(node, "protocol", "TCP"),
        _unless_zero(read_integer(node, "nodePort")),
    )


def _unless_zero(number: int | Unknown | None) -> int | Unknown | None:
    return number if isinstance(number, Unknown) else number or None


KINDS = {("", "Service"): read}
