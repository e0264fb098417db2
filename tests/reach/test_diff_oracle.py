"""Every expected difference of netpol-analyzer's tests, word for word."""

from __future__ import annotations

import re

import pytest
from tests.reach.known_differences import KNOWN
from tests.reach.world import PEER, unit_at

from kubeqed.reach.policy.assumptions import Assumptions
from kubeqed.reach.query.answer import ReachResult
from kubeqed.reach.query.diff.difference import Difference, find_difference
from kubeqed.report.diff.pairs import render_pairs

EXPECTED = PEER / "expected" / "diff"
OUT_OF_SCOPE = {"udn_test_1": "user-defined networks are out of scope at first"}


def _cases() -> list[tuple[str, str]]:
    """(older, newer) directories; the newer stands first in the name of the file, and both may hold `_and_`."""
    found = []
    for file in sorted(EXPECTED.glob("*.txt")) if EXPECTED.exists() else ():
        name = file.stem.removeprefix("diff_between_")
        cuts = [(name[: match.start()], name[match.end() :]) for match in re.finditer("_and_", name)]
        new, old = next(cut for cut in cuts if all((PEER / "inputs" / one).is_dir() for one in cut))
        if new not in OUT_OF_SCOPE:
            found.append((old, new))
    return found


def _difference(old: str, new: str) -> Difference:
    governed = any(one in KNOWN and KNOWN[one].how == "switched" for one in (old, new))
    one, other = (
        ReachResult(unit_at(PEER / "inputs" / case), Assumptions(hosts_governed=governed)) for case in (old, new)
    )
    return find_difference(one, other)


@pytest.mark.parametrize(("old", "new"), _cases())
def test_the_difference_agrees(old: str, new: str) -> None:
    expected = (EXPECTED / f"diff_between_{new}_and_{old}.txt").read_text().replace("\r", "")
    found = _difference(old, new)
    shown = render_pairs(found).partition("Exposure diff:")[0]  # the peer compares no pods that are not there
    assert shown.replace("\n", "") == expected.replace("\n", "")
    assert all(entry.causes for entry in found.entries), "a change without a line that caused it"
