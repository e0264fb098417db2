"""What a question is: a named type that states what should be, asked of a graph."""

from __future__ import annotations

from typing import Protocol, TypeVar

from kubeqed.prove.engine.answer import Answer
from kubeqed.resolve import Resolver

A_co = TypeVar("A_co", bound=Answer, covariant=True)


class Question(Protocol[A_co]):
    """A question; rules ask it through World and never see formulas or Z3."""

    def answer(self, graph: Resolver) -> A_co:
        """The answer in one unit."""
        ...
