"""What a real server refuses is an error of some rule: nothing falls between what the server says and who reports it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.apiserver.verdicts import ORACLE, lines

from kubeqed.app.load import read_manifest
from kubeqed.diagnostic import Diagnostic, Severity
from kubeqed.model.cluster import Cluster
from kubeqed.model.units.division import divide
from kubeqed.parse import parse
from kubeqed.rule.catalogue import find_rules
from kubeqed.rule.run import run_rules
from kubeqed.rule.select import Choice
from kubeqed.sources import Paths, Root, SourceFile

RULES = find_rules()
# The recording server has one IPv4 range, which nobody states here; kubectl takes a List apart; a name may be generated.
OF_THE_CLUSTER = ("spec.clusterIPs", "spec.ipFamilyPolicy")
EXCEPTIONS = {"187-yaml-list-kind-with-two-services", "181-yaml-name-missing"}


def _refused() -> Iterator[tuple[str, bytes, list[dict[str, Any]]]]:
    for line in lines("verdicts.jsonl"):
        if line.get("mode") == "single" and line["verdict"] != "accepted" and line["case"] not in EXCEPTIONS:
            yield line["case"], (ORACLE / line["file"]).read_bytes(), line["steps"][0].get("causes") or []
    for number, line in enumerate(lines("fuzz.jsonl")):
        if line["verdict"] != "accepted":
            yield f"fuzz {number}", json.dumps(line["manifest"]).encode(), line.get("causes") or []


def _findings(text: bytes) -> tuple[Diagnostic, ...]:
    whole = divide([read_manifest(parse(SourceFile("m.yaml", text)))], Paths(roots=[Root("m.yaml", False)]))
    return run_rules(whole, RULES, Cluster(), Choice())[0]


def test_every_refusal_is_an_error() -> None:
    count = 0
    for case, text, causes in _refused():
        count += 1
        found = _findings(text)
        if any((cause.get("field") or "").startswith(OF_THE_CLUSTER) for cause in causes):
            continue
        is_fragment = any(one.rule == "manifest-fragment" for one in found)
        assert is_fragment or any(one.severity is Severity.ERROR for one in found), case
    assert count > 300
