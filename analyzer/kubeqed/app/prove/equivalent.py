"""Whether the policies of two versions decide the same for every packet there can be, unit by unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kubeqed.app.diff import DiffVersion, pair_units
from kubeqed.diagnostic import Notice, NoticeKind
from kubeqed.reach import Assumptions
from kubeqed.report import Options, render_answer

if TYPE_CHECKING:
    from kubeqed.prove.packets.compare import Equivalence


class ComparedUnits(NamedTuple):
    """The verdict on each pair of units, by the name of the unit."""

    units: tuple[tuple[str, Equivalence], ...]

    @property
    def equivalent(self) -> bool | None:
        """Whether all are; None where none differs and one could not be decided."""
        verdicts = [one.equivalent for _, one in self.units]
        return False if False in verdicts else None if None in verdicts else True

    @property
    def gained(self) -> bool:
        """Whether anything is allowed to anybody that was not."""
        return any(one.gained for _, one in self.units)


def compare_versions(before: DiffVersion, after: DiffVersion, assumptions: Assumptions) -> ComparedUnits:
    """The verdicts on the units of two versions, paired as `diff` pairs them."""
    from kubeqed.prove.packets.compare import (
        compare_policies,
        gather_policy_sets,
    )  # loads z3, which `diff` seldom needs

    pairs = pair_units(before.loaded, after.loaded)
    return ComparedUnits(
        tuple((new.root or old.root, compare_policies(gather_policy_sets(old, new, assumptions))) for old, new in pairs)
    )


def notices_given_up(found: ComparedUnits) -> list[Notice]:
    """What could not be decided."""
    return [
        Notice(NoticeKind.GAVE_UP, None, f"the policies of {name} could not be compared within the budget")
        for name, one in found.units
        if one.equivalent is None
    ]


def render(found: ComparedUnits, output_format: str) -> str:
    """The verdicts in one of the formats of `report/equivalent/formats`."""
    return render_answer("equivalent", output_format, found.units, Options())
