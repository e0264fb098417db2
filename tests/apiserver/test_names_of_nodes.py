"""Hints and node names of an EndpointSlice: neither empty nor twice (found by fuzzing against the server's code)."""

from __future__ import annotations

import pytest
from tests.apiserver.verdicts import manifest, rejected

SLICE = "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: web}\naddressType: IPv4\nendpoints: "


@pytest.mark.parametrize(
    ("endpoint", "paths"),
    [
        ("nodeName: ''", ["endpoints[0].nodeName"]),
        ("nodeName: node-1", []),
        ("hostname: ''", ["endpoints[0].hostname"]),
        ("nodeName: null", []),
        ("hints: {forNodes: [{name: ''}]}", ["endpoints[0].hints.forNodes[0].name"]),
        ("hints: {forNodes: [{name: a}, {name: a}]}", ["endpoints[0].hints.forNodes[1].name"]),
        ("hints: {forNodes: [{name: a}, {name: b}], forZones: [{name: a}]}", []),
        ("hints: {forNodes: [{name: a-}]}", ["endpoints[0].hints.forNodes[0].name"]),
    ],
)
def test_names_in_an_endpoint(endpoint: str, paths: list[str]) -> None:
    (item,) = manifest(f"{SLICE}[{{addresses: [10.0.0.7], {endpoint}}}]").objects
    assert [one.path for one in rejected(item)] == paths
