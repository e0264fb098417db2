"""Whether the policies of two versions decide the same for every packet there can be, unit by unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kubeqed.app.diff import DiffVersion, pair_units
from kubeqed.diagnostic import Notice, NoticeKind
from kubeqed.reach import Assumptions
from kubeqed.report import Options, render_answer

if TYPE_CHECKING:
    from kubeqed.prove.packets.compare import ComparedUnits


def compare_versions(before: DiffVersion, after: DiffVersion, assumptions: Assumptions) -> ComparedUnits:
    """The verdicts on the units of two versions, paired as `diff` pairs them."""
    # It loads z3, which `diff` seldom needs.
    from kubeqed.prove.packets.compare import ComparedUnits, compare_policies, gather_policy_sets

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
    return render_answer("equivalent", output_format, found, Options())
