"""Pods that no manifest shows and that are well known all the same: those of ingress controllers and of the cluster's DNS.

Whether a rule may mean one of them is asked of its terms. Labels that are known decide; what is not known, such as the labels
that an installation gives to a namespace, counts as meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from kubeqed.model.kinds.selector import LabelSelector
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.values.known import equals, is_one_of
from kubeqed.parse import Unknown
from kubeqed.reach.algebra.addresses import parse_address
from kubeqed.reach.algebra.ports import EMPTY, PortSet, intersection, single_port, union, union_of
from kubeqed.reach.algebra.terms import AddressTerm, PodTerm, RequirementTerm, Term
from kubeqed.reach.algebra.tokens import is_unknown
from kubeqed.reach.engine.reachability import Reachability
from kubeqed.reach.namespaces import NAME_LABEL
from kubeqed.reach.policy.compiled import CompiledPolicy, CompiledRule, Direction, Tier
from kubeqed.reach.query.answer import ReachResult
from kubeqed.reach.topology.classes import PodClass
from kubeqed.reach.topology.endpoints import Endpoint
from kubeqed.reach.topology.entries import EntryPath
from kubeqed.reach.topology.known_controllers import KNOWN, ControllerPlace, PacketSource


class KnownPod(NamedTuple):
    """A pod by what is known of it: the namespaces where it usually runs, its labels, and keys that it surely lacks.

    `stays` says that it runs nowhere else. `ports` are those on which it listens.
    """

    namespaces: tuple[str, ...]
    labels: dict[str, str]
    lacks: frozenset[str] = frozenset()
    stays: bool = False
    ports: PortSet = EMPTY


class CutOff(NamedTuple):
    """What policies deny: an end of it, those that isolate it, and the rules that seem to be meant to allow it."""

    endpoint: Endpoint
    isolating: tuple[CompiledPolicy, ...]
    meant: tuple[tuple[CompiledPolicy, CompiledRule], ...]
    entry: EntryPath | None = None


def find_blocked_entries(answer: ReachResult) -> Iterator[CutOff]:
    """The entries of which nothing gets through: from their controller's pods, or from a known one outside the unit."""
    for entry in answer.entries.all:
        isolating = list_isolating(answer.reach, entry.endpoint, "Ingress")
        if isolating and entry.ports:
            pods = list(_list_senders(entry))
            blocked = _is_denied(answer.reach, entry) if entry.sources else _is_unmeant(isolating, entry, pods)
            if blocked:
                meant = tuple(pair for pair in _list_rules(isolating, "Ingress") if _seems_meant(pair[1], pods))
                yield CutOff(entry.endpoint, isolating, meant, entry)


def _list_senders(entry: EntryPath) -> Iterator[KnownPod]:
    for controller in entry.origin.candidates:
        namespaces = tuple(place.namespace for place in controller.places)
        for place in controller.places:
            yield KnownPod(namespaces, dict(_fixed_labels(place)))


def _fixed_labels(place: ControllerPlace) -> Iterable[tuple[str, str]]:
    """The labels that do not change with the name of the installation."""
    return ((key, value) for key, value in place.labels if key != "app.kubernetes.io/instance")


def _is_denied(reach: Reachability, entry: EntryPath) -> bool:
    """Whether none of the controller's pods gets through; those of the host network may come from any address."""
    number = reach.class_of[entry.endpoint]
    return not any(
        one.host_network or intersection(reach.pair(reach.class_of[one], number), entry.ports) for one in entry.sources
    )


def _is_unmeant(isolating: Iterable[CompiledPolicy], entry: EntryPath, pods: list[KnownPod]) -> bool:
    """Whether no rule may mean a known controller, each of which sends from pods."""
    candidates = entry.origin.candidates
    if not candidates or any(one.origin is not PacketSource.PODS or not one.places for one in candidates):
        return False
    wanted = union(entry.ports, union_of(_list_own_ports(entry)))  # of a Service's port another rule speaks
    return not any(
        _opens_ports(rule, wanted)
        and (rule.peers is None or any(may_mean(term, pod) for term in rule.peers for pod in pods))
        for _, rule in _list_rules(isolating, "Ingress")
    )


def _list_own_ports(entry: EntryPath) -> Iterator[PortSet]:
    for port in entry.service.ports:
        if isinstance(port.port, int) and isinstance(port.protocol, str):
            yield single_port(port.protocol, port.port)


def find_without_dns(answer: ReachResult) -> Iterator[CutOff]:
    """The pods whose policies leave no way to a DNS server: not to those that clusters have, nor to any that a rule names."""
    reach = answer.reach
    servers = [at for at, one in enumerate(reach.classes) if _serves_names(one)]
    for number, one in enumerate(reach.classes):
        isolating = list_isolating(reach, one.endpoints[0], "Egress") if one.endpoints and one.key.governed else ()
        rules = list(_list_rules(isolating, "Egress"))
        if not isolating or any(map(_leads_to_dns, (rule for _, rule in rules))):
            continue
        if number in servers or any(intersection(reach.pair(number, at), _ASKED) for at in servers):
            continue
        meant = tuple(pair for pair in rules if _speaks_of_dns(pair[1]))
        yield from (CutOff(endpoint, isolating, meant) for endpoint in one.endpoints)


def find_without_cache(answer: ReachResult, servers: Callable[[Workload], tuple[str, ...]]) -> Iterator[CutOff]:
    """The pods whose policies leave no way to the addresses that they ask for names, which are no pod's: caches on their nodes."""
    reach = answer.reach
    for one in reach.classes:
        for endpoint in one.endpoints if one.key.governed else ():
            asked = [parse_address(address) for address in servers(endpoint.workload)]
            isolating = list_isolating(reach, endpoint, "Egress") if asked else ()
            rules = list(_list_rules(isolating, "Egress"))
            if isolating and not any(_leads_to_address(rule, address) for _, rule in rules for address in asked):
                yield CutOff(endpoint, isolating, tuple(pair for pair in rules if _speaks_of_dns(pair[1])))


def _leads_to_address(rule: CompiledRule, address: int | None) -> bool:
    """Whether a rule allows DNS to an address; one that cannot be read counts as allowed."""
    if address is None or rule.peers is None:
        return address is None or _opens_ports(rule, _DNS)
    terms = (term for term in rule.peers if isinstance(term, AddressTerm))
    return _opens_ports(rule, _DNS) and any(low <= address <= high for term in terms for low, high in term.ranges)


_DNS, _DNS_ON_OPENSHIFT = single_port("UDP", 53), single_port("UDP", 5353)
_ASKED = union(_DNS, _DNS_ON_OPENSHIFT)
_OWN = frozenset({"app", "name", "k8s-app"})
_SYSTEM = ("kube-system",)
_SERVERS = (
    KnownPod(_SYSTEM, {"k8s-app": "kube-dns"}, _OWN, stays=True, ports=_DNS),
    KnownPod(_SYSTEM, {"k8s-app": "node-local-dns"}, _OWN, stays=True, ports=_DNS),
    KnownPod(
        ("openshift-dns",),
        {"dns.operator.openshift.io/daemonset-dns": "default"},
        _OWN,
        stays=True,
        ports=_DNS_ON_OPENSHIFT,
    ),
)
_FEW = 10  # ports; a rule of more speaks of none of them by itself


def _serves_names(one: PodClass) -> bool:
    """Whether pods of the unit are the DNS of the cluster."""
    labels = one.endpoints[0].labels if one.endpoints else {}
    return any(
        one.key.namespace in known.namespaces
        and all(equals(labels.get(key), value) for key, value in known.labels.items())
        for known in _SERVERS
    )


def _leads_to_dns(rule: CompiledRule) -> bool:
    """Whether a rule may lead to a DNS server; one of a few ports that speaks of another server of its own does."""
    if not _opens_ports(rule, _ASKED):
        return False
    if rule.peers is None:
        return True
    if any(may_mean(term, pod) and _opens_ports(rule, pod.ports) for term in rule.peers for pod in _SERVERS):
        return True
    return _is_of_few_ports(rule) and not _speaks_of_dns(rule)


def names_dns(rule: CompiledRule) -> bool:
    """Whether the peers of a rule may mean a DNS server of the cluster, so that it is for its ports if it leads to none."""
    return any(may_mean(term, pod) for term in rule.peers or () for pod in _SERVERS)


def _is_of_few_ports(rule: CompiledRule) -> bool:
    return sum(high - low + 1 for low, high in zip(rule.ports.fixed[::2], rule.ports.fixed[1::2], strict=True)) <= _FEW


def _speaks_of_dns(rule: CompiledRule) -> bool:
    """Whether a rule names the DNS of the cluster, as far as labels and ports say."""
    known = {value for pod in _SERVERS for value in (*pod.namespaces, *pod.labels.values())} | {"coredns", "dns"}
    terms = [term for term in rule.peers or () if isinstance(term, PodTerm)]
    named = {value for term in terms for one in (*term.namespaces, *term.pods) for value in one.values}
    port = _is_of_few_ports(rule) and intersection(rule.ports.fixed, union(_ASKED, _BY_TCP))
    return bool(port) and not named.isdisjoint(known)


_BY_TCP = union(single_port("TCP", 53), single_port("TCP", 5353))


def _opens_ports(rule: CompiledRule, wanted: PortSet) -> bool:
    """Whether a rule allows some of the ports; a port by name may be any of them."""
    return bool(rule.ports.names) or bool(intersection(rule.ports.fixed, wanted))


def _seems_meant(rule: CompiledRule, pods: list[KnownPod]) -> bool:
    """Whether a rule speaks of a namespace where one of the pods usually runs, or of its labels."""
    for term in rule.peers or ():
        if isinstance(term, AddressTerm):
            continue
        spaces = {value for one in term.namespaces for value in one.values}
        for pod in pods:
            worn = any(one.key in pod.labels and one.met(pod.labels) for one in term.pods)
            if worn or not spaces.isdisjoint(pod.namespaces):
                return True
    return False


def may_mean(term: Term, pod: KnownPod) -> bool:
    """Whether a term may mean a pod; addresses may be those of any."""
    if isinstance(term, AddressTerm):
        return True
    if term.namespace is not None and term.namespace not in pod.namespaces:
        return False
    if any(one.key == NAME_LABEL and pod.stays and not _names_one(one, pod) for one in term.namespaces):
        return False
    known = pod.labels.keys() | pod.lacks
    return all(one.key not in known or one.met(pod.labels) or any(map(is_unknown, one.values)) for one in term.pods)


def _names_one(one: RequirementTerm, pod: KnownPod) -> bool:
    return any(one.met({NAME_LABEL: name}) for name in pod.namespaces) or any(map(is_unknown, one.values))


def list_isolating(reach: Reachability, endpoint: Endpoint, direction: Direction) -> tuple[CompiledPolicy, ...]:
    """The NetworkPolicies that isolate a pod; none where an administrator has a say, who may allow anything."""
    policies = reach.policies_for(reach.class_of[endpoint])
    if any(one.tier is not Tier.NAMESPACE for one in policies):
        return ()
    return tuple(one for one in policies if one.rules(direction) is not None)


def _list_rules(
    policies: Iterable[CompiledPolicy], direction: Direction
) -> Iterator[tuple[CompiledPolicy, CompiledRule]]:
    return ((policy, rule) for policy in policies for rule in policy.rules(direction) or ())


def is_of_known_pods(selector: LabelSelector, namespace: str | Unknown | None) -> bool:
    """Whether a selector asks for the labels of a well-known pod that does not run in a namespace."""
    asked = {key: value for key, (value, _) in selector.single_values().items()}
    places = (place for controller in KNOWN for place in controller.places)
    known = [*_SERVERS, *(KnownPod((place.namespace,), dict(_fixed_labels(place))) for place in places)]
    return any(
        equals(asked.get(key), value) and not is_one_of(namespace, pod.namespaces)
        for pod in known
        for key, value in pod.labels.items()
    )
