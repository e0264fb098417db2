"""Intents as statements about packets, in any logic."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from kubeqed.model.intents import EndClaim, EndKind, Intent, IntentException, LabelClaim
from kubeqed.model.kinds.namespace import Namespace
from kubeqed.model.kinds.object import Object
from kubeqed.prove.packets.concrete import ConcreteLogic
from kubeqed.prove.packets.logic import PacketLogic, Side
from kubeqed.prove.packets.packet import Packet, PodEnd
from kubeqed.prove.packets.space import PacketSpace, Spaces, Vocabulary
from kubeqed.reach import namespace_of
from kubeqed.reach.algebra import (
    ALL_V4,
    ALL_V6,
    Range,
    Ranges,
    encode,
    parse_cidr,
    single_port,
    union,
    without_holes,
)
from kubeqed.reach.policies import NAME_LABEL, PodClass, PodTerm, PortTerms, Requirements, RequirementTerm

T = TypeVar("T")

# What is globally reachable: https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry
_NOT_PUBLIC = (
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 "
    "192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
).split()
_PUBLIC_V6, _NOT_PUBLIC_V6 = "2000::/3", ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
_DNS_NAMESPACE, _DNS_KEY, _DNS_VALUE = "kube-system", "k8s-app", "kube-dns"
DNS_FACT = (
    f"the pods of the DNS are taken to be those of {_DNS_NAMESPACE} with {_DNS_KEY}={_DNS_VALUE} and no other label"
)
DNS_PORTS = union(single_port("UDP", 53), single_port("TCP", 53))


class ClaimReader(Generic[T]):
    """Reads intents in a logic.

    `dns_shown` says that manifests show the pods of the cluster's DNS; else they are taken to have their usual label and
    none of the others that the `space` tells apart.
    """

    def __init__(self, logic: PacketLogic[T], space: PacketSpace, *, dns_shown: bool) -> None:
        self._logic = logic
        self._dns_shown = dns_shown
        self._namespaces = space.namespaces
        keys = () if dns_shown else space.pod_labels
        others = (RequirementTerm(key, "DoesNotExist") for key in keys if key != _DNS_KEY)
        self._dns_labels = (RequirementTerm(_DNS_KEY, "In", (_DNS_VALUE,)), *others)

    def claims(self, intent: Intent) -> T:
        """The packet is one that an intent speaks of."""
        logic = self._logic
        parts = [
            self.claims_end(Side.SOURCE, intent.source),
            self.claims_end(Side.DESTINATION, intent.destination),
            logic.is_on(PortTerms(intent.ports)),
            logic.some([logic.is_pod(Side.SOURCE), logic.is_pod(Side.DESTINATION)]),
        ]
        parts += [logic.negate(self._are_together())] if intent.apart else []
        return logic.every([*parts, self.excepts_none(intent)])

    def excepts_none(self, intent: Intent) -> T:
        """No exception of an intent takes the packet out."""
        return self._logic.every([self._logic.negate(self._is_excepted(one)) for one in intent.exceptions])

    def claims_end(self, end: Side, several: Iterable[EndClaim], *, anywhere: bool = False) -> T:
        """An end is one of those that are claimed; `anywhere` leaves open whether a manifest shows it."""
        return self._logic.some([self._claims_one(end, one, anywhere=anywhere) for one in several])

    def _are_together(self) -> T:
        """Both ends are pods of one namespace that is named; two that nobody names are taken for two."""
        names = (name_namespaces((name,)) for name in self._namespaces)
        return self._logic.some([self._logic.every([self._logic.is_in(end, name) for end in Side]) for name in names])

    def _claims_one(self, end: Side, one: EndClaim, *, anywhere: bool) -> T:
        logic = self._logic
        if one.kind in (EndKind.EXTERNAL, EndKind.INTERNET):
            return logic.is_at(end, addresses_of(one))
        if one.kind is EndKind.DNS:
            there = [logic.is_in(end, name_namespaces((_DNS_NAMESPACE,))), logic.has_labels(end, self._dns_labels)]
            return logic.every([*there, logic.is_shown(end)] if self._dns_shown else there)
        return logic.every(
            [
                logic.is_pod(end) if anywhere or one.any_pod else logic.is_shown(end),
                self._meets_claim(lambda asked: logic.has_labels(end, asked), one.pods),
                self._meets_claim(lambda asked: logic.is_in(end, asked), one.spaces),
                logic.is_in(end, namespaces_of(one)),
            ]
        )

    def _meets_claim(self, test: Callable[[Requirements], T], claim: LabelClaim) -> T:
        excluded = (self._logic.negate(self._meets_claim(test, one)) for one in claim.excluded)
        return self._logic.every([test(require_labels(claim)), *excluded])

    def _is_excepted(self, one: IntentException) -> T:
        parts = [self._logic.is_on(PortTerms(one.ports))]
        for end, several in ((Side.SOURCE, one.source), (Side.DESTINATION, one.destination)):
            if several is not None:
                parts.append(self.claims_end(end, several, anywhere=True))
        return self._logic.every(parts)


def choose_classes(
    end: Side,
    several: Sequence[EndClaim],
    classes: Sequence[PodClass],
    declared: Spaces,
    space: PacketSpace,
    *,
    dns_shown: bool,
) -> Iterator[int]:
    """The pods that manifests show and that an end of an intent means, which is known of each class."""
    for number, one in enumerate(classes):
        pod = PodEnd(one.key.namespace, one.key.labels, (), one.key.governed, (), one.endpoints[0])
        logic = ConcreteLogic(Packet(pod, pod, 0), declared)
        if ClaimReader(logic, space, dns_shown=dns_shown).claims_end(end, several):
            yield number


def claims_isolated(logic: PacketLogic[bool], intent: Intent, end: Side) -> bool:
    """Whether one packet has at an end a pod that an intent claims to be isolated."""
    return ClaimReader(logic, Vocabulary().build(), dns_shown=True).claims_end(end, intent.destination)


def addresses_of(one: EndClaim) -> Ranges:
    """The addresses outside of the cluster that an end means."""
    if one.kind is EndKind.INTERNET:
        return PUBLIC
    if one.kind is EndKind.EXTERNAL:
        ranges = tuple(known for text in one.addresses if (known := parse_cidr(text)) is not None)
        return tuple(sorted(ranges)) if one.addresses else (ALL_V4, ALL_V6)
    return ()


def list_ends(intent: Intent) -> Iterator[EndClaim]:
    """All ends that an intent speaks of, those of its exceptions too."""
    yield from (*intent.source, *intent.destination)
    for one in intent.exceptions:
        yield from (*(one.source or ()), *(one.destination or ()))


def list_named(intent: Intent) -> frozenset[str]:
    """The namespaces that the ends of an intent name, its exceptions apart."""
    return frozenset(one.value for end in (*intent.source, *intent.destination) for one in end.namespaces)


def list_namespaces(objects: Collection[Object]) -> frozenset[str]:
    """The namespaces that objects show: those that they declare, and those that they are in."""
    declared = (item.name for item in objects if isinstance(item, Namespace) and item.name is not None)
    return frozenset({*map(namespace_of, objects), *map(encode, declared)})


def terms_of_intent(intent: Intent) -> Iterator[PodTerm]:
    """The labels of pods that an intent looks at, as terms."""
    for one in list_ends(intent):
        yield from (PodTerm(None, (), asked) for asked in _list_asked(label_claim_of(one)))


def term_of_end(one: EndClaim) -> PodTerm:
    """What an end asks of pods, but for what it excludes."""
    asked = require_labels(one.spaces) if one.kind is EndKind.PODS else ()
    return PodTerm(None, (*asked, *namespaces_of(one)), require_labels(label_claim_of(one)))


def add_intent(vocabulary: Vocabulary, intent: Intent) -> None:
    """Adds what an intent looks at."""
    for one in list_ends(intent):
        vocabulary.add_addresses(addresses_of(one))
        for asked in _list_asked(label_claim_of(one)):
            vocabulary.add_labels(asked)
        for asked in (*_list_asked(one.spaces), namespaces_of(one)):
            vocabulary.add_namespaces(asked)


def is_dns(one: PodClass) -> bool:
    """Whether pods that manifests show are the cluster's DNS."""
    return one.key.namespace == _DNS_NAMESPACE and dict(one.key.labels).get(_DNS_KEY) == _DNS_VALUE


def _find_public() -> Ranges:
    outside = (
        without_holes(ALL_V4, map(parse_known, _NOT_PUBLIC)),
        without_holes(parse_known(_PUBLIC_V6), map(parse_known, _NOT_PUBLIC_V6)),
    )
    return (*outside[0], *outside[1])


def parse_known(text: str) -> Range:
    """The range of a CIDR, which was checked before: a ValueError for any other text."""
    found = parse_cidr(text)
    if found is None:
        raise ValueError(text)
    return found


PUBLIC: Ranges = _find_public()


def label_claim_of(one: EndClaim) -> LabelClaim:
    """The labels of pods that an end asks for."""
    return LabelClaim(((_DNS_KEY, "In", (_DNS_VALUE,)),)) if one.kind is EndKind.DNS else one.pods


def namespaces_of(one: EndClaim) -> Requirements:
    """The names of namespaces that an end asks for."""
    if one.kind is EndKind.DNS:
        return name_namespaces((_DNS_NAMESPACE,))
    return name_namespaces(tuple(stated.value for stated in one.namespaces))


def name_namespaces(names: tuple[str, ...]) -> Requirements:
    """What means the namespaces of these names, all of them if there is none."""
    return (RequirementTerm(NAME_LABEL, "In", tuple(sorted(set(names)))),) if names else ()


def require_labels(claim: LabelClaim) -> Requirements:
    """What a claim asks of labels, but for what it excludes."""
    return tuple(
        sorted({RequirementTerm(key, operator, tuple(sorted(set(values)))) for key, operator, values in claim.asked})
    )


def _list_asked(claim: LabelClaim) -> Iterator[Requirements]:
    yield require_labels(claim)
    for one in claim.excluded:
        yield from _list_asked(one)
