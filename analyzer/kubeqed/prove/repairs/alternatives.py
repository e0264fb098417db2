"""What the ends of an intent mean, or all that they do not mean, as selectors and addresses that policies can write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from kubeqed.model.intents import EndClaim, EndKind, LabelClaim
from kubeqed.prove.intents.claims import addresses_of, label_claim_of, name_namespaces, namespaces_of, require_labels
from kubeqed.prove.packets.overlap import may_share_pods
from kubeqed.reach.algebra import ALL_V4, ALL_V6, Range, Ranges, display, intersect, join_ranges, without_holes
from kubeqed.reach.policies import (
    AddressTerm,
    PodTerm,
    Requirements,
    RequirementTerm,
    Term,
    write_ip_blocks,
    write_networks,
)

Written = dict[str, Any]
MOST_ALTERNATIVES = 6
_OPPOSITES = {"In": "NotIn", "NotIn": "In", "Exists": "DoesNotExist", "DoesNotExist": "Exists"}


class PodsMeant(NamedTuple):
    """Pods with such labels, of namespaces with such labels."""

    pods: Requirements = ()
    spaces: Requirements = ()

    def joined(self, other: PodsMeant) -> PodsMeant | None:
        """The pods that both mean; None where there can be none."""
        found = PodsMeant(_tidy_asked(self.pods, other.pods), _tidy_asked(self.spaces, other.spaces))
        term = PodTerm(None, found.spaces, found.pods)
        return found if may_share_pods(term, term) else None


class EndsMeant(NamedTuple):
    """Alternatives of pods, and addresses outside of the cluster."""

    pods: tuple[PodsMeant, ...]
    addresses: Ranges

    def write_peers(self, namespace: str) -> list[Written]:
        """Peers of a rule that mean these, for a NetworkPolicy of `namespace`."""
        return [_write_pods(one, namespace) for one in self.pods] + write_ip_blocks(self.addresses)

    def write_admin_peers(self) -> list[Written]:
        """Peers of a rule that mean these, for the policy of an administrator."""
        pods = [
            {"namespaces": write_selector(one.spaces)}
            if not one.pods
            else {"pods": {"namespaceSelector": write_selector(one.spaces), "podSelector": write_selector(one.pods)}}
            for one in self.pods
        ]
        return pods + (write_networks(self.addresses) if self.addresses else [])


def list_meant(ends: Iterable[EndClaim]) -> EndsMeant:
    """The pods and addresses that the ends of an intent mean."""
    several = tuple(ends)
    pods = dict.fromkeys(one for end in several for one in _list_pods(end))
    return EndsMeant(tuple(pods), _sum_addresses(several))


def list_others(ends: Iterable[EndClaim]) -> EndsMeant | None:
    """The pods and addresses that none of the ends of an intent means; None where it takes more than `MOST_ALTERNATIVES` selectors."""
    several = tuple(ends)
    found: dict[PodsMeant, None] = {PodsMeant(): None}
    for end in several:
        if end.kind not in (EndKind.PODS, EndKind.DNS):
            continue
        others = tuple(_list_other_pods(end))
        found = dict.fromkeys(both for one in found for other in others if (both := one.joined(other)) is not None)
        if len(found) > MOST_ALTERNATIVES:
            return None
    claimed = _sum_addresses(several)
    return EndsMeant(tuple(found), (*without_holes(ALL_V4, claimed), *without_holes(ALL_V6, claimed)))


def meet_peers(terms: Sequence[Term] | None, others: EndsMeant) -> EndsMeant:
    """The pods and addresses that both the peers of a rule and `others` mean; a rule without peers means all."""
    if terms is None:
        return others
    pods: dict[PodsMeant, None] = {}
    ranges: list[Range] = []
    for term in terms:
        if isinstance(term, AddressTerm):
            ranges += intersect(term.ranges, others.addresses)
            continue
        mine = PodsMeant(term.pods, _spaces_of(term))
        pods |= dict.fromkeys(both for one in others.pods if (both := mine.joined(one)) is not None)
    return EndsMeant(tuple(pods), tuple(ranges))


def write_selector(asked: Requirements) -> Written:
    """A label selector in JSON values that asks for these requirements."""
    plain = {one.key: display(one.values[0]) for one in asked if one.operator == "In" and len(one.values) == 1}
    rest = [one for one in asked if one.operator != "In" or len(one.values) != 1]
    expressions = [
        {"key": one.key, "operator": one.operator, **({"values": [*map(display, one.values)]} if one.values else {})}
        for one in rest
    ]
    return {**({"matchLabels": plain} if plain else {}), **({"matchExpressions": expressions} if expressions else {})}


def _spaces_of(term: PodTerm) -> Requirements:
    return name_namespaces((term.namespace,)) if term.namespace is not None else term.namespaces


def _write_pods(one: PodsMeant, namespace: str) -> Written:
    pods = {"podSelector": write_selector(one.pods)}
    if one.spaces == name_namespaces((namespace,)):
        return pods
    spaces = {"namespaceSelector": write_selector(one.spaces)}
    return {**spaces, **pods} if one.pods else spaces


def _list_pods(end: EndClaim) -> Iterator[PodsMeant]:
    if end.kind not in (EndKind.PODS, EndKind.DNS):
        return
    named = PodsMeant((), namespaces_of(end))
    spaces = _list_meeting(end.spaces) if end.kind is EndKind.PODS else [()]
    for pods in _list_meeting(label_claim_of(end)):
        for asked in spaces:
            both = PodsMeant(pods, asked).joined(named)
            if both is not None:
                yield both


def _list_other_pods(end: EndClaim) -> Iterator[PodsMeant]:
    yield from (PodsMeant((), (_opposite_of(one),)) for one in namespaces_of(end))
    if end.kind is EndKind.PODS:
        yield from (PodsMeant((), asked) for asked in _list_missing(end.spaces))
    yield from (PodsMeant(asked) for asked in _list_missing(label_claim_of(end)))


def _list_meeting(claim: LabelClaim) -> list[Requirements]:
    """Alternatives, each of which meets the claim."""
    found = [require_labels(claim)]
    for one in claim.excluded:
        found = [_tidy_asked(asked, other) for asked in found for other in _list_missing(one)]
    return found


def _list_missing(claim: LabelClaim) -> Iterator[Requirements]:
    """Alternatives, each of which does not meet the claim."""
    yield from ((_opposite_of(one),) for one in require_labels(claim))
    for one in claim.excluded:
        yield from _list_meeting(one)


def _opposite_of(one: RequirementTerm) -> RequirementTerm:
    return one._replace(operator=_OPPOSITES[one.operator])


def _tidy_asked(one: Requirements, other: Requirements) -> Requirements:
    """Both, without what follows from a value that is asked for."""
    asked = sorted({*one, *other})
    sure = [each for each in asked if each.operator == "In"]
    return tuple(
        each
        for each in asked
        if each.operator == "In" or not any(one.key == each.key and _implies_other(one, each) for one in sure)
    )


def _implies_other(sure: RequirementTerm, other: RequirementTerm) -> bool:
    return all(other.met({sure.key: value}) for value in sure.values)


def _sum_addresses(several: Iterable[EndClaim]) -> Ranges:
    return tuple(join_ranges(one for end in several for one in addresses_of(end)))
