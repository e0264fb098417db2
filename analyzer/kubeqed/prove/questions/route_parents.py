"""Whether a route of the Gateway API attaches to the Gateways that it names: whether they are there, and let it in.

https://gateway-api.sigs.k8s.io/concepts/api-overview/#attaching-routes-to-gateways
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from kubeqed.diagnostic import list_some
from kubeqed.model.kinds.gateway import Gateway, Listener
from kubeqed.model.kinds.gatewayroute import GatewayRoute, ParentReference
from kubeqed.model.values.hostnames import hostnames_meet
from kubeqed.model.values.known import all_known, is_known
from kubeqed.model.values.match import Match, same_value
from kubeqed.parse import Place, Unknown
from kubeqed.prove.clauses.admitted_namespaces import AllowedNamespaces, namespace_formula, selects_namespace_of
from kubeqed.prove.clauses.missing_answer import MissingAnswer
from kubeqed.prove.clauses.named_object import candidates, find_named, is_named
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision
from kubeqed.prove.engine.decide import first_fault
from kubeqed.prove.engine.facts import make_fact, nothing_more_fact
from kubeqed.prove.engine.formula import TRUE, And, Equal, Fact, Formula, Holds, Or, implies
from kubeqed.resolve import Resolver
from kubeqed.resolve.edit_distance import are_near

_MOST = 8
_SETS = frozenset({"ListenerSet", "XListenerSet"})


class AttachmentAnswer(Answer):
    """Whether a Gateway lets a route in; `gateway` is the one that does not, `listeners` those that are meant."""

    def __init__(self, decision: Decision, parent: ParentReference, gateway: Gateway | None = None) -> None:
        super().__init__(decision)
        self.parent = parent
        self._gateway = gateway

    @property
    def gateway(self) -> Gateway:
        """The Gateway that does not let the route in; LookupError when the property holds."""
        if self._gateway is None:
            raise LookupError("no Gateway refuses the route")
        return self._gateway

    @property
    def listeners(self) -> list[Listener]:
        """The listeners that the parent means, all of the Gateway where it narrows them to none."""
        return [one for one in self.gateway.listeners if _is_meant(self.parent, one)] or list(self.gateway.listeners)

    @property
    def offered(self) -> str:
        """The listeners of the Gateway in words."""
        return list_some([f"{one.name} ({one.port})" for one in self.gateway.listeners], _MOST)

    @property
    def hostnames(self) -> str:
        """The hostnames of the listeners that are meant, in words."""
        return list_some([str(one.hostname) for one in self.listeners if one.hostname is not None], _MOST)

    @property
    def meant(self) -> str | None:
        """The name of the one listener that differs by a slip from the one that is named."""
        section = self.parent.section
        names = [one.name for one in self.gateway.listeners if isinstance(one.name, str)]
        near = [name for name in names if isinstance(section, str) and are_near(name, section)]
        return near[0] if len(near) == 1 else None

    def related(self, path: str, text: str) -> tuple[tuple[Place, str], ...]:
        """Where a field of the listeners that are meant stands."""
        return tuple((self.gateway.at(f"{one.path}.{path}"), text) for one in self.listeners[:_MOST])


class RouteParentExists(NamedTuple):
    """The Gateway that a route names as its parent exists. A parent of another kind holds."""

    route: GatewayRoute
    parent: ParentReference

    def answer(self, graph: Resolver) -> MissingAnswer:
        """Depends, in an open world, on objects outside the input."""
        reference = self.route.to_gateway(self.parent)
        return MissingAnswer(HOLDS) if reference is None else find_named(graph, reference)


class RouteListenerExists(NamedTuple):
    """The Gateway that a route names, where it is seen, has the listener, by name or port, that the route means."""

    route: GatewayRoute
    parent: ParentReference

    def answer(self, graph: Resolver) -> AttachmentAnswer:
        """Holds where the route narrows nothing, and where a ListenerSet may add listeners."""
        narrows = self.parent.section is not None or self.parent.port is not None
        sets = not graph.kinds.isdisjoint(_SETS)
        if not narrows or sets:
            return AttachmentAnswer(HOLDS, self.parent)
        return _first_refusal(graph, self.route, self.parent, self._has_listener)

    def _has_listener(self, gateway: Gateway) -> Formula:
        found = tuple(_meant_formula(self.route, self.parent, gateway, one) for one in gateway.listeners)
        return Or((*found, Holds(nothing_more_fact(gateway, "spec.listeners", gateway.listeners))))


class RouteAdmitted(NamedTuple):
    """A listener that a route means admits routes of its kind, and of its namespace."""

    route: GatewayRoute
    parent: ParentReference

    def answer(self, graph: Resolver) -> AttachmentAnswer:
        """Holds where no such listener is seen, and where the labels of the namespace are not."""
        return _first_refusal(graph, self.route, self.parent, partial(self._is_admitted, graph))

    def _is_admitted(self, graph: Resolver, gateway: Gateway) -> Formula:
        meant = [one for one in gateway.listeners if _may_be_meant(self.parent, one)]
        admitted = (_admission_formula(graph, gateway, one, self.route) for one in meant)
        return (
            Or((*admitted, Holds(nothing_more_fact(gateway, "spec.listeners", gateway.listeners)))) if meant else TRUE
        )


class RouteHostnamesMeet(NamedTuple):
    """Some hostname of a route is one that a listener, which admits the route, serves."""

    route: GatewayRoute
    parent: ParentReference

    def answer(self, graph: Resolver) -> AttachmentAnswer:
        """Holds where the route has no hostname, or some listener has none."""
        if not self.route.hostnames.items or self.route.hostnames.more is not None:
            return AttachmentAnswer(HOLDS, self.parent)
        return _first_refusal(graph, self.route, self.parent, partial(self._hostnames_meet, graph))

    def _hostnames_meet(self, graph: Resolver, gateway: Gateway) -> Formula:
        meant = [one for one in gateway.listeners if _may_be_meant(self.parent, one)]
        let_in = [one for one in meant if _may_admit(graph, gateway, one, self.route)]
        if not let_in:
            return TRUE  # another rule says so
        return Or(
            (
                *(Holds(self._compare_hostnames(gateway, one)) for one in let_in),
                Holds(nothing_more_fact(gateway, "spec.listeners", gateway.listeners)),
            )
        )

    def _compare_hostnames(self, gateway: Gateway, listener: Listener) -> Fact:
        own, names = listener.hostname, all_known(self.route.hostnames)
        text = f"{gateway} {listener.path}.hostname is {own}, which no hostname of {self.route} meets"
        value: bool | Unknown = True
        if isinstance(own, Unknown) or not is_known(names):
            value = own if isinstance(own, Unknown) else names  # type: ignore[assignment]  # not known, as just asked
        elif own:
            value = any(not name or hostnames_meet(own, name) for name in names)
        return Fact(value, text, gateway.at(f"{listener.path}.hostname"))


def _first_refusal(
    graph: Resolver, route: GatewayRoute, parent: ParentReference, lets_in: Callable[[Gateway], Formula]
) -> AttachmentAnswer:
    """The first Gateway that a parent names, if any, that does not let the route in."""
    reference = route.to_gateway(parent)
    if reference is None:
        return AttachmentAnswer(HOLDS, parent)
    cases = (
        (item, sure, implies(is_named(reference, item), lets_in(item)))
        for item, sure in candidates(graph, reference)
        if isinstance(item, Gateway) and item.listeners.items
    )
    decision, gateway = first_fault(cases)
    return AttachmentAnswer(decision, parent, gateway)


def _meant_formula(route: GatewayRoute, parent: ParentReference, gateway: Gateway, listener: Listener) -> Formula:
    """That a parent means a listener."""
    parts: list[Formula] = []
    for field, key, wanted, offered in _list_narrowed(parent, listener):
        given = make_fact(route, f"{parent.path}.{field}", wanted)
        parts.append(Equal(given, make_fact(gateway, f"{listener.path}.{key}", offered)))
    return And(tuple(parts))


def _list_narrowed(
    parent: ParentReference, listener: Listener
) -> Iterator[tuple[str, str, str | int | Unknown, str | int | Unknown | None]]:
    if parent.section is not None:
        yield "sectionName", "name", parent.section, listener.name
    if parent.port is not None:
        yield "port", "port", parent.port, listener.port


def _is_meant(parent: ParentReference, listener: Listener) -> bool:
    """Whether a parent surely means a listener."""
    return all(_compare_known(one[2], one[3]) is Match.YES for one in _list_narrowed(parent, listener))


def _may_be_meant(parent: ParentReference, listener: Listener) -> bool:
    return all(_compare_known(one[2], one[3]) is not Match.NO for one in _list_narrowed(parent, listener))


def _compare_known(one: str | int | Unknown, other: str | int | Unknown | None) -> Match:
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return Match.UNDECIDED
    return Match.YES if one == other else Match.NO


def _may_admit(graph: Resolver, gateway: Gateway, listener: Listener, route: GatewayRoute) -> bool:
    """Whether a listener admits a route, or may."""
    if listener.is_of_implementation:
        return True
    kind = listener.admits_kind(route.kind)
    if is_known(kind) and not kind:
        return False
    if not isinstance(listener.from_, str) or listener.from_ == "All":
        return True
    if listener.from_ == "Same":
        return same_value(gateway.namespace, route.namespace) is not Match.NO
    return listener.from_ == "Selector" and selects_namespace_of(graph, listener.selector, route) is not Match.NO


def _admission_formula(graph: Resolver, gateway: Gateway, listener: Listener, route: GatewayRoute) -> Formula:
    if listener.is_of_implementation:
        return TRUE
    path = f"{listener.path}.allowedRoutes"
    kind = Holds(
        Fact(listener.admits_kind(route.kind), f"{gateway} {listener.path} admits no {route.kind}", gateway.at(path))
    )
    return And((kind, namespace_formula(graph, _allowed_by(gateway, listener), route)))


def _allowed_by(gateway: Gateway, listener: Listener) -> AllowedNamespaces:
    return AllowedNamespaces(
        gateway, f"{listener.path}.allowedRoutes.namespaces.from", listener.from_, listener.selector
    )
