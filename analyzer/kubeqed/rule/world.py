"""World: the one thing that a rule is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from kubeqed.diagnostic import Certainty, Notice
from kubeqed.model.cluster import Cluster
from kubeqed.model.kinds.object import Object
from kubeqed.model.units.input import Input
from kubeqed.model.units.unit import Unit
from kubeqed.parse import Unknown
from kubeqed.prove.engine.answer import Answer, Verdict
from kubeqed.prove.questions.question import Question
from kubeqed.resolve import Resolver
from kubeqed.resolve.together import Togetherness

T = TypeVar("T", bound=Object)
A = TypeVar("A", bound=Answer)
F = TypeVar("F")

_LIMITS = {Togetherness.SURE: None, Togetherness.LIKELY: Certainty.LIKELY, Togetherness.OPEN: Certainty.POSSIBLE}


class World:
    """A unit as rules see it: its objects, what the user stated, and questions about it."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self.gave_up: list[Question[Answer]] = []

    @property
    def unit(self) -> Unit:
        """The objects that end up in one cluster together."""
        return self._resolver.unit

    @property
    def left_open(self) -> list[str]:
        """What searches did not look at to the end."""
        return self._resolver.given_up

    @property
    def noted(self) -> list[Notice]:
        """What is so unless something says otherwise that is not modelled."""
        return self._resolver.noted

    @property
    def cluster(self) -> Cluster:
        """What the user stated about the cluster."""
        return self._resolver.cluster

    @property
    def input(self) -> Input:
        """All that was read, of which the unit is a part."""
        return self._resolver.input

    def of(self, kind: type[T]) -> tuple[T, ...]:
        """The objects of a kind, in order of file and line."""
        return self.unit.of(kind)

    def limit_together(self, one: Object, other: Object) -> Certainty | None:
        """The highest certainty of what is wrong only if both objects are applied to one cluster; None where that is sure."""
        return _LIMITS[self._resolver.judge_togetherness(one, other)]

    def find(self, search: Callable[[Resolver], F]) -> F:
        """What a search of `kubeqed.prove` finds in the unit."""
        return search(self._resolver)

    def ask(self, question: Question[A]) -> A:
        """The answer to a question; one whose budget was spent counts as given up and holds."""
        answer = question.answer(self._resolver)
        if answer.verdict is Verdict.GAVE_UP:
            self.gave_up.append(question)
        return answer


def surely(value: int | Unknown | None, above: int) -> bool:
    """Whether a number is known and above another."""
    return isinstance(value, int) and value > above
