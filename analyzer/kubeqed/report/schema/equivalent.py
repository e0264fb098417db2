"""The JSON of `kubeqed equivalent`."""

from __future__ import annotations

from typing import Literal

from kubeqed.report.schema.parts import ReportModel
from kubeqed.report.schema.prove import Deciding, OtherEngine, WitnessPacket
from kubeqed.report.schema.reach import ReachNotice


class DecidingBefore(Deciding):
    """What decides about the packet in one of the two versions."""

    side: Literal["before", "after"]


class EquivalenceVerdict(ReportModel):
    """Whether the policies decide the same; null where the budget was spent.

    `unless` are policies of engines that are not modelled, `notices` what the verdict leaves out or depends on.
    `gained` and `lost`: something is allowed that was not, and the reverse. `present`: pods that the manifests show see it.
    """

    equivalent: bool | None
    gained: bool
    lost: bool
    present: bool
    witness: WitnessPacket | None
    deciding: tuple[DecidingBefore, ...]
    unless: tuple[OtherEngine, ...]
    notices: tuple[ReachNotice, ...]


class UnitEquivalence(EquivalenceVerdict):
    """The verdict on one unit."""

    unit: str


class EquivalentReport(EquivalenceVerdict):
    """The output of `kubeqed equivalent --output-format json`: all units together, then each by itself."""

    version: Literal[1]
    units: tuple[UnitEquivalence, ...]
