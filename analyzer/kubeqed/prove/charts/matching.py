"""Under which condition one object of a chart meets another: by name, by port, by labels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kubeqed.build.helm.symbolic.conditions import FALSE, TRUE, Condition
from kubeqed.build.helm.symbolic.equality import equal_condition
from kubeqed.build.helm.symbolic.objects import GuardedLabels, GuardedObject, ObjectPart
from kubeqed.build.helm.symbolic.terms import UNTOLD, SymbolicTerm, TermTable
from kubeqed.parse import Place

WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job")
OWN_LABELS = "values that are spread into labels repeat no key that the chart sets itself"


class ChartMatcher:
    """The objects of a chart, one against another. `granted` names what was taken for granted of values."""

    def __init__(self, table: TermTable, objects: Iterable[GuardedObject]) -> None:
        self.table = table
        self.objects = list(objects)
        self.granted: set[str] = set()
        self._namespace = table.make("root", "Release.Namespace", (), UNTOLD)

    def of_kind(self, *kinds: str) -> list[GuardedObject]:
        """The objects of some kinds."""
        return [one for one in self.objects if one.kind in kinds]

    def is_equal(self, one: Any, other: Any) -> Condition:
        """That two scalars spell the same text."""
        return equal_condition(self.table, one, other)

    def is_beside(self, one: GuardedObject, other: GuardedObject) -> Condition:
        """That two objects are in one namespace; one that names none is in that of the release."""
        return self.is_equal(self._namespace_of(one), self._namespace_of(other))

    def _namespace_of(self, one: GuardedObject) -> Any:
        namespace, table = one.namespace, self.table
        return table.choose(table.truth(namespace), namespace, table.text([self._namespace]))

    def has_service(self, around: GuardedObject, name: Any, also: Any = None) -> Condition:
        """That a Service of a name stands beside an object; `also` says what else has to hold of it."""
        conditions, found = self.table.conditions, FALSE
        for one in self.of_kind("Service"):
            is_named = conditions.both(one.condition, self.is_equal(name, one.name))
            if is_named != FALSE:
                more = TRUE if also is None else also(one)
                found = conditions.either(found, conditions.both(is_named, self.is_beside(around, one), more))
        return found

    def offers(self, service: GuardedObject, port: Any) -> Condition:
        """That a Service has a port of a number or a name."""
        conditions = self.table.conditions
        found = self.is_equal(service.scalar("spec", "type"), "ExternalName")
        for one in service.parts("spec", "ports", "*"):
            is_meant = (self.is_equal(port, service.scalar_of(one, key)) for key in ("port", "name"))
            found = conditions.either(found, conditions.both(one.condition, conditions.either(*is_meant)))
        return found

    def has_pods(self, around: GuardedObject, selector: GuardedLabels, port: Any = None) -> Condition:
        """That a workload beside an object has pods that a selector selects, and that declare a port if one is named."""
        conditions, found = self.table.conditions, FALSE
        for one in self.of_kind(*WORKLOADS, "Pod", "CronJob"):
            above = pod_path(one.kind)
            meets = conditions.both(one.condition, self.contains(one.labels(*above, "metadata", "labels"), selector))
            if meets != FALSE:
                declares = TRUE if port is None else self._declares_port(one, above, port)
                found = conditions.either(found, conditions.both(meets, self.is_beside(around, one), declares))
        return found

    def _declares_port(self, workload: GuardedObject, above: tuple[str, ...], port: Any) -> Condition:
        """That a container declares a port of a name."""
        conditions, found = self.table.conditions, FALSE
        for one in workload.parts(*above, "spec", "containers", "*", "ports", "*"):
            is_named = self.is_equal(workload.scalar_of(one, "name"), port)
            found = conditions.either(found, conditions.both(one.condition, is_named))
        return found

    def contains(self, labels: GuardedLabels, selector: GuardedLabels) -> Condition:
        """That labels hold all that a selector asks for."""
        conditions = self.table.conditions
        if not selector.is_known:
            return FALSE
        found = TRUE
        for condition, _, key, value in selector.entries:
            found = conditions.both(found, conditions.choose(condition, self._holds_label(labels, key, value), TRUE))
        for condition, _, term in selector.spreads:
            if self._picks_own(term, selector):
                continue
            is_spread = (one.condition for one in labels.spreads if self._is_same(one.term, term))
            found = conditions.both(found, conditions.choose(condition, conditions.either(*is_spread), TRUE))
        if found != FALSE and labels.spreads:
            self.granted.add(OWN_LABELS)
        return found

    def _picks_own(self, term: Any, selector: GuardedLabels) -> bool:
        """Whether a term picks keys that the chart sets itself beside it, so that it holds none."""
        own = {key for _, _, key, _ in selector.entries}
        if not (isinstance(term, SymbolicTerm) and term.name == "pick" and own.issuperset(term.parts[1:])):
            return False
        self.granted.add(OWN_LABELS)
        return True

    def _holds_label(self, labels: GuardedLabels, key: Any, value: Any) -> Condition:
        """That labels hold one of a key with a value: the last of its key counts."""
        conditions, found = self.table.conditions, FALSE
        for condition, _, own_key, own in labels.entries:
            if value is not UNTOLD and own is not UNTOLD and self._is_same(own_key, key):
                found = conditions.choose(condition, self.is_equal(own, value), found)
            elif isinstance(own_key, SymbolicTerm) != isinstance(key, SymbolicTerm):
                self.granted.add(OWN_LABELS)
            elif self._is_same(own_key, key):
                found = conditions.both(found, conditions.negate(condition))
        return found

    def _is_same(self, one: Any, other: Any) -> bool:
        return self.table.key_of(one) == self.table.key_of(other)


def pod_path(kind: str) -> tuple[str, ...]:
    """Where the pod of a workload stands in it."""
    if kind == "Pod":
        return ()
    return ("spec", "jobTemplate", "spec", "template") if kind == "CronJob" else ("spec", "template")


def asks_labels(table: TermTable, selector: GuardedLabels) -> Condition:
    """That a selector asks for anything."""
    return table.conditions.either(
        *(condition for condition, *_ in selector.entries), *(one.condition for one in selector.spreads)
    )


def is_number(value: Any) -> bool:
    """Whether a value is a number, or one by its default."""
    if isinstance(value, SymbolicTerm):
        if value.kind == "choice":
            return all(map(is_number, value.parts[1:]))
        if value.kind == "text" and len(value.parts) == 1:
            return is_number(value.parts[0])
        told = value.default if isinstance(value.default, int | float) else value.shadow
        return is_number(told)
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool)) or str(value).isdigit()


def list_places(part: ObjectPart, around: GuardedObject) -> tuple[Place, ...]:
    """The places that a part came through, the template first; those of its object where it has none."""
    origin = part.origin or around.origin
    return tuple(frame.place for frame in origin.frames()) if origin is not None else ()
