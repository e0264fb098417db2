"""`kubeqed equivalent`, and `diff --fail-on new-access`, as people call them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.reach.samples import app, pod, policy

from kubeqed.cli import main
from kubeqed.report.schema.equivalent import EquivalentReport

WEB = [{"from": [{"podSelector": app("web")}], "ports": [{"port": 80}]}]
BROAD = [{"from": [{"podSelector": {}}], "ports": [{"port": 80}]}]
PODS = pod("web") + pod("db")


def run(tmp_path: Path, command: str, before: str, after: str, *more: str) -> Result:
    for name, text in (("before", before), ("after", after)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "all.yaml").write_text(text)
    return CliRunner().invoke(main, [command, str(tmp_path / "before"), str(tmp_path / "after"), *more])


def test_policies_that_are_written_otherwise_are_equivalent(tmp_path: Path) -> None:
    one = policy("a", podSelector=app("db"), ingress=WEB)
    two = policy("b", podSelector=app("db"), ingress=WEB) + policy("c", podSelector=app("db"), ingress=WEB + WEB)
    result = run(tmp_path, "equivalent", PODS + one, PODS + two)
    assert (result.exit_code, result.stdout.partition(":")[0]) == (0, "equivalent")


@pytest.mark.parametrize(("before", "after", "gained"), [(WEB, BROAD, True), (BROAD, WEB, False)])
def test_a_difference_for_absent_pods_is_told_as_one(
    tmp_path: Path, before: list[object], after: list[object], gained: bool
) -> None:
    versions = (PODS + policy("a", podSelector=app("db"), ingress=rules) for rules in (before, after))
    result = run(tmp_path, "equivalent", *versions, "--output-format", "json")
    found = EquivalentReport.model_validate_json(result.stdout)
    assert result.exit_code == 1
    assert (found.equivalent, found.gained, found.lost, found.present) == (False, gained, not gained, False)
    packet = json.loads(result.stdout)["witness"]
    assert packet["port"] == 80
    assert any("namespace_labels" in packet[side] for side in ("source", "destination"))


def test_new_access_fails_a_diff(tmp_path: Path) -> None:
    before, after = (PODS + policy("a", podSelector=app("db"), ingress=rules) for rules in (WEB, BROAD))
    assert run(tmp_path, "diff", before, after, "--fail-on", "new-access").exit_code == 1


def test_less_access_does_not(tmp_path: Path) -> None:
    before, after = (PODS + policy("a", podSelector=app("db"), ingress=rules) for rules in (BROAD, WEB))
    assert run(tmp_path, "diff", before, after, "--fail-on", "new-access").exit_code == 0


@pytest.mark.parametrize(
    ("peers", "said"), [([{"namespaceSelector": {}, "podSelector": app("web")}], True), ([], False)]
)
def test_a_diff_says_where_only_absent_pods_see_it(tmp_path: Path, peers: list[object], said: bool) -> None:
    wider = [{"from": peers if said else [{"podSelector": {}}], "ports": [{"port": 80}]}]
    before, after = (PODS + pod("cart") + policy("a", podSelector=app("db"), ingress=rules) for rules in (WEB, wider))
    result = run(tmp_path, "diff", before, after)
    assert ("all that changes concerns pods that no manifest shows" in result.stderr) is said
