"""The API server that is asked: its version, and the settings that decide what it accepts.

Feature gates stand at their defaults, as pkg/features/kube_features.go of k8s.io/kubernetes lists them by version.
"""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.cluster import DEFAULT_NODE_PORTS, NEWEST_KUBERNETES, Cluster, KubernetesVersion, PortRange


class Server(NamedTuple):
    """A server; `service_cidrs` is empty when the range is not stated, and then no address is out of it.

    `gates` are the feature gates that are set so that the server accepts more than by default.
    """

    version: KubernetesVersion = NEWEST_KUBERNETES
    node_ports: PortRange = DEFAULT_NODE_PORTS
    service_cidrs: tuple[str, ...] = ()
    gates: frozenset[str] = frozenset()

    @property
    def families(self) -> tuple[str, ...]:
        """The IP families that Services may have, the default one first; empty when unknown."""
        return tuple("IPv6" if ":" in cidr else "IPv4" for cidr in self.service_cidrs)

    @property
    def strict_addresses(self) -> bool:
        """Whether addresses with leading zeros, IPv4-mapped ones and networks with host bits are refused."""
        return self.version >= (1, 36) and "StrictIPCIDRValidation" not in self.gates

    @property
    def relaxed_service_names(self) -> bool:
        """Whether the name of a Service may start with a digit."""
        return self.version >= (1, 36) or "RelaxedServiceNameValidation" in self.gates

    @property
    def relaxed_environment_names(self) -> bool:
        """Whether the name of an environment variable may hold any printable ASCII but `=`."""
        return self.version >= (1, 32) or "RelaxedEnvironmentVariableValidation" in self.gates

    @property
    def relaxed_search_domains(self) -> bool:
        """Whether a DNS search domain may hold underscores, or be a single dot."""
        return self.version >= (1, 33) or "RelaxedDNSSearchValidation" in self.gates

    @property
    def scales_to_zero(self) -> bool:
        """Whether an autoscaler may go down to no pods."""
        return self.version >= (1, 37) or "HPAScaleToZero" in self.gates

    @property
    def distributes_traffic(self) -> bool:
        """Whether `trafficDistribution` is looked at; 1.30 knows the field and drops it."""
        return self.version >= (1, 31)

    @property
    def prefers_same(self) -> bool:
        """Whether `trafficDistribution` may be PreferSameZone or PreferSameNode."""
        return self.version >= (1, 34)


def server_of(cluster: Cluster) -> Server:
    """The server of the cluster that the user described."""
    parts = cluster.service_cidr.value.split(",") if cluster.service_cidr else []
    cidrs = tuple(part.strip() for part in parts if _is_network(part.strip()))
    return Server(cluster.version, cluster.node_ports, cidrs, cluster.gates)


def _is_network(text: str) -> bool:
    import ipaddress

    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True
