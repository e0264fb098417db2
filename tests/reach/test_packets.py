"""Packet verdicts recorded from a real policy engine: every one of them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from tests.reach.world import PACKETS, unit_of

from kubeqed.reach.algebra.addresses import parse_address
from kubeqed.reach.algebra.ports import intersection, make_ports
from kubeqed.reach.policy.assumptions import Assumptions
from kubeqed.reach.query.answer import ReachResult

RECORDED = PACKETS / "reachability.jsonl"
CASES = [json.loads(line) for line in RECORDED.read_text().splitlines()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["case"]))
def test_every_recorded_packet_has_the_same_verdict(case: dict[str, Any]) -> None:
    answer = ReachResult(
        unit_of(_with_addresses((PACKETS / case["file"]).read_text())), Assumptions(pods_by_address=True)
    )
    peers = case["endpoints"]
    for probe, denied in case["denied"].items():
        number, protocol = probe.split("/")
        asked = make_ports(protocol, int(number), int(number))
        for source in peers:
            for destination in peers:
                if source == destination or (source.startswith("external") and destination.startswith("external")):
                    continue
                found = answer.reach.pair(
                    _node(answer, source, peers[source], "Ingress"),
                    _node(answer, destination, peers[destination], "Egress"),
                )
                expected = destination not in denied.get(source, [])
                assert bool(intersection(found, asked)) is expected, (probe, source, destination)


def _with_addresses(text: str) -> str:
    """The recorder notes a pod's address in an annotation; a cluster would say it in the status."""
    documents = re.split(r"(?m)^---\n", text)
    for number, document in enumerate(documents):
        noted = re.search(r"oracle\.example/pod-ip: ([0-9.]+)", document)
        if noted:
            documents[number] = document.rstrip("\n") + f"\nstatus: {{podIP: {noted[1]}}}\n"
    return "---\n".join(documents)


def _node(answer: ReachResult, name: str, text: str, direction: Any) -> int:
    for shown, number in answer.names.classes.items():
        if f"{shown.namespace}/{shown.name}" == name:
            return number
    wanted, index = parse_address(text), answer.reach.index
    assert wanted is not None
    return next(at for at in index.numbers(direction) if index.range_of(at)[0] <= wanted <= index.range_of(at)[1])
