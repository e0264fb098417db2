"""What the user states about the cluster; a missing statement is unknown, `none` is known to be absent."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from kubeqed.model.stated import Stated
from kubeqed.model.stated_network import NOTHING_STATED, StatedNetwork
from kubeqed.parse import Place, Value

if TYPE_CHECKING:
    from kubeqed.model.intents import Intent

__all__ = [
    "DEFAULT_NODE_PORTS",
    "NEWEST_KUBERNETES",
    "NONE",
    "OLDEST_KUBERNETES",
    "Cluster",
    "KubernetesVersion",
    "PortRange",
    "Stated",
    "StatedChart",
]

NONE = "none"


class StatedChart(NamedTuple):
    """An entry of the configuration's `charts:`: the real directory of a chart, and the values that it is installed with.

    `files` are real paths of files of values, `pairs` single values by their paths; `place` is where the entry stands.
    """

    directory: str
    place: Place
    files: tuple[Stated[str], ...] = ()
    pairs: tuple[tuple[str, Stated[Value]], ...] = ()
    release: str = ""
    namespace: str = ""

    @property
    def name(self) -> str:
        """What tells it from other entries of the same chart."""
        named = [posixpath.basename(one.value) for one in self.files] + ([self.release] if self.release else [])
        return ", ".join(named) or ", ".join(key for key, _ in self.pairs) or "its own values"


class KubernetesVersion(NamedTuple):
    """A Kubernetes minor version, such as 1.36."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


class PortRange(NamedTuple):
    """Ports from `low` to `high`, both included."""

    low: int
    high: int

    def __str__(self) -> str:
        return f"{self.low}-{self.high}"


OLDEST_KUBERNETES = KubernetesVersion(1, 27)  # whose fields are known; removals are known from 1.16 on
NEWEST_KUBERNETES = KubernetesVersion(1, 36)
DEFAULT_NODE_PORTS = PortRange(30000, 32767)


@dataclass(frozen=True, slots=True)
class Cluster:
    """The `cluster:` of the configuration; names are those of the package data, or `none`.

    `cni_version` is as the user wrote it, `ingress_controllers` empty when known that there is none.
    `gates` are the feature gates that are set so that the server accepts more than by default. `intents` are what shall hold of
    its network.
    """

    kubernetes: Stated[KubernetesVersion] | None = None
    cni: Stated[str] | None = None
    cni_version: Stated[str] | None = None
    provider: Stated[str] | None = None
    load_balancer: Stated[str] | None = None
    ingress_controllers: tuple[Stated[str], ...] | None = None
    node_port_range: Stated[PortRange] | None = None
    service_cidr: Stated[str] | None = None
    pod_cidr: Stated[str] | None = None
    network: StatedNetwork = NOTHING_STATED
    gates: frozenset[str] = frozenset()
    intents: tuple[Intent, ...] = ()

    @property
    def version(self) -> KubernetesVersion:
        """The target version; the newest known one when none is stated."""
        return self.kubernetes.value if self.kubernetes else NEWEST_KUBERNETES

    @property
    def node_ports(self) -> PortRange:
        """The node port range; the server's default when none is stated."""
        return self.node_port_range.value if self.node_port_range else DEFAULT_NODE_PORTS

    @property
    def states_addresses(self) -> bool:
        """Whether a range, or a number of nodes, is stated."""
        return bool(self.service_cidr or self.pod_cidr) or self.network != NOTHING_STATED

    def restated(self, *, kubernetes: Stated[KubernetesVersion]) -> Cluster:
        """The same cluster with another target version."""
        return replace(self, kubernetes=kubernetes)
