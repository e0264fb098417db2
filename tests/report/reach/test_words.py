"""Groups in words: short, and never without the addresses that are among them."""

from __future__ import annotations

import pytest

from kubeqed.reach.algebra.addresses import ALL_V4, Range, parse_cidr
from kubeqed.reach.peer import Group, Peer
from kubeqed.report.reach.words import group_text

SEVERAL = tuple(Peer("shop", name, "Pod") for name in "abcdefghijklmnopqrstuvwxyz")

TWENTY = ", ".join(map(str, SEVERAL[:20]))


def _range(text: str) -> Range:
    found = parse_cidr(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("group", "text"),
    [
        (Group(SEVERAL[:3]), "shop/a[Pod], shop/b[Pod], shop/c[Pod]"),
        (Group(SEVERAL), f"{TWENTY} and 6 more"),
        (Group(SEVERAL, (ALL_V4,)), f"{TWENTY} and 6 more, 0.0.0.0/0"),
        (Group(SEVERAL[:20]), TWENTY),
        (Group(SEVERAL[:1], (_range("10.0.0.0/8"),)), "shop/a[Pod], 10.0.0.0/8"),
        (
            Group((), tuple(_range(f"10.{number}.0.0/16") for number in range(1, 9, 2))),
            "10.1.0.0/16, 10.3.0.0/16, 10.5.0.0/16, 10.7.0.0/16",
        ),
        (Group(controller=True), "{ingress-controller}"),
    ],
)
def test_a_group_in_words(group: Group, text: str) -> None:
    assert group_text(group) == text


def test_a_group_is_as_long_as_is_asked_for() -> None:
    assert group_text(Group(SEVERAL), 2) == "shop/a[Pod], shop/b[Pod] and 24 more"
    assert "more" not in group_text(Group(SEVERAL), len(SEVERAL))
