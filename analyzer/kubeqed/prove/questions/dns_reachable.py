"""Whether pods that use names reach the DNS of the cluster through their policies.

The DNS that no manifest shows is known: `k8s-app: kube-dns` in kube-system on port 53, of OpenShift on port 5353, and node-local
caches at an address: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.diagnostic import Certainty, list_some
from kubeqed.model.kinds.configmap import ConfigMap
from kubeqed.model.kinds.configured_text import list_configured_texts
from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.values.dialled import find_dialled
from kubeqed.model.values.fields import read_field, read_items, read_strings, read_text
from kubeqed.model.values.known import equals
from kubeqed.model.values.match import Match, same_value
from kubeqed.parse import Place, Value
from kubeqed.prove.clauses.traffic import (
    choose_policy,
    decide_denial,
    limit_of_denial,
    place_of_denial,
    place_of_peers,
    place_of_rules,
    traffic_of,
)
from kubeqed.prove.engine.answer import Answer
from kubeqed.prove.questions.policy_ports import PolicyPortIsOfPods
from kubeqed.reach import CompiledPolicy, CompiledRule, CutOff, find_without_cache, find_without_dns
from kubeqed.resolve import Resolver
from kubeqed.resolve.configured_names import service_names_by_source

_OF_NODE = ("169.254.", "fe80:")
"""How addresses begin that are no pod's: link-local ones, of a cache on each node."""


class UnresolvedNames(NamedTuple):
    """Pods that reach no DNS server: `policy` denies it at `place`; `tries` says that a rule of it seems to be meant to allow it."""

    policy: str
    pods: str
    tries: bool
    place: Place
    answer: Answer
    at_most: Certainty | None
    related: tuple[tuple[Place, str], ...]


class _UsedName(NamedTuple):
    host: str
    place: Place


def find_unresolved_names(graph: Resolver) -> tuple[UnresolvedNames, ...]:
    """The pods that reach no DNS server, those that one place puts right as one."""
    by_place: dict[Place, list[CutOff]] = {}
    for cut in find_without_dns(traffic_of(graph)):
        if not _asks_elsewhere(cut.endpoint.workload) and not any(_names_service(graph, *one) for one in cut.meant):
            by_place.setdefault(place_of_denial(cut, "Egress"), []).append(cut)
    for cut in find_without_cache(traffic_of(graph), _list_caches):
        by_place.setdefault(_locate_peers(cut), []).append(cut)
    return tuple(_describe_names(graph, place, several) for place, several in by_place.items())


def _list_caches(workload: Workload) -> tuple[str, ...]:
    """The addresses, of the node alone, that pods ask for names instead of the DNS of the cluster; none where they ask others too."""
    spec = read_field(workload.template.node, "spec")
    listed = read_strings(read_field(spec, "dnsConfig"), "nameservers")
    local = [one for one in listed if isinstance(one, str) and one.startswith(_OF_NODE)]
    stated = equals(read_text(spec, "dnsPolicy"), "None") and listed.more is None and len(local) == len(listed)
    return tuple(local) if stated else ()


def _locate_peers(cut: CutOff) -> Place:
    """The peers of the rule that seems to be meant, else the rules of a policy that isolates."""
    for policy, rule in cut.meant:
        return place_of_peers(policy.object, rule.path)
    return place_of_rules(choose_policy(cut, "Egress").object, "Egress")


def _names_service(graph: Resolver, policy: CompiledPolicy, rule: CompiledRule) -> bool:
    """Whether a rule names the port of the DNS Service in place of that of its pods, which is said of the port."""
    item = policy.object
    return isinstance(item, NetworkPolicy) and any(
        not PolicyPortIsOfPods(item, one, port).answer(graph).holds
        for one in item.egress
        if one.path == rule.path
        for port in one.ports
    )


def _describe_names(graph: Resolver, place: Place, several: list[CutOff]) -> UnresolvedNames:
    workloads = list(dict.fromkeys(one.endpoint.workload for one in several))
    used = [(workload, name) for workload in workloads for name in dict.fromkeys(_list_used_names(graph, workload))]
    using = list(dict.fromkeys(workload for workload, _ in used)) or workloads
    first = several[0]
    text = f"no policy for {using[0]} allows UDP 53 to a DNS server"
    sure = bool(used) or bool(first.meant)
    return UnresolvedNames(
        str(choose_policy(first, "Egress").object),
        list_some([str(one) for one in using], 3),
        bool(first.meant),
        place,
        Answer(decide_denial(graph, text, place)),
        limit_of_denial(graph, using[0]) if sure else Certainty.POSSIBLE,
        tuple((name.place, f"uses the name {name.host}") for _, name in used[:3]),
    )


def _asks_elsewhere(workload: Workload) -> bool:
    """Whether pods ask another DNS server than that of the cluster, or it is not known which."""
    policy = read_text(read_field(workload.template.node, "spec"), "dnsPolicy")
    return policy is not None and (not isinstance(policy, str) or policy in ("None", "Default"))


def _list_used_names(graph: Resolver, workload: Workload) -> Iterator[_UsedName]:
    """The hosts that the texts of a workload, and of the ConfigMaps that give it variables, name, or a Service of the unit as a host."""
    for item in (workload, *_list_config_maps(graph, workload)):
        for text in list_configured_texts(item):
            for dialled in find_dialled(text.text):
                if dialled.host != "localhost":
                    yield _UsedName(str(dialled).replace("\x01", "NAMESPACE"), item.at(text.path))
        for name in service_names_by_source(graph).get(item, ()):
            yield _UsedName(str(name.dialled).replace("\x01", "NAMESPACE"), name.place)


def _list_config_maps(graph: Resolver, workload: Workload) -> Iterator[Object]:
    names = {name for container in workload.template.containers for name in _list_config_names(container.node)}
    for item in graph.unit.of(ConfigMap):
        named = isinstance(item.name, str) and item.name in names
        if named and same_value(item.namespace, workload.namespace) is Match.YES:
            yield item


def _list_config_names(container: Value) -> Iterator[str]:
    """The ConfigMaps that give a container variables."""
    sources = [read_field(one, "configMapRef") for one in read_items(container, "envFrom")]
    sources += [read_field(read_field(one, "valueFrom"), "configMapKeyRef") for one in read_items(container, "env")]
    for name in (read_text(source, "name") for source in sources):
        if isinstance(name, str):
            yield name
