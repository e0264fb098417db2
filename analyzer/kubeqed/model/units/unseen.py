"""Objects that may exist although no manifest of the unit holds them."""

from __future__ import annotations

from kubeqed.model.units.unit import Unit
from kubeqed.parse import Unknown, Variable


class UnseenObject(Unknown):
    """Whether an object exists that the unit does not hold: another unit, an operator or a person may create it."""

    __slots__ = ()

    def __init__(self, what: str) -> None:
        super().__init__(Variable(f"unseen {what}"), what)


def may_exist(unit: Unit, what: str) -> UnseenObject | bool:
    """Whether `what` may exist unseen: False in a closed world in which nothing produces objects."""
    return False if unit.holds_all else UnseenObject(what)
