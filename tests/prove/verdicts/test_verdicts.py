"""A sample of what `make every-verdict` tries."""

from __future__ import annotations

import pytest
from tests.prove.verdicts.judged import list_disagreements


@pytest.mark.parametrize("seed", [*range(10), 143, 266, 285, 332])
def test_verdicts_are_those_of_every_kind_of_packet(seed: int) -> None:
    assert [*list_disagreements(seed)] == []
