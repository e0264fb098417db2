"""Whether a route of the Gateway API leads to a Service and a port that there are, and may name what it names.

https://gateway-api.sigs.k8s.io/reference/spec/#backendref
https://gateway-api.sigs.k8s.io/reference/spec/#referencegrant
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kubeqed.model.kinds.gateway import Gateway
from kubeqed.model.kinds.gatewayroute import GROUP, BackendReference, GatewayRoute
from kubeqed.model.kinds.referencegrant import GrantedTo, ReferenceGrant
from kubeqed.model.kinds.service import Service
from kubeqed.model.values.known import equals
from kubeqed.model.values.match import Match, combine, match_all, match_any, same_value
from kubeqed.parse import Fresh, Place, Unknown
from kubeqed.prove.clauses.missing_answer import MissingAnswer
from kubeqed.prove.clauses.named_object import candidates, find_named, is_named
from kubeqed.prove.clauses.port_answer import MissingPortAnswer
from kubeqed.prove.clauses.selects import is_external_name
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision
from kubeqed.prove.engine.decide import decide, first_fault
from kubeqed.prove.engine.facts import elsewhere_unknown, make_fact, nothing_more_fact
from kubeqed.prove.engine.formula import Equal, Fact, Formula, Holds, Or, implies
from kubeqed.resolve import Resolver


class RouteBackendExists(NamedTuple):
    """The Service to which a route leads exists. A backend of another kind, or of weight 0, holds."""

    route: GatewayRoute
    backend: BackendReference

    def answer(self, graph: Resolver) -> MissingAnswer:
        """Depends, in an open world, on objects outside the input."""
        reference = self.route.to_service(self.backend)
        unused = equals(self.backend.weight, 0)
        return MissingAnswer(HOLDS) if reference is None or unused else find_named(graph, reference)


class RoutePortAnswer(MissingPortAnswer):
    """Whether the Service of a route has the port."""

    @property
    def meant(self) -> int | None:
        """The one port that the Service has."""
        numbers = [entry.port for entry in self.service.ports]
        return numbers[0] if len(numbers) == 1 and isinstance(numbers[0], int) else None


class RoutePortExists(NamedTuple):
    """The Service to which a route leads, where it is seen, has the port. An ExternalName, or one without ports, holds."""

    route: GatewayRoute
    backend: BackendReference

    def answer(self, graph: Resolver) -> RoutePortAnswer:
        """Fails at the first Service that is named and lacks the port."""
        reference = self.route.to_service(self.backend)
        if reference is None or self.backend.port is None:
            return RoutePortAnswer(HOLDS)
        cases = (
            (item, sure, implies(is_named(reference, item), self._has_port(item)))
            for item, sure in candidates(graph, reference)
            if isinstance(item, Service) and item.ports.items
        )
        return RoutePortAnswer(*first_fault(cases), self.backend.port)

    def _has_port(self, service: Service) -> Formula:
        wanted = make_fact(self.route, f"{self.backend.path}.port", self.backend.port)
        entries = (entry for entry in service.ports if entry.port is not None)
        has = (Equal(wanted, make_fact(service, f"{entry.path}.port", entry.port)) for entry in entries)
        return Or((is_external_name(service), *has, Holds(nothing_more_fact(service, "spec.ports", service.ports))))


class CrossReference(NamedTuple):
    """A field of a route or a Gateway that names an object of another namespace, which has to be granted there."""

    source: GatewayRoute | Gateway
    path: str
    target: tuple[str, str]
    namespace: str
    name: str | Unknown

    @property
    def place(self) -> Place:
        """Where the namespace stands."""
        return self.source.at(f"{self.path}.namespace")


class GrantAnswer(Answer):
    """Whether a reference is granted; `is_seen` says that objects of the other namespace are in the unit."""

    def __init__(self, decision: Decision, *, is_seen: bool) -> None:
        super().__init__(decision)
        self.is_seen = is_seen


class ReferenceGranted(NamedTuple):
    """A ReferenceGrant of the other namespace lets a route or a Gateway name an object there."""

    reference: CrossReference

    def answer(self, graph: Resolver) -> GrantAnswer:
        """Depends, in an open world, on grants outside the input."""
        other = self.reference
        found = ((item, _match_grant(item, other)) for item in graph.unit.of(ReferenceGrant))
        text = f"a ReferenceGrant in {other.namespace} that lets {other.source} name {other.target[1]} {other.name}"
        given = [_grant_fact(item, match, other) for item, match in found if match is not Match.NO]
        decision = decide(Or((*map(Holds, given), Holds(elsewhere_unknown(graph.unit, text)))))
        seen = any(equals(item.namespace, other.namespace) for item in graph.unit.objects)
        return GrantAnswer(decision, is_seen=seen)


def list_cross_references(graph: Resolver) -> Iterator[CrossReference]:
    """The fields of the unit that name a Service or a Secret of another namespace, both explicit, in source order."""
    for route in graph.unit.of(GatewayRoute):
        for backend in route.backends():
            reference = route.to_service(backend)
            if reference is not None:
                yield from _if_elsewhere(
                    graph, route, backend.path, reference.target, backend.namespace, reference.name
                )
    for gateway in graph.unit.of(Gateway):
        for one in (one for listener in gateway.listeners for one in listener.certificates):
            if isinstance(one.group, str) and isinstance(one.kind, str) and one.name is not None:
                yield from _if_elsewhere(graph, gateway, one.path, (one.group, one.kind), one.namespace, one.name)


def _if_elsewhere(
    graph: Resolver,
    source: GatewayRoute | Gateway,
    path: str,
    target: tuple[str, str],
    namespace: str | Unknown | None,
    name: str | Unknown,
) -> Iterator[CrossReference]:
    stated = graph.is_namespace_stated(namespace) and graph.is_namespace_stated(source.namespace)
    if stated and isinstance(namespace, str) and same_value(namespace, source.namespace) is Match.NO:
        yield CrossReference(source, path, target, namespace, name)


def _grant_fact(grant: ReferenceGrant, match: Match, other: CrossReference) -> Fact:
    """That a grant lets a reference be: true, or not known."""
    text = f"whether {grant} lets {other.source} name {other.target[1]} {other.name}"
    return Fact(True if match is Match.YES else Unknown(Fresh(text), text), text, grant.at("spec"))


def _match_grant(grant: ReferenceGrant, other: CrossReference) -> Match:
    """Whether a grant is of the other namespace and lets the reference be; any pair of `from` and `to` does."""
    given = match_any(_match_all(one, (GROUP, other.source.kind, other.source.namespace)) for one in grant.sources)
    taken = match_any(_match_target(one, other) for one in grant.targets)
    if grant.sources.more is not None or grant.targets.more is not None:
        given = taken = Match.UNDECIDED
    return match_all((same_value(grant.namespace, other.namespace), given, taken))


def _match_target(one: GrantedTo, other: CrossReference) -> Match:
    named = Match.YES if one.name is None or equals(one.name, "") else same_value(one.name, other.name)
    return combine(named, _match_all((one.group, one.kind), other.target))


def _match_all(one: Iterable[str | Unknown | None], other: Iterable[str | Unknown | None]) -> Match:
    return match_all(same_value(left, right) for left, right in zip(one, other, strict=True))
