"""What other rooms see of the comparison of two versions."""

from __future__ import annotations

from kubeqed.reach.query.diff.causes import Cause
from kubeqed.reach.query.diff.changes import ChangeKind, ConnectionChange
from kubeqed.reach.query.diff.difference import (
    ORDER,
    BareChange,
    ComparisonLimits,
    DiffEntry,
    Difference,
    RegroupedUnit,
    find_bare_changes,
    find_difference,
    merge_differences,
)
from kubeqed.reach.query.diff.shifts import Shift
from kubeqed.reach.query.diff.undecided import UncomparedObject

__all__ = [
    "ORDER",
    "BareChange",
    "Cause",
    "ChangeKind",
    "ComparisonLimits",
    "ConnectionChange",
    "DiffEntry",
    "Difference",
    "RegroupedUnit",
    "Shift",
    "UncomparedObject",
    "find_bare_changes",
    "find_difference",
    "merge_differences",
]
