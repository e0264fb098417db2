"""Groups in words: short, and never without the addresses that are among them."""

from __future__ import annotations

import pytest

from kubeqed.graph.reach.addresses import ALL_V4, Range, cidr
from kubeqed.graph.reach.peer import Group, Peer
from kubeqed.report.reach.words import group_text

SEVERAL = tuple(Peer("shop", name, "Pod") for name in "abcdefghijkl")


def _range(text: str) -> Range:
    found = cidr(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("group", "text"),
    [
        (Group(SEVERAL[:3]), "shop/a[Pod], shop/b[Pod], shop/c[Pod]"),
        (Group(SEVERAL), "shop/a[Pod] and 11 more"),
        (Group(SEVERAL, (ALL_V4,)), "shop/a[Pod] and 11 more, 0.0.0.0/0"),
        (Group(SEVERAL[:1], (_range("10.0.0.0/8"),)), "shop/a[Pod], 10.0.0.0/8"),
        (
            Group((), tuple(_range(f"10.{number}.0.0/16") for number in range(1, 9, 2))),
            "10.1.0.0/16 and 3 more",
        ),
        (Group(controller=True), "{ingress-controller}"),
    ],
)
def test_a_group_in_words(group: Group, text: str) -> None:
    assert group_text(group) == text
