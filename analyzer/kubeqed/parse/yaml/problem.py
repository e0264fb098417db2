"""What was wrong with a document, gathered while it is built."""

from __future__ import annotations

from kubeqed.parse.document import Problem, ProblemKind
from kubeqed.parse.tree.mark import Mark
from kubeqed.parse.yaml.frame import Frame

MAX_PROBLEMS = 1000  # of one document; who has more needs no more


class Problems:
    """The problems of one document; `frames` are the open collections, outermost first, which give the path."""

    __slots__ = ("_found", "_frames")

    def __init__(self, frames: list[Frame]) -> None:
        self._frames = frames
        self._found: list[Problem] = []

    def refuse(self, message: str, mark: Mark) -> None:
        """Something at the waiting entry that Kubernetes refuses."""
        self._add_problem(ProblemKind.NOT_READABLE, message, mark, ())

    def twice(self, first: Mark, second: Mark) -> None:
        """The waiting key stood in its mapping before."""
        key = self._frames[-1].key
        self._add_problem(
            ProblemKind.KEY_TWICE,
            f'key "{key}" is defined twice, the last one wins',
            second,
            ((first, "defined first here"),),
        )

    def _add_problem(self, kind: ProblemKind, message: str, mark: Mark, related: tuple[tuple[Mark, str], ...]) -> None:
        if len(self._found) < MAX_PROBLEMS:
            path = "".join(frame.step() for frame in self._frames).removeprefix(".")
            self._found.append(Problem(kind, message, mark, path, related))

    def found(self) -> tuple[Problem, ...]:
        """All of them, in the order of their marks."""
        return tuple(sorted(self._found, key=lambda problem: problem.mark))
