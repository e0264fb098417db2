"""At least 10,000 verdicts on claims of tiny worlds, each against every kind of packet; cores and witnesses of some of them."""

from __future__ import annotations

import os

import pytest
from tests.prove.verdicts.judged import CLAIMS, list_disagreements

VERDICTS = int(os.environ.get("VERDICTS", "10000"))
FIRST = 1000 * int(os.environ.get("SEED", "0")) + 100  # after those of the sample
PARTS = 16


@pytest.mark.parametrize("part", range(PARTS))
def test_verdicts_are_those_of_every_kind_of_packet(part: int) -> None:
    worlds = range(FIRST + part, FIRST + -(-VERDICTS // CLAIMS), PARTS)
    assert [said for seed in worlds for said in list_disagreements(seed)] == []
