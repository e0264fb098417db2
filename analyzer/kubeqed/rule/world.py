"""World: the one thing that a rule is given."""

from __future__ import annotations

from typing import TypeVar

from kubeqed.model.cluster import Cluster
from kubeqed.model.kinds.object import Object
from kubeqed.model.units.unit import Unit
from kubeqed.parse import Unknown
from kubeqed.prove.engine.answer import Answer, Verdict
from kubeqed.prove.questions.question import Question
from kubeqed.resolve import Resolver

T = TypeVar("T", bound=Object)
A = TypeVar("A", bound=Answer)


class World:
    """A unit as rules see it: its objects, what the user stated, and questions about it."""

    def __init__(self, graph: Resolver) -> None:
        self.graph = graph
        self.gave_up: list[Question[Answer]] = []

    @property
    def unit(self) -> Unit:
        """The objects that end up in one cluster together."""
        return self.graph.unit

    @property
    def cluster(self) -> Cluster:
        """What the user stated about the cluster."""
        return self.graph.cluster

    def of(self, kind: type[T]) -> tuple[T, ...]:
        """The objects of a kind, in order of file and line."""
        return self.unit.of(kind)

    def ask(self, question: Question[A]) -> A:
        """The answer to a question; one whose budget was spent counts as given up and holds."""
        answer = question.answer(self.graph)
        if answer.verdict is Verdict.GAVE_UP:
            self.gave_up.append(question)
        return answer


def surely(value: int | Unknown | None, above: int) -> bool:
    """Whether a number is known and above another."""
    return isinstance(value, int) and value > above
