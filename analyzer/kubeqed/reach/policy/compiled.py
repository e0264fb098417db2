"""Policies of all kinds in one form: a subject, and for each direction rules with an action, peers and ports."""

from __future__ import annotations

from enum import IntEnum
from typing import Literal, NamedTuple

from kubeqed.model.kinds.object import Object
from kubeqed.model.units.producer import Producer
from kubeqed.model.units.unit import Unit
from kubeqed.parse import Place
from kubeqed.reach.algebra.terms import PodTerm, PortTerms, Term
from kubeqed.reach.peer import Representative

Action = Literal["Allow", "Deny", "Pass"]
Direction = Literal["Ingress", "Egress"]


class Tier(IntEnum):
    """Who is asked first."""

    ADMIN = 0
    NAMESPACE = 1
    BASELINE = 2


class CompiledRule(NamedTuple):
    """A rule; `peers` None is every peer, in and out of the cluster. `written` are its pairs of selectors, to the letter."""

    path: str
    name: str
    action: Action
    peers: tuple[Term, ...] | None
    ports: PortTerms
    written: tuple[Representative, ...]


class CompiledPolicy(NamedTuple):
    """A policy; `ingress` None says that it does not speak of ingress at all, which is not the same as no rules."""

    object: Object
    tier: Tier
    priority: int
    subject: PodTerm
    ingress: tuple[CompiledRule, ...] | None
    egress: tuple[CompiledRule, ...] | None

    def rules(self, direction: Direction) -> tuple[CompiledRule, ...] | None:
        """The rules of a direction."""
        return self.ingress if direction == "Ingress" else self.egress

    def isolates(self, direction: Direction) -> bool:
        """Whether it decides for the pods that it selects; one of an administrator does so only by its rules."""
        rules = self.rules(direction)
        return bool(rules) or (rules is not None and self.tier is Tier.NAMESPACE)


class Caveat(NamedTuple):
    """Something the answer depends on or leaves out, and where it stands: an object and a path in it.

    A producer stands at its own place, a unit at none.
    """

    object: Object | Producer | Unit
    path: str
    text: str

    @property
    def subject(self) -> str:
        """What the caveat speaks of."""
        if isinstance(self.object, Unit):
            return self.object.root
        return self.object.text if isinstance(self.object, Producer) else str(self.object)

    @property
    def place(self) -> Place | None:
        """Where it stands: a field of which one line of a patch sets a part stands there."""
        if isinstance(self.object, Unit):
            return None
        if isinstance(self.object, Producer):
            return self.object.place
        changed = self.object.changed_at(self.path)
        return changed[0] if len(changed) == 1 else self.object.at(self.path)
