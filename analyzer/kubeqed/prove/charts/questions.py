"""What should hold of a chart at any values, each stated once for each object that it concerns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from kubeqed.build.gotemplate.values import TooLargeError
from kubeqed.build.helm.symbolic.chart import LeftFile
from kubeqed.build.helm.symbolic.conditions import Condition
from kubeqed.build.helm.symbolic.descriptions import describe_term
from kubeqed.build.helm.symbolic.objects import GuardedLabels, GuardedObject, GuardedObjects, ObjectPart
from kubeqed.build.helm.symbolic.terms import SymbolicTerm
from kubeqed.parse import Place
from kubeqed.prove.charts.matching import ChartMatcher, asks_labels, is_number, list_places
from kubeqed.prove.charts.properties import ChartProperty

_BACKENDS = (
    ("spec", "defaultBackend"),
    ("spec", "backend"),
    ("spec", "rules", "*", "http", "paths", "*", "backend"),
)


class ChartQuestion(NamedTuple):
    """A property of an object: wherever `condition` holds, `good` should.

    `unseen` names what the object holds that nobody sees, so
    that the property is not stated at all. `places` are the lines that wrote it, that of the template first.
    """

    stated: ChartProperty
    kind: str
    file: str
    places: tuple[Place, ...]
    condition: Condition
    good: Condition
    unseen: str = ""

    @property
    def place(self) -> Place | None:
        """Where the object names what should be there."""
        return self.places[0] if self.places else None


def ask_questions(found: GuardedObjects) -> tuple[list[ChartQuestion], ChartMatcher]:
    """All questions, in the order of the templates; an object that asks for too much is left out."""
    asker = _Asker(found)
    questions: list[ChartQuestion] = []
    for one in found.objects:
        try:
            questions += asker.ask(one)
        except TooLargeError as error:
            found.left.append(LeftFile(one.file, error.reason))
        except RecursionError:
            found.left.append(LeftFile(one.file, "it is nested too deeply"))
    return questions, asker.matcher


class _Asker:
    """Asks what is to be asked of each object."""

    def __init__(self, found: GuardedObjects) -> None:
        self.matcher = ChartMatcher(found.table, found.objects)
        self._conditions = found.table.conditions
        self._table = found.table

    def ask(self, one: GuardedObject) -> Iterator[ChartQuestion]:
        """The questions of an object."""
        if one.kind == "Ingress":
            yield from self._ask_ingress(one)
        elif one.kind == "StatefulSet":
            yield from self._ask_stateful_set(one)
        elif one.kind == "Service":
            yield from self._ask_service(one)
        elif one.kind == "NetworkPolicy":
            yield from self._ask_policy(one)

    def _ask_ingress(self, one: GuardedObject) -> Iterator[ChartQuestion]:
        """Each backend: its Service is there, with the port."""
        rules = one.parts("spec", "rules")
        for part in rules:
            if one.is_open(part):
                yield self._leave_open(ChartProperty.BACKEND, one, part, "what the backends are")
        for path in _BACKENDS:
            for part in one.parts(*path):
                yield from self._ask_backend(one, part)

    def _ask_backend(self, one: GuardedObject, part: ObjectPart) -> Iterator[ChartQuestion]:
        """A backend, in the form of v1 or that of v1beta1."""
        if one.is_open(part):
            yield self._leave_open(ChartProperty.BACKEND, one, part, "what a backend is")
        forms: list[tuple[ObjectPart, Any, Any]] = []
        for inner in one.inside(part, "service"):
            port = next(one.inside(inner, "port"), None)
            number, name = (one.scalar_of(port, key) if port else None for key in ("number", "name"))
            meant = (
                number
                if name is None
                else name
                if number is None
                else self._table.choose(self._table.truth(number), number, name)
            )
            at = next(one.inside(inner, "name"), inner)._replace(condition=inner.condition)
            forms.append((at, one.scalar_of(inner, "name"), meant))
        old = list(one.inside(part, "serviceName"))
        if old:
            condition = self._conditions.either(*(inner.condition for inner in old))
            at = old[0]._replace(condition=condition)
            forms.append((at, one.scalar_of(part, "serviceName"), one.scalar_of(part, "servicePort")))
        for at, name, port in forms:
            good = self.matcher.has_service(one, name)
            yield self._state_property(ChartProperty.BACKEND, one, at, good)
            also = self.matcher.has_service(one, name, lambda service, port=port: self.matcher.offers(service, port))
            there = at._replace(condition=self._conditions.both(at.condition, good))
            yield self._state_property(ChartProperty.BACKEND_PORT, one, there, also)

    def _ask_stateful_set(self, one: GuardedObject) -> Iterator[ChartQuestion]:
        """The governing Service is there, and headless."""
        name = one.scalar("spec", "serviceName")
        for part in one.parts("spec", "serviceName")[:1]:
            condition = self._conditions.both(one.condition, self._table.truth(name))
            at = part._replace(condition=condition)
            good = self.matcher.has_service(one, name)
            yield self._state_property(ChartProperty.GOVERNING, one, at, good)
            headless = self.matcher.has_service(one, name, self._is_headless)
            at = at._replace(condition=self._conditions.both(condition, good))
            yield self._state_property(ChartProperty.HEADLESS, one, at, headless)

    def _is_headless(self, service: GuardedObject) -> Condition:
        """That a Service has no address."""
        return self.matcher.is_equal(service.scalar("spec", "clusterIP"), "None")

    def _ask_service(self, one: GuardedObject) -> Iterator[ChartQuestion]:
        """The selector meets pods, and these declare the ports that it names."""
        selector = one.labels("spec", "selector")
        part = next(iter(one.parts("spec", "selector")), None)
        if part is None:
            return
        if not selector.is_known:
            yield self._leave_open(ChartProperty.SELECTED, one, part, "what it selects")
            return
        is_external = self.matcher.is_equal(one.scalar("spec", "type"), "ExternalName")
        asks = self._conditions.both(asks_labels(self._table, selector), self._conditions.negate(is_external))
        at = part._replace(condition=self._conditions.both(one.condition, asks))
        good = self.matcher.has_pods(one, selector)
        yield self._state_property(ChartProperty.SELECTED, one, at, good)
        for port in one.parts("spec", "ports", "*"):
            yield from self._ask_port(one, selector, port, self._conditions.both(asks, good))

    def _ask_port(
        self, one: GuardedObject, selector: GuardedLabels, port: ObjectPart, asks: Condition
    ) -> Iterator[ChartQuestion]:
        """A named targetPort."""
        target = one.scalar_of(port, "targetPort")
        if is_number(target):
            return
        place = next(one.inside(port, "targetPort"), port)
        at = place._replace(condition=self._conditions.both(port.condition, asks))
        good = self.matcher.has_pods(one, selector, target)
        yield self._state_property(ChartProperty.TARGET_PORT, one, at, good)

    def _ask_policy(self, one: GuardedObject) -> Iterator[ChartQuestion]:
        """The policy isolates pods of the chart."""
        selector = one.labels("spec", "podSelector", "matchLabels")
        part = next(iter(one.parts("spec", "podSelector", "matchLabels")), None)
        if part is None:
            return
        if one.parts("spec", "podSelector", "matchExpressions") or not selector.is_known:
            yield self._leave_open(ChartProperty.ISOLATED, one, part, "what it isolates")
            return
        around = one.parts("spec", "podSelector")[0]
        at = around._replace(condition=self._conditions.both(one.condition, asks_labels(self._table, selector)))
        good = self.matcher.has_pods(one, selector)
        yield self._state_property(ChartProperty.ISOLATED, one, at, good)

    def _state_property(
        self, stated: ChartProperty, one: GuardedObject, part: ObjectPart, good: Condition
    ) -> ChartQuestion:
        """A question."""
        return ChartQuestion(stated, one.kind, one.file, list_places(part, one), part.condition, good)

    def _leave_open(self, stated: ChartProperty, one: GuardedObject, part: ObjectPart, what: str) -> ChartQuestion:
        """A question that cannot be stated, for a value gives what it is about."""
        term = getattr(part.block, "value", None)
        spreads = getattr(part.block, "spreads", ())
        term = spreads[0].term if spreads else term
        named = f"{what} is given by {describe_term(term)}" if isinstance(term, SymbolicTerm) else f"{what} is not read"
        return ChartQuestion(stated, one.kind, one.file, list_places(part, one), part.condition, part.condition, named)
