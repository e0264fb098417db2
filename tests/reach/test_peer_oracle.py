"""Every expected file of netpol-analyzer's tests: list, exposure, and what explain allows, denies and credits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.reach.known_differences import AGREED, KNOWN
from tests.reach.world import PEER, unit_at

from kubeqed.reach.algebra.ports import ALL, EMPTY, PortSet, all_ports_of, format_ports, make_ports, union
from kubeqed.reach.policy.assumptions import SPECIFICATION, Assumptions
from kubeqed.reach.query.answer import EVERYTHING, ReachResult
from kubeqed.reach.query.explain import Explanation, explain
from kubeqed.reach.query.exposure import find_exposure
from kubeqed.reach.query.pairs import format_range, list_pairs
from kubeqed.report.reach.exposure import exposure_text
from kubeqed.report.reach.formats.text import pair_lines

Pair = tuple[str, str]

EXPECTED = PEER / "expected" / "connlist"
_ROWS = (PEER / "cases.tsv").read_text().splitlines() if PEER.exists() else []
IN_SCOPE = [row.split("\t")[0] for row in _ROWS if row.split("\t")[1] != "multi-network"]
EXPLAINS = ("explain", "explain_exposure")
WORDS = {"Allow": "allows", "Deny": "denies", "Pass": "passes"}


def _cases(kind: str) -> list[str]:
    return [case for case in IN_SCOPE if (EXPECTED / f"{case}_{kind}_output.txt").exists()]


def _answer(case: str) -> ReachResult:
    """The answer under the assumption that the peer makes where that is the known difference."""
    difference = KNOWN.get(case)
    governed = difference is not None and difference.how == "switched"
    return ReachResult(unit_at(PEER / "inputs" / case), Assumptions(hosts_governed=governed))


def _expected(case: str, kind: str) -> str:
    return (EXPECTED / f"{case}_{kind}_output.txt").read_text().replace("\r", "")


def _without(page: str, lines: tuple[str, ...]) -> str:
    for line in lines:
        page = page.replace(line, "")
    return page


def _same(found: str, expected: str) -> bool:
    return found.replace("\n", "") == expected.replace("\n", "")


@pytest.mark.parametrize("case", _cases("connlist"))
def test_the_list_agrees(case: str) -> None:
    found = pair_lines(list_pairs(_answer(case), EVERYTHING))
    difference = KNOWN.get(case)
    if difference is not None and difference.how == "ipv6":
        lines = [
            line
            for line in found.splitlines(keepends=True)
            if "::" not in line and not re.search("[a-f0-9]{1,4}:[a-f0-9]", line)
        ]
        assert len(lines) < len(found.splitlines()), "IPv6 is missing"
        found = "".join(lines)
    assert _same(found, _expected(case, "connlist")), found


@pytest.mark.parametrize("case", _cases("exposure"))
def test_the_exposure_agrees(case: str) -> None:
    answer = _answer(case)
    found = pair_lines(list_pairs(answer, EVERYTHING)) + "\n" + exposure_text(find_exposure(answer, EVERYTHING))
    expected = _expected(case, "exposure")
    difference = KNOWN.get(case, AGREED)
    assert all(line in expected and line not in found for line in difference.theirs)
    assert all(line in found and line not in expected for line in difference.ours)
    expected = _without(expected, difference.theirs)
    found = _without(found, difference.ours)
    assert _same(found, expected), found


@pytest.mark.parametrize("case", [case for case in _cases("connlist") if KNOWN.get(case)])
def test_a_known_difference_is_one(case: str) -> None:
    assert KNOWN[case].reason
    plain = pair_lines(list_pairs(ReachResult(unit_at(PEER / "inputs" / case), SPECIFICATION), EVERYTHING))
    assert not _same(plain, _expected(case, "connlist"))


@pytest.mark.parametrize(("case", "kind"), [(case, kind) for kind in EXPLAINS for case in _cases(kind)])
def test_the_explanation_agrees(case: str, kind: str) -> None:
    answer = _answer(case)
    sources, destinations = _nodes(answer)
    entering = {str(shown): found for shown, found in answer.entering.items()}
    expected = _explained(_expected(case, kind))
    assert expected
    for (source, destination), (allowed, denied, credited) in expected.items():
        if source == "{ingress-controller}":
            assert entering.get(destination, EMPTY) == allowed
            continue
        found = explain(answer.reach, sources[source], destinations[destination])
        assert found.allowed == answer.reach.pair(sources[source], destinations[destination])
        assert format_ports(found.allowed) == format_ports(allowed), (source, destination)
        assert format_ports(found.denied) == format_ports(denied), (source, destination)
        assert credited <= _credits(found), (source, destination)


def _nodes(answer: ReachResult) -> tuple[dict[str, int], dict[str, int]]:
    index = answer.reach.index
    workloads = {str(shown): number for shown, number in answer.names.classes.items()}
    sources = {format_range(index.range_of(number)): number for number in index.numbers("Ingress")}
    destinations = {format_range(index.range_of(number)): number for number in index.numbers("Egress")}
    return {**workloads, **sources}, {**workloads, **destinations}


def _credits(found: Explanation) -> set[str]:
    """What our explanation says of rules, in the peer's words."""
    typed = set()
    for side in (found.egress, found.ingress):
        for policy, hit in side.hits():
            if hit.decided:
                name = (
                    f"{policy.subject.namespace}/{policy.object.name}"
                    if policy.subject.namespace
                    else policy.object.name
                )
                kind, verb = policy.object.kind, WORDS[hit.rule.action]
                typed.add(f"{kind} '{name}' {verb} connections by {side.direction} rule {hit.rule.name}")
    return typed


def _explained(page: str) -> dict[Pair, tuple[PortSet, PortSet, set[str]]]:
    """(allowed, denied, sentences about rules) of each pair of an explain page."""
    found: dict[Pair, tuple[PortSet, PortSet, set[str]]] = {}
    pair = ("", "")
    for line in page.split("\n"):
        if match := re.match(r"Connections between (.*) => (.*):$", line):
            pair = (match[1], match[2])
            found[pair] = (EMPTY, EMPTY, set())
        elif match := re.match(r"\t(Allowed|Denied) (.*) due to", line):
            allowed, denied, credited = found[pair]
            more = _ports(match[2])
            allowed = union(allowed, more) if match[1] == "Allowed" else allowed
            found[pair] = (allowed, denied if match[1] == "Allowed" else union(denied, more), credited)
        elif match := re.search(
            r"(\w*NetworkPolicy '[^']*' (?:allows|denies|passes) connections by .* rule .*)$", line
        ):
            found[pair][2].add(match[1])
        elif match := re.match(r"(\S+) => (\S+)$", line):
            found[match[1], match[2]] = (ALL, EMPTY, set())
    return found


def _ports(typed: str) -> PortSet:
    found = EMPTY
    for match in re.finditer(r"(TCP|UDP|SCTP)(?::\[([^\]]*)\])?", typed):
        if match[2] is None:
            found = union(found, all_ports_of(match[1]))
        for part in (match[2] or "").split(",") if match[2] else ():
            low, _, high = part.partition("-")
            found = union(found, make_ports(match[1], int(low), int(high or low)))
    return found


def test_the_oracle_is_read_when_it_is_there() -> None:
    assert not PEER.exists() or (Path(PEER / "cases.tsv").exists() and len(_cases("connlist")) > 50)
