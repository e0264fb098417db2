"""What is wrong with addresses that are stated: there is nothing unknown to weigh, so that a fault is no answer to a question."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.diagnostic import Certainty
from kubeqed.parse import Place


class AddressFault(NamedTuple):
    """A fault at a place; `at_most` is how sure it may be said, `related` are other places with their words."""

    place: Place
    message: str
    at_most: Certainty | None = None
    related: tuple[tuple[Place, str], ...] = ()


def begin_sentence(subject: object) -> str:
    """The words for something where a message begins with them."""
    text = str(subject)
    return text[:1].upper() + text[1:]
