"""Whether one controller, and no more than one, serves an Ingress.

https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class
"""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.ingress.controllers import known_classes
from kubeqed.model.kinds.ingress import Ingress
from kubeqed.model.kinds.ingressclass import IngressClass
from kubeqed.model.kinds.object import ObjectReference
from kubeqed.model.values.match import Match, same_value
from kubeqed.parse import Place, Unknown
from kubeqed.prove.clauses.missing_answer import MissingAnswer
from kubeqed.prove.clauses.named_object import find_named
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision, Verdict
from kubeqed.prove.engine.decide import decide
from kubeqed.prove.engine.facts import elsewhere_unknown
from kubeqed.prove.engine.formula import Fact, Holds, Or
from kubeqed.resolve import Resolver
from kubeqed.resolve.edit_distance import are_near
from kubeqed.resolve.ingress_classes import (
    InstalledController,
    find_defaults,
    find_installed,
    takes_unclassed_outside,
)
from kubeqed.resolve.missing.reference import Candidate, MissingReference

_CLASS = ("networking.k8s.io", "IngressClass")


class ServedAnswer(MissingAnswer):
    """Whether a controller serves an Ingress; `near` is the class of a known controller that was probably meant."""

    def __init__(self, decision: Decision, missing: MissingReference | None = None, near: str | None = None) -> None:
        super().__init__(decision, missing)
        self._near = near

    @property
    def is_likely_a_mistake(self) -> bool:
        """Whether a class, a controller, or the usual name of a known controller's class was probably meant."""
        return super().is_likely_a_mistake or (self._near is not None and not (self.missing and self.missing.excused))

    @property
    def candidate(self) -> str:
        """The end of a message that names what was probably meant; empty when nothing was."""
        return super().candidate or (f"; {self._near} is the class of a well-known one" if self._near else "")

    @property
    def meant(self) -> str | None:
        """The class that was surely meant."""
        return super().meant or self._near


class IngressServed(NamedTuple):
    """A controller takes the class that an Ingress names, or takes it without one.

    Classes count that the unit defines, that arguments of its controllers name, and that well-known controllers take for theirs.
    """

    ingress: Ingress

    def answer(self, graph: Resolver) -> ServedAnswer:
        """Depends, in an open world, on classes and controllers outside the input."""
        named = self.ingress.named_class
        if named is None:
            return ServedAnswer(_find_taker(graph, self.ingress))
        if isinstance(named.name, Unknown):
            return ServedAnswer(HOLDS)
        by_arguments = [(name, path, one) for one in find_installed(graph) for name, path in one.classes]
        if named.name in known_classes() or any(name == named.name for name, _, _ in by_arguments):
            return ServedAnswer(HOLDS)
        reference = ObjectReference(self.ingress, named.path, _CLASS, None, named.name)
        if any(graph.named(_CLASS, None, named.name)):
            return ServedAnswer(HOLDS)
        answer = find_named(graph, reference)
        decision = Decision(answer.verdict, answer.facts, answer.unknowns, answer.witness)
        return _add_candidates(decision, answer.missing, named.name, by_arguments)


class UnclassedAnswer(Answer):
    """Whether at most one controller takes an Ingress without a class; `takers` are those that do."""

    def __init__(self, decision: Decision, takers: tuple[InstalledController, ...] = ()) -> None:
        super().__init__(decision)
        self.takers = takers

    @property
    def related(self) -> tuple[tuple[Place, str], ...]:
        """Where the controllers stand."""
        return tuple((one.place, "takes it") for one in self.takers)


class OneTakesUnclassed(NamedTuple):
    """An Ingress without a class is taken by one controller at most."""

    ingress: Ingress

    def answer(self, graph: Resolver) -> UnclassedAnswer:
        """Holds with a class, and where the controllers watch other namespaces."""
        if self.ingress.named_class is not None or find_defaults(graph):
            return UnclassedAnswer(HOLDS)
        takers = [one for one in find_installed(graph) if one.takes_unclassed is True and _may_watch(one, self.ingress)]
        ids = {one.controller.id for one in takers}
        return UnclassedAnswer(Decision(Verdict.FAILS), tuple(takers)) if len(ids) > 1 else UnclassedAnswer(HOLDS)


class OneDefaultClass(NamedTuple):
    """No IngressClass before this one, in source order, is the default too."""

    ingress_class: IngressClass

    def answer(self, graph: Resolver) -> DefaultAnswer:
        """Fails where both surely are."""
        defaults = find_defaults(graph)
        if (
            self.ingress_class not in defaults[1:]
            or same_value(defaults[0].name, self.ingress_class.name) is not Match.NO
        ):
            return DefaultAnswer(HOLDS)
        return DefaultAnswer(Decision(Verdict.FAILS), defaults[0])


class DefaultAnswer(Answer):
    """Whether a class is the only default one; `first` is the one before it."""

    def __init__(self, decision: Decision, first: IngressClass | None = None) -> None:
        super().__init__(decision)
        self._first = first

    @property
    def first(self) -> IngressClass:
        """The default class before it; LookupError when the property holds."""
        if self._first is None:
            raise LookupError("no other class is the default")
        return self._first


def _find_taker(graph: Resolver, ingress: Ingress) -> Decision:
    """Whether something takes an Ingress without a class. Where no class and no controller is seen, it is not asked."""
    classes, installed = graph.of_kind(_CLASS), find_installed(graph)
    default = any(isinstance(item, IngressClass) and (item.is_default is not False) for item in classes)
    taken = any(one.takes_unclassed is not False for one in installed)
    if not (classes or installed) or default or taken or takes_unclassed_outside(graph):
        return HOLDS
    none = Fact(False, f"no class of the unit {graph.unit.root} is the default", ingress.at("spec"))
    return decide(
        Or((Holds(none), Holds(elsewhere_unknown(graph.unit, "a default IngressClass outside the manifests read"))))
    )


def _add_candidates(
    decision: Decision,
    missing: MissingReference | None,
    name: str,
    by_arguments: list[tuple[str, str, InstalledController]],
) -> ServedAnswer:
    """The answer with what else may have been meant: a class that arguments name, or that of a well-known controller."""
    if missing is None or missing.candidate is not None:
        return ServedAnswer(decision, missing)
    for other, path, one in by_arguments:
        if are_near(other, name):
            candidate = Candidate(one.workload, path, f"{one.workload} takes the class {other}")
            return ServedAnswer(decision, MissingReference(candidate, missing.producers, excused=False))
    near = sorted(one for one in known_classes() if are_near(one, name))
    return ServedAnswer(decision, missing, near[0] if len(near) == 1 else None)


def _may_watch(one: InstalledController, ingress: Ingress) -> bool:
    return one.watches is None or same_value(one.watches, ingress.namespace) is not Match.NO
