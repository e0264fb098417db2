"""Whether something gives a Service of type LoadBalancer its address, and announces the addresses that it has.

https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer
https://metallb.io/configuration/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.diagnostic import Certainty
from kubeqed.model.addresses.ranges import AddressRange, parse_range
from kubeqed.model.cluster import NONE
from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.service import Service
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.values.fields import may_be_set, read_field, read_strings, read_text
from kubeqed.model.values.known import equals
from kubeqed.model.values.match import Match, same_value
from kubeqed.parse import Unknown
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision
from kubeqed.prove.engine.decide import decide
from kubeqed.prove.engine.facts import elsewhere_unknown
from kubeqed.prove.engine.formula import Fact, Holds, Or
from kubeqed.resolve import Resolver

_WITHOUT_BALANCER = frozenset({"on_prem", "kind", "kubeadm"})
"""Platforms that bring nothing that hands out addresses."""
_GROUPS = frozenset({"metallb.io", "purelb.io", "network.openelb.kubesphere.io", "loxilb.io"})
_KINDS = frozenset({"CiliumLoadBalancerIPPool", "CiliumLoadBalancerIPPools"})
_IMAGES = ("metallb/controller", "kube-vip/kube-vip", "cloud-provider-kind", "klipper-lb", "cloud-controller-manager")
_METALLB = "metallb.io"
_WISHES = ("metallb.io/loadBalancerIPs", "metallb.universe.tf/loadBalancerIPs")
_ADVERTISEMENTS = ("L2Advertisement", "BGPAdvertisement")


class AddressAnswer(Answer):
    """Whether an address is handed out; `platform` is what is stated of the cluster, empty where nothing is."""

    def __init__(self, decision: Decision, platform: str = "") -> None:
        super().__init__(decision)
        self.platform = platform
        self.at_most = None if platform else Certainty.POSSIBLE


class AddressHandedOut(NamedTuple):
    """Something in the cluster hands out addresses to Services of type LoadBalancer."""

    service: Service

    def answer(self, graph: Resolver) -> AddressAnswer:
        """Depends, in an open world, on what stands outside the input. Holds in clouds, and with a class of its own."""
        platform = _find_platform(graph)
        own_class = may_be_set(read_field(self.service.identity.root, "spec"), "loadBalancerClass")
        if (
            platform is None
            or own_class
            or not equals(self.service.type, "LoadBalancer")
            or any(_list_providers(graph))
        ):
            return AddressAnswer(HOLDS)
        none = Fact(
            False, f"the unit {graph.unit.root} has nothing that hands out addresses", self.service.at("spec.type")
        )
        unseen = elsewhere_unknown(graph.unit, "a load balancer outside the manifests read")
        return AddressAnswer(decide(Or((Holds(none), Holds(unseen)))), platform)


class PoolAnnounced(NamedTuple):
    """An advertisement of MetalLB in the namespace of a pool announces its addresses."""

    pool: Object

    def answer(self, graph: Resolver) -> Answer:
        """Depends, in an open world, on advertisements outside the input."""
        if any(_announces_pool(item, self.pool) is not Match.NO for item in _list_advertisements(graph)):
            return Answer(HOLDS)
        none = Fact(
            False, f"the unit {graph.unit.root} has no advertisement of {self.pool}", self.pool.at("metadata.name")
        )
        return Answer(
            decide(Or((Holds(none), Holds(elsewhere_unknown(graph.unit, f"an advertisement of {self.pool}")))))
        )


class WishedAddress(NamedTuple):
    """An address that a Service asks of its load balancer; `path` is the field that says it."""

    service: Service
    path: str
    text: str
    address: AddressRange


class AddressInPool(NamedTuple):
    """Some pool of MetalLB holds an address that a Service asks for."""

    wished: WishedAddress

    def answer(self, graph: Resolver) -> Answer:
        """Depends, in an open world, on pools outside the input."""
        wished = self.wished
        none = Fact(False, f"no pool of the unit {graph.unit.root} holds {wished.text}", wished.service.at(wished.path))
        return Answer(decide(Or((Holds(none), Holds(elsewhere_unknown(graph.unit, f"a pool with {wished.text}"))))))


def list_addresses_of_no_pool(graph: Resolver) -> Iterator[WishedAddress]:
    """The addresses that Services ask for and no pool holds, where MetalLB alone hands out addresses and all of its pools is known."""
    pools = [parse_range(text) if isinstance(text, str) else None for text in _list_pooled(graph)]
    known = [one for one in pools if one is not None]
    if not known or len(known) < len(pools) or any(item.group != _METALLB for item in _list_kinds(graph)):
        return
    for service in graph.unit.of(Service):
        for wished in _list_wished(service):
            if not any(pool.holds(wished.address) for pool in known):
                yield wished


def _list_wished(service: Service) -> Iterator[WishedAddress]:
    spec, noted = read_field(service.identity.root, "spec"), service.annotations
    if not equals(service.type, "LoadBalancer") or may_be_set(spec, "loadBalancerClass"):
        return
    texts = [(noted.path_of(key), noted.entries.get(key)) for key in _WISHES]
    for path, text in (*texts, ("spec.loadBalancerIP", read_text(spec, "loadBalancerIP"))):
        for part in text.split(",") if isinstance(text, str) else ():
            found = parse_range(part)
            if found is not None and found.size == 1:
                yield WishedAddress(service, path, part.strip(), found)


def _list_pooled(graph: Resolver) -> Iterator[str | Unknown]:
    """What the pools of MetalLB hold, as it is written."""
    for pool in list_pools(graph):
        held = read_strings(read_field(pool.identity.root, "spec"), "addresses")
        yield from held
        if held.more is not None:
            yield held.more


def list_pools(graph: Resolver) -> list[Object]:
    """The address pools of MetalLB."""
    return graph.of_kind((_METALLB, "IPAddressPool"))


def _find_platform(graph: Resolver) -> str | None:
    """What is stated of the cluster, empty where nothing is; None where it brings a load balancer."""
    stated, provider = graph.cluster.load_balancer, graph.cluster.provider
    if stated is not None:
        return "no load balancer" if stated.value == NONE else None
    if provider is None:
        return ""
    return provider.value if provider.value in (*_WITHOUT_BALANCER, NONE) else None


def _list_providers(graph: Resolver) -> Iterator[Object]:
    """What hands out addresses in a unit: custom resources of those who do, and their programs."""
    yield from _list_kinds(graph)
    for item in graph.unit.objects:
        if isinstance(item, Workload):
            images = (one.image for one in item.template.containers)
            if any(part in image for image in images if isinstance(image, str) for part in _IMAGES):
                yield item


def _list_kinds(graph: Resolver) -> Iterator[Object]:
    """The custom resources of a unit of those who hand out addresses."""
    return (item for item in graph.unit.objects if item.group in _GROUPS or item.kind in _KINDS)


def _list_advertisements(graph: Resolver) -> Iterator[Object]:
    for kind in _ADVERTISEMENTS:
        yield from graph.of_kind((_METALLB, kind))


def _announces_pool(advertisement: Object, pool: Object) -> Match:
    """Whether an advertisement announces a pool: one that names none, and selects none, announces all of its namespace."""
    spec = read_field(advertisement.identity.root, "spec")
    names, selectors = read_strings(spec, "ipAddressPools"), may_be_set(spec, "ipAddressPoolSelectors")
    here = same_value(advertisement.namespace, pool.namespace)
    if here is Match.NO or (not names.items and names.more is None and not selectors):
        return here
    if selectors or names.more is not None:
        return Match.UNDECIDED
    found = [same_value(name, pool.name) for name in names]
    return Match.YES if Match.YES in found else Match.UNDECIDED if Match.UNDECIDED in found else Match.NO
