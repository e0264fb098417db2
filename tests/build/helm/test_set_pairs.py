"""`--set` makes what Helm makes, and no more than a run may cost."""

from __future__ import annotations

from typing import Any

import pytest

from kubeqed.build.allowance import Allowance
from kubeqed.build.gotemplate.values import PlacedMap
from kubeqed.build.helm.values import SetPairs
from kubeqed.build.refusal import RefusalError, UnbuiltError
from kubeqed.parse import Place


def set_pairs(text: str, allowance: Allowance | None = None) -> dict[str, Any]:
    values = PlacedMap()
    SetPairs(text, Place.at_start("a"), allowance or Allowance()).set_in(values)
    return values


def depth(value: Any) -> int:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return max(map(depth, inside), default=-1) + 1


def test_names_are_nested_as_deep_as_helm_has_them() -> None:
    assert depth(set_pairs("a." * 30 + "a=1")) == 31
    with pytest.raises(RefusalError, match="greater than maximum supported nested level of 30"):
        set_pairs("a." * 31 + "a=1")


def test_items_of_lists_are_nested_without_a_stack_that_grows() -> None:
    assert depth(set_pairs("a" + "[0].b" * 40 + "=1")) == 81
    with pytest.raises(UnbuiltError, match="nested too deeply"):
        set_pairs("a" + "[0]" * 20_000 + "=1")


def test_what_an_index_makes_is_paid_for() -> None:
    allowance = Allowance(100_000)
    assert len(set_pairs("a[60000]=1", allowance)["a"]) == 60_001
    set_pairs("b[60000]=1", allowance)
    with pytest.raises(UnbuiltError, match="too much for one run"):
        set_pairs("c[1]=1", allowance)
