"""Drawings: names that mean something to the renderers are only names, and addresses are never behind "more"."""

from __future__ import annotations

import re

from kubeqed.graph.reach.addresses import ALL_V4
from kubeqed.graph.reach.answer import Connection
from kubeqed.graph.reach.peer import Group, Peer
from kubeqed.graph.reach.ports import ports
from kubeqed.report.reach import dot, mermaid

SEVERAL = tuple(Peer("shop", name, "Pod") for name in "abcdefgh")
ODD = Peer("shöp", 'a"b <i>&amp; #x; \\ `', "Pod")
DRAWN = [Connection(Group(SEVERAL, (ALL_V4,)), Group((ODD,)), ports("TCP", 80, 80))]


def test_mermaid_takes_every_name_for_a_name() -> None:
    text = mermaid.render(DRAWN, [])
    (label,) = re.findall(r'g2\["(.*)"\]', text)
    assert label == "shöp/a&quot;b &lt;i&gt;&amp;amp; #35;x; \\ `[Pod]"
    assert text.splitlines()[1] == "flowchart LR"


def test_graphviz_takes_every_name_for_a_name() -> None:
    assert 'g2 [label="shöp/a\\"b <i>&amp;amp; #x; \\\\ `[Pod]\\l"];' in dot.render(DRAWN, [])


def test_addresses_follow_the_workloads_that_are_left_out() -> None:
    assert "shop/e[Pod]<br/>and 3 more<br/>0.0.0.0/0" in mermaid.render(DRAWN, [])
    assert r"shop/e[Pod]\land 3 more\l0.0.0.0/0\l" in dot.render(DRAWN, [])
