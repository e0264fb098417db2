"""What `why` prints to be pasted reads back as the value that it stands for."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from kubeqed.report.block import yaml_block
from kubeqed.report.words import escape_text

scalars = st.text() | st.integers(0, 65535) | st.booleans() | st.none() | st.sampled_from(("on", "1e3", "0x1", "a: b"))
values = st.recursive(scalars, lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(), one, max_size=3))


@given(values)
def test_a_value_is_read_back_as_it_is(value: Any) -> None:
    assert YAML(typ="safe").load("\n".join(map(escape_text, yaml_block(value)))) == value


def test_what_is_short_stands_on_one_line() -> None:
    peer = {"namespaceSelector": {"matchLabels": {"a": "b"}}, "podSelector": {"matchLabels": {"app": "web", "x": "z"}}}
    assert yaml_block({"from": [peer], "ports": [{"protocol": "TCP", "port": 80}], "policyTypes": ["Ingress"]}) == [
        "from:",
        "  - namespaceSelector: {matchLabels: {a: b}}",
        "    podSelector: {matchLabels: {app: web, x: z}}",
        "ports:",
        "  - {protocol: TCP, port: 80}",
        "policyTypes: [Ingress]",
    ]
