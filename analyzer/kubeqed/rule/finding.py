"""What a rule yields; the runner makes a Diagnostic of it."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.diagnostic import Certainty
from kubeqed.parse import Place
from kubeqed.prove.engine.answer import Answer


class Finding(NamedTuple):
    """Something that is not as it should be, at a place.

    `answer` is the question's, from which certainty, evidence and "depends on …" come; without one the rule's own
    certainty holds. `at_most` may lower the certainty, nothing raises it. `related` are other places, each with its
    own words. `suggestion` says what to write instead; `edit` is the value that settles the finding, and where a scalar
    is written that it replaces, when only one value can have been meant.
    """

    at: Place
    message: str
    answer: Answer | None = None
    at_most: Certainty | None = None
    related: tuple[tuple[Place, str], ...] = ()
    suggestion: str | None = None
    edit: tuple[Place, str | int] | None = None
