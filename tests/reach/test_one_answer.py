"""Every command gives the same verdict for every pair of pods and every port: that of packets judged one by one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import HealthCheck, given, settings
from tests.reach.brute import Cluster, Packet
from tests.reach.clusters import Manifest
from tests.reach.pods import Made, clusters_of_workloads, made
from tests.reach.world import unit_of_objects

from kubeqed.app.reach import ReachRequest, reach
from kubeqed.app.why import PairRequest, render, why
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.unit import Unit, UnitOrigin
from kubeqed.reach.algebra.ports import ALL, EMPTY, PortSet, intersection, make_ports, union
from kubeqed.reach.query.answer import ReachResult
from kubeqed.reach.query.diff.difference import find_difference
from kubeqed.reach.query.syntax.ports import parse_ports
from kubeqed.serve.cursor_target import CursorTarget
from kubeqed.serve.hover import _render_hover

ASKED = [("TCP", 80), ("UDP", 53), ("SCTP", 9000), ("TCP", 443)]

Listed = dict[tuple[str, str], PortSet]


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(clusters_of_workloads())
def test_every_command_says_of_every_pair_what_happens_to_its_packets(objects: list[Manifest]) -> None:
    answer = ReachResult(unit_of_objects(objects))
    brute = Cluster(objects, blocks_match_pods=False)
    pods = [_Named(one, answer) for one in made(objects)]
    lists = _lists(answer)
    for source in pods:
        for target in pods:
            if source is target:
                continue
            expected = _judged(brute, source.pod, target.pod)
            assert _by_why(answer, source, target) == expected, "why"
            if source.peer != target.peer:
                for name, listed in lists.items():
                    assert _cut(listed.get((source.peer, target.peer), EMPTY)) == expected, name
                for name, found in _asked(answer, source, target):
                    assert _cut(found) == expected, name


class _Named:
    """A pod with the name that it is asked for by, and the peer that stands for it in lists."""

    def __init__(self, pod: Made, answer: ReachResult) -> None:
        self.pod = pod
        workload = answer.unit.of(Workload)[pod.workload]
        own = [one for one in answer.reach.endpoints if one.workload is workload]
        found = next((one for one in own if one.ordinal == pod.ordinal), own[-1])
        self.peer = str(answer.names.peers[found])
        known = isinstance(workload.name, str) and pod.ordinal is not None
        self.text = f"{workload.namespace}/{workload.name}-{pod.ordinal}" if known else self.peer


def _judged(brute: Cluster, source: Made, target: Made) -> PortSet:
    found = EMPTY
    for protocol, number in ASKED:
        if brute.passes(Packet(source.manifest, target.manifest, protocol, number)):
            found = union(found, make_ports(protocol, number, number))
    return found


def _cut(found: PortSet) -> PortSet:
    """The ports that are judged."""
    asked = EMPTY
    for protocol, number in ASKED:
        asked = union(asked, make_ports(protocol, number, number))
    return intersection(found, asked)


def _lists(answer: ReachResult) -> dict[str, Listed]:
    """All pairs with their ports as each command lists them."""
    readers: dict[str, Callable[[ReachResult], Listed]] = {
        "reach": lambda one: _of_text(reach([one], ReachRequest(), "text", [])),
        "reach --expand": lambda one: _of_text(reach([one], ReachRequest(expand=True), "text", [])),
        "reach --output-format json": lambda one: _of_json(json.loads(reach([one], ReachRequest(), "json", []))),
        "diff from nothing": _of_diff,
        "hover": _of_hover,
    }
    return {name: read(answer) for name, read in readers.items()}


def _asked(answer: ReachResult, source: _Named, target: _Named) -> Iterator[tuple[str, PortSet]]:
    """The ports of one pair as the narrowed lists and JSON say them."""
    for name, asked in (
        ("reach --from", ReachRequest(source=source.text)),
        ("reach --to", ReachRequest(destination=target.text)),
        ("reach --from --to", ReachRequest(source=source.text, destination=target.text)),
    ):
        yield name, _of_text(reach([answer], asked, "text", [])).get((source.peer, target.peer), EMPTY)
    (decided,) = json.loads(render(why([answer], PairRequest(source.text, target.text, ALL)), "json"))["decisions"]
    yield "why --output-format json", _of_ranges(decided["allowed"])


def _by_why(answer: ReachResult, source: _Named, target: _Named) -> PortSet:
    found = EMPTY
    for protocol, number in ASKED:
        (decided,) = why([answer], PairRequest(source.text, target.text, make_ports(protocol, number, number))).verdicts
        found = union(found, decided.verdict.allowed)
    return found


def _of_text(text: str) -> Listed:
    found: Listed = {}
    for line in text.splitlines():
        left, _, rest = line.partition(" => ")
        right, _, said = rest.rpartition(" : ")
        for source in left.split(", "):
            for target in right.split(", "):
                pair = (_bare(source), _bare(target))
                found[pair] = union(found.get(pair, EMPTY), _of_words(said))
    return found


def _bare(text: str) -> str:
    return text.removesuffix(" (not running)")


def _of_words(said: str) -> PortSet:
    return {"All Connections": ALL, "No Connections": EMPTY}.get(said) or parse_ports(said)


def _of_ranges(allowed: dict[str, list[list[int]]]) -> PortSet:
    found = EMPTY
    for protocol, ranges in allowed.items():
        for low, high in ranges:
            found = union(found, make_ports(protocol, low, high))
    return found


def _of_json(report: dict[str, Any]) -> Listed:
    groups = {name: [_peer(one) for one in peers] for name, peers in report["groups"].items()}
    found: Listed = {}
    for one in report["connections"]:
        for source in [peer for name in one["source"] for peer in groups[name]]:
            for target in [peer for name in one["destination"] for peer in groups[name]]:
                found[source, target] = union(found.get((source, target), EMPTY), _of_ranges(one["allow"]))
    return found


def _peer(value: dict[str, Any]) -> str:
    if "cidr" in value:
        return str(value["cidr"])
    number = f"#{value['number']}" if "number" in value else ""
    return f"{value['namespace']}/{value['name']}[{value['kind']}]{number}"


def _of_diff(answer: ReachResult) -> Listed:
    nothing = Unit(("",), UnitOrigin.GUESSED, closed=False, files=(), objects=(), producers=())
    found: Listed = {}
    for entry in find_difference(ReachResult(nothing), answer).entries:
        for source in entry.sources.workloads:
            for target in entry.destinations.workloads:
                pair = (str(source), str(target))
                found[pair] = union(found.get(pair, EMPTY), entry.change.new)
    return found


def _of_hover(answer: ReachResult) -> Listed:
    found: Listed = {}
    for item in answer.reach.unit.of(Workload):
        about = [str(answer.names.peers[one]) for one in answer.reach.endpoints if one.workload is item]
        targets: list[str] = []
        for line in _render_hover(CursorTarget(item, item.at("kind").span, ports=ALL), answer):
            if heading := re.match(r"(?:Nobody can reach (.*)\.|(.*) can be reached by:|Can be)", line):
                named = heading[1] or heading[2] or "it"
                targets = about if named == "it" else named.strip("`").split(", ")
            elif row := re.match(r"- `(.*)` on (.*)", line):
                said = ALL if row[2] == "every port" else parse_ports(row[2].replace(", ", ","))
                for source in row[1].split(", "):
                    found.update({(_bare(source), target): said for target in targets})
    return found
