"""What an API server would refuse, said as caveats: the answer goes on as if the rest were accepted.

Policies that are refused in part, and ports of workloads and Services, which are then neither listened on nor dialled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kubeqed.model.kinds.adminnetworkpolicy import AdminNetworkPolicy
from kubeqed.model.kinds.adminrule import AdminRule
from kubeqed.model.kinds.baselineadminnetworkpolicy import BaselineAdminNetworkPolicy
from kubeqed.model.kinds.clusternetworkpolicy import ClusterNetworkPolicy
from kubeqed.model.kinds.networkpolicy import NetworkPolicy, NetworkPolicyPort
from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.service import Service
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.unit import Unit
from kubeqed.parse import Unknown
from kubeqed.reach.algebra.ports import HIGHEST, PROTOCOLS
from kubeqed.reach.policy.compiled import Caveat

LAST_PRIORITY = 1000
_KINDS_OF_PEER = ("namespaces", "pods", "networks", "nodes", "domainNames")


def find_refused_policies(unit: Unit) -> Iterator[Caveat]:
    """A caveat for everything that would be refused, or whose outcome the API leaves undefined."""
    for item in unit.of(NetworkPolicy):
        yield from _check_networkpolicy(item)
    yield from _check_priorities(unit.of(AdminNetworkPolicy))
    for tier in ("Admin", "Baseline"):
        yield from _check_priorities(one for one in unit.of(ClusterNetworkPolicy) if _is_of(one, tier))
    kinds: tuple[type[AdminNetworkPolicy | BaselineAdminNetworkPolicy | ClusterNetworkPolicy], ...] = (
        AdminNetworkPolicy,
        BaselineAdminNetworkPolicy,
        ClusterNetworkPolicy,
    )
    for kind in kinds:
        for policy in unit.of(kind):
            if policy.holds("spec.subject.namespaces") and policy.holds("spec.subject.pods"):
                yield Caveat(policy, "spec.subject", "a subject of both kinds is refused: only namespaces counts here")
            for rule in (*policy.ingress, *policy.egress):
                yield from _admin_rule(policy, rule)
    yield from _check_baselines(unit.of(BaselineAdminNetworkPolicy))


def _check_networkpolicy(item: NetworkPolicy) -> Iterator[Caveat]:
    """What the server would refuse in a NetworkPolicy, which is read all the same."""
    for rule in (*item.ingress, *item.egress):
        for peer in rule.peers:
            if peer.ip_block is not None and (peer.pod_selector is not None or peer.namespace_selector is not None):
                yield Caveat(item, peer.path, "an ipBlock beside a selector is refused: only the ipBlock counts here")
        for port in rule.ports:
            yield from _check_port(item, port)


def _check_port(item: Object, port: NetworkPolicyPort) -> Iterator[Caveat]:
    """What is wrong with a port of a NetworkPolicy."""
    if isinstance(port.port, str) and port.end_port is not None:
        yield Caveat(item, f"{port.path}.endPort", "an endPort beside a named port is refused: it is left out")
    if isinstance(port.protocol, str) and _is_no_protocol(port.protocol):
        yield Caveat(item, f"{port.path}.protocol", "a protocol besides TCP, UDP and SCTP is refused: it opens nothing")
    if isinstance(port.port, int) and not 1 <= port.port <= HIGHEST:
        yield Caveat(item, f"{port.path}.port", "a port outside 1-65535 is refused: it opens nothing")
    if isinstance(port.port, int) and isinstance(port.end_port, int) and port.end_port < port.port:
        yield Caveat(item, f"{port.path}.endPort", "an endPort below its port is refused: it opens nothing")


def _is_of(item: ClusterNetworkPolicy, tier: str) -> bool:
    return isinstance(item.tier, str) and item.tier == tier


def _check_priorities(items: Iterable[AdminNetworkPolicy | ClusterNetworkPolicy]) -> Iterator[Caveat]:
    """Priorities out of range, and those that two policies share."""
    first: dict[int, Object] = {}
    for item in items:
        if not isinstance(item.priority, int):
            continue
        if not 0 <= item.priority <= LAST_PRIORITY:
            yield Caveat(item, "spec.priority", f"a priority outside 0-{LAST_PRIORITY} is refused")
        other = first.setdefault(item.priority, item)
        if other is not item:
            undefined = (
                f"it has the same priority as {other}: which is evaluated first is undefined, here the name decides"
            )
            yield Caveat(item, "spec.priority", undefined)


def _admin_rule(item: Object, rule: AdminRule) -> Iterator[Caveat]:
    if not rule.peers.items and rule.peers.more is None:
        yield Caveat(item, rule.path, "a rule without peers is refused: it matches nothing")
    for peer in rule.peers:
        if len([key for key in peer.fields if key in _KINDS_OF_PEER]) > 1:
            yield Caveat(item, peer.path, "a peer of more than one kind is refused")
    for port in rule.ports:
        if isinstance(port.number, int) and isinstance(port.end, int) and port.end < port.number:
            yield Caveat(item, port.path, "a range that ends before it starts is refused: it matches nothing")
        if port.number is None and port.name is None and port.path.endswith(("portNumber", "portRange")):
            yield Caveat(item, port.path, "a port without a number is refused: every port of the protocol counts here")


def _check_baselines(items: tuple[BaselineAdminNetworkPolicy, ...]) -> Iterator[Caveat]:
    """A second baseline, where a cluster has one."""
    for number, item in enumerate(items):
        for rule in (*item.ingress, *item.egress):
            if isinstance(rule.action, str) and rule.action == "Pass":
                yield Caveat(item, f"{rule.path}.action", "Pass is refused in the baseline: here it allows")
        if not (isinstance(item.name, str) and item.name == "default"):
            yield Caveat(item, "metadata.name", "a BaselineAdminNetworkPolicy of another name than default is refused")
        elif number:
            yield Caveat(item, "metadata.name", "there is only one BaselineAdminNetworkPolicy in a cluster")


def find_malformed_ports(unit: Unit) -> Iterator[Caveat]:
    """A caveat for each port that is no port, and for each protocol that is none."""
    for workload in unit.workloads:
        yield from _check_declared_ports(workload)
    for service in unit.of(Service):
        for port in service.ports:
            if _is_no_port(port.port):
                yield Caveat(
                    service, f"{port.path}.port", "it is no known port from 1 to 65535: nothing is dialled by it"
                )
            elif not isinstance(port.target_port, str) and _is_no_port(port.target_port):
                yield Caveat(
                    service, f"{port.path}.targetPort", "it is no known port from 1 to 65535: nothing is dialled by it"
                )
            if _is_no_protocol(port.protocol):
                yield Caveat(
                    service, f"{port.path}.protocol", "it is not known to be TCP, UDP or SCTP: nothing is dialled by it"
                )


def _check_declared_ports(workload: Workload) -> Iterator[Caveat]:
    """Ports of containers that are no ports."""
    for port in workload.template.ports():
        if _is_no_port(port.number):
            text = "it is no known port from 1 to 65535: it is left out"
            yield Caveat(workload, f"{port.path}.containerPort", text)
        if _is_no_protocol(port.protocol):
            text = "it is not known to be TCP, UDP or SCTP: it is left out"
            yield Caveat(workload, f"{port.path}.protocol", text)


def _is_no_protocol(value: str | Unknown | None) -> bool:
    """Whether something is written that is no protocol; what cannot be known is none either."""
    return value is not None and (isinstance(value, Unknown) or value not in PROTOCOLS)


def _is_no_port(value: int | str | Unknown | None) -> bool:
    return not isinstance(value, int) or not 1 <= value <= HIGHEST
