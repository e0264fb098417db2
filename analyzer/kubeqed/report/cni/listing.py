"""What `kubeqed cni` found: a table for each unit, before it is said in some format."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kubeqed.diagnostic import Notice
from kubeqed.model.units.unit import Unit
from kubeqed.prove.clauses.losses import Loss, LossDirection
from kubeqed.prove.questions.cni_losses import CniRow, CniTable
from kubeqed.prove.questions.policy_cnis import CniOutcome


class UnitCnis(NamedTuple):
    """A unit that has policies, and what CNIs make of them."""

    unit: Unit
    table: CniTable


class CniListing(NamedTuple):
    """The units, and what could not be read."""

    units: tuple[UnitCnis, ...]
    notices: tuple[Notice, ...]


class CniGroup(NamedTuple):
    """Rows whose CNIs make the same of the policies: they differ in name and versions alone."""

    rows: tuple[CniRow, ...]

    @property
    def first(self) -> CniRow:
        """One of the rows, which speaks for the others."""
        return self.rows[0]

    def by_versions(self) -> dict[str, list[str]]:
        """The names of the CNIs for each band of versions."""
        found: dict[str, list[str]] = {}
        for row in self.rows:
            found.setdefault(str(row.versions), []).append(row.cni)
        return found


_ORDER = (CniOutcome.HOLD, CniOutcome.BY_VERSION, CniOutcome.UNKNOWN, CniOutcome.IN_PART, CniOutcome.IGNORED)


def group_alike(table: CniTable) -> list[CniGroup]:
    """The rows in groups: the CNIs of the cluster first, then those that enforce all, those that ignore all last."""
    groups: dict[object, list[CniRow]] = {}
    for row in table.rows:
        groups.setdefault((row.chosen, row.outcome, row.conditions, _key_of_losses(row), id(row.effect)), []).append(
            row
        )
    found = [CniGroup(tuple(rows)) for rows in groups.values()]
    return sorted(found, key=lambda group: (group.first.chosen is None, _ORDER.index(group.first.outcome)))


def _key_of_losses(row: CniRow) -> object:
    """What tells losses apart; of policies that are ignored one and all it makes no difference why."""
    if row.outcome is CniOutcome.IGNORED:
        return None
    return tuple((id(loss.object), loss.path, loss.degree, loss.direction, loss.note) for loss in row.losses)


def directions_of(losses: Iterable[Loss]) -> list[str]:
    """In which directions losses go, in words, each once."""
    found = dict.fromkeys(loss.direction for loss in losses)
    if LossDirection.EITHER in found or {LossDirection.TOO_OPEN, LossDirection.TOO_STRICT} <= found.keys():
        return [LossDirection.EITHER.value]
    return [direction.value for direction in found if direction is not LossDirection.UNKNOWN]
