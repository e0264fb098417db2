"""Where an ingress controller outside the unit may run, and what policies leave it from there.

Nobody states its namespace and labels, so that each pod that policies can tell apart is a place where it may run: it reaches
what it reaches from all of them; what it reaches from some depends. A place that can send to nothing that entries lead to
is none. The host network and whatever stands outside the cluster are addresses: a controller that is not known to send
from there is a pod wherever that lets it in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, reduce
from operator import or_

from kubeqed.reach.algebra.addresses import join_ranges
from kubeqed.reach.algebra.bits import bits_of, list_members
from kubeqed.reach.algebra.ports import EMPTY, PortSet, difference, intersection, union_of
from kubeqed.reach.algebra.terms import PodTerm
from kubeqed.reach.engine.reachability import Reachability
from kubeqed.reach.namespaces import NAME_LABEL, namespace_labels
from kubeqed.reach.peer import WHOLE_CLUSTER, Representative
from kubeqed.reach.query.absent.pods import AbsentPods
from kubeqed.reach.query.absent.representatives import Representatives
from kubeqed.reach.query.placed import PlacementCase, PlacementCondition, PlacementVerdict
from kubeqed.reach.topology.classes import ClassKey, key_of_absent_pod
from kubeqed.reach.topology.controllers import Candidates
from kubeqed.reach.topology.endpoints import Endpoint
from kubeqed.reach.topology.entries import CONTROLLER, EntryPaths
from kubeqed.reach.topology.known_controllers import ControllerPlace, PacketSource

MOST_CUBES = 2000  # of the labels in one namespace
MOST_PODS = 20_000

Cells = dict[PortSet, int]


class Placements:
    """The places of a unit's outside controllers."""

    def __init__(self, reach: Reachability, entries: EntryPaths) -> None:
        self._base = reach
        self._entries = entries
        self._exact = True

    def of(self, endpoint: Endpoint) -> PlacementVerdict:
        """What the controllers that serve the entries of a pod reach of it."""
        if not self._base.policies.items:
            return PlacementVerdict(self._entries.outside.get(endpoint, EMPTY))
        found = [
            self._decide_endpoint(candidates, endpoint, dialled[endpoint])
            for candidates, dialled in self._entries.outside_by_controller.items()
            if endpoint in dialled
        ]
        sure = union_of(one.sure for one in found)
        rest = ((case, difference(case.ports, sure)) for one in found for case in one.cases)
        cases = sorted((case._replace(ports=ports) for case, ports in rest if ports), key=lambda one: not one.is_usual)
        return PlacementVerdict(sure, tuple(cases), next((one.node for one in found), None))

    @cached_property
    def reach(self) -> Reachability:
        """The unit with the places as pods."""
        base = self._base
        return Reachability(
            base.unit,
            base.assumptions,
            [CONTROLLER, *self._keys, *self._usual_keys],
            spaces=self._spaces,
            compiled=base.compiled,
        )

    def _decide_endpoint(self, candidates: Candidates, endpoint: Endpoint, asked: PortSet) -> PlacementVerdict:
        """What the controller reaches of an endpoint, remembered by what decides it."""
        number = self.reach.class_of[endpoint]
        key = (candidates, number, asked)
        if key not in self._verdicts:
            self._verdicts[key] = self._decide_class(candidates, number, asked)
        return self._verdicts[key]

    @cached_property
    def _verdicts(self) -> dict[tuple[Candidates, int, PortSet], PlacementVerdict]:
        return {}

    def _decide_class(self, candidates: Candidates, number: int, asked: PortSet) -> PlacementVerdict:
        """What the controller reaches of a class, from all places where it may run."""
        # Controllers of clouds send from addresses only, proxies in the cluster as pods. With no known controller
        # every pod is a place, and addresses are not, since most installations run in the cluster.
        origins = {one.origin for one in candidates} or {PacketSource.PODS}
        addresses = self.reach.index.addresses("Ingress")
        pods = self._working_places if origins != {PacketSource.ADDRESSES} else 0
        certain = pods | (addresses if origins != {PacketSource.PODS} else 0)
        cells: Cells = {}
        for ports, places in self._cells.get(number, {}).items():
            if (passing := intersection(ports, asked)) and places & (pods | addresses):
                cells[passing] = cells.get(passing, 0) | (places & (pods | addresses))
        sure = self._find_sure_ports(number, cells, certain)
        cases = [
            PlacementCase(
                left, self._describe_condition(candidates, places, pods), self._choose_place(candidates, places)
            )
            for ports, places in sorted(cells.items())
            if (left := difference(ports, sure))
        ]
        plain = certain & -certain
        return PlacementVerdict(sure, tuple(cases), plain.bit_length() - 1 if plain else None)

    def _find_sure_ports(self, number: int, cells: Cells, certain: int) -> PortSet:
        """The ports that are open from each of some places."""
        reached = reduce(or_, cells.values(), 0)
        governed = any(policy.ingress is not None for policy in self.reach.policies_for(number))
        # One place from which nothing gets through, and nothing is sure. Nor is it where policies could tell apart
        # more pods than were tried: one of those left out might be such a place.
        if not certain or certain & ~reached or (governed and not self._is_exact):
            return EMPTY
        return reduce(intersection, (ports for ports, places in cells.items() if places & certain))

    def _describe_condition(self, candidates: Candidates, places: int, pods: int) -> PlacementCondition:
        """The places that a case holds for, in the words of labels, namespaces and ranges."""
        index = self.reach.index
        inside = places & index.pods
        named = self._name_places(inside)
        # "Any pod" is the plain name of a set that may leave out a few. Where it does, the exceptions are named
        # instead.
        others = self._name_places(pods & ~inside) if WHOLE_CLUSTER in named else ()
        usual, unusual = [], []
        for controller in candidates:
            known = [(place, self._usual_class(place)) for place in controller.places]
            if any(places >> at & 1 for _, at in known):
                usual.append(controller.id)
            elif known:
                unusual.append((controller.id, known[0][0]))
        ranges = join_ranges(index.range_of(at) for at in list_members(places & ~index.pods))
        return PlacementCondition(() if others else named, others, ranges, tuple(usual), tuple(unusual))

    def _choose_place(self, candidates: Candidates, places: int) -> int:
        """The place to explain: where a candidate usually runs, else the plainest."""
        usual = [self._usual_class(place) for controller in candidates for place in controller.places]
        chosen = [at for at in usual if places >> at & 1]
        return chosen[0] if chosen else next(list_members(places))

    def _name_places(self, places: int) -> tuple[Representative, ...]:
        at = bits_of((at for at, number in enumerate(self._numbers) if places >> number & 1), len(self._numbers) or 1)
        return self._representatives.of(at) if at else ()

    @cached_property
    def _representatives(self) -> Representatives:
        return Representatives(self._absent_pods.all, self._absent_pods.spaces)

    @cached_property
    def _cells(self) -> dict[int, Cells]:
        """For each pod that entries lead to, the places and addresses by the ports on which they reach it."""
        reach, found = self.reach, dict[int, Cells]()
        sources = self._working_places | reach.index.addresses("Ingress")
        for places, destinations, ports in reach.rectangles(sources, self._dialled_classes):
            for number in list_members(destinations):
                cells = found.setdefault(number, {})
                cells[ports] = cells.get(ports, 0) | places
        return found

    @cached_property
    def _dialled_classes(self) -> int:
        numbers = (self.reach.class_of[endpoint] for endpoint in self._entries.outside)
        return bits_of(numbers, self.reach.index.size)

    @cached_property
    def _working_places(self) -> int:
        """The places from which something that entries lead to can be reached by the policies of the place."""
        numbers = {*self._numbers, *(self._classes[key] for key in self._usual_keys)}
        # A namespace whose egress is denied cannot be where the controller runs: it would reach no backend at all.
        return bits_of((at for at in numbers if self._can_dial(at)), self.reach.index.size)

    def _can_dial(self, number: int) -> bool:
        """Whether policies let a place send to a pod that entries lead to, on a port that they lead to."""
        return any(
            area.peers & several and intersection(area.ports, ports)
            for area in self.reach.sends[number]
            for ports, several in self._dialled_ports.items()
        )

    @cached_property
    def _dialled_ports(self) -> dict[PortSet, int]:
        """The pods that entries lead to by the ports that they lead to."""
        found: dict[PortSet, int] = {}
        for endpoint, ports in self._entries.outside.items():
            found[ports] = found.get(ports, 0) | 1 << self.reach.class_of[endpoint]
        return found

    @cached_property
    def _classes(self) -> dict[ClassKey, int]:
        return {one.key: at for at, one in enumerate(self.reach.classes)}

    @cached_property
    def _numbers(self) -> list[int]:
        """The class of each absent pod."""
        return [self._classes[key] for key in self._keys]

    @cached_property
    def _keys(self) -> list[ClassKey]:
        return [
            key_of_absent_pod(one.namespace, one.labels, (), self._base.seen)
            for one in self._absent_pods.all[:MOST_PODS]
        ]

    @cached_property
    def _usual_keys(self) -> list[ClassKey]:
        candidates = (one for several in self._entries.outside_by_controller for one in several)
        return list(dict.fromkeys(self._usual_key(place) for one in candidates for place in one.places))

    def _usual_key(self, place: ControllerPlace) -> ClassKey:
        return key_of_absent_pod(place.namespace, place.labels, (), self._base.seen)

    def _usual_class(self, place: ControllerPlace) -> int:
        return self._classes[self._usual_key(place)]

    @cached_property
    def _spaces(self) -> dict[str, dict[str, str]]:
        """The labels of new namespaces, and of usual ones that are not declared."""
        declared = namespace_labels(self._base.unit)
        usual = {
            place.namespace: {NAME_LABEL: place.namespace, **dict(place.namespace_labels)}
            for several in self._entries.outside_by_controller
            for one in several
            for place in one.places
            if place.namespace not in declared
        }
        return {**usual, **self._absent_pods.spaces}

    @cached_property
    def _absent_pods(self) -> AbsentPods:
        spaces = namespace_labels(self._base.unit)
        found = AbsentPods([*self._sending_terms, *self._admitted_terms], spaces, spaces, MOST_CUBES)
        # Policies of senders multiply the kinds of pods. Where that is too many, only what the destination's rules
        # tell apart is kept, and `_sure` knows that the rest was not tried.
        if len(found.all) <= MOST_PODS and found.exact:
            return found
        self._exact = False
        return AbsentPods(self._admitted_terms, spaces, spaces, MOST_CUBES)

    @property
    def _is_exact(self) -> bool:
        return bool(self._absent_pods.all) and self._exact

    @cached_property
    def _admitted_terms(self) -> list[PodTerm]:
        """Whom the rules of policies mean that select a pod that entries lead to."""
        base = self._base
        numbers = {base.class_of[endpoint] for endpoint in self._entries.outside}
        policies = {id(policy): policy for number in numbers for policy in base.policies_for(number)}
        rules = (rule for policy in policies.values() for rule in policy.ingress or ())
        return list(dict.fromkeys(_pod_terms(term for rule in rules for term in rule.peers or ())))

    @cached_property
    def _sending_terms(self) -> list[PodTerm]:
        """Whose egress policies govern."""
        return list(dict.fromkeys(one.subject for one in self._base.policies.items if one.egress is not None))


def _pod_terms(terms: Iterable[object]) -> Iterator[PodTerm]:
    return (term for term in terms if isinstance(term, PodTerm))
