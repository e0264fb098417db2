"""`kubeqed plan`: what node pools need, in text and JSON, and the exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from kubeqed.cli import main
from kubeqed.report.schema import schema_of
from kubeqed.report.schema.plan import PlanReport

STATED = """cluster:
  provider: aks
  network_mode: node-subnet
  node_pools:
  - {name: work, nodes: 50, surge: 1, max_pods: 30, subnet: /21}
"""
AMAZON = """cluster:
  provider: aws
  node_pools:
  - {name: work, nodes: 10, subnet: 10.0.0.0/24, interfaces: 3, addresses_per_interface: 10}
"""


def plan(directory: Path, text: str, *arguments: str) -> Result:
    (directory / ".git").mkdir(exist_ok=True)
    (directory / "kubeqed.yaml").write_text(text)
    return CliRunner().invoke(main, ["plan", str(directory), *arguments])


def test_the_text_says_what_each_pool_needs(tmp_path: Path) -> None:
    result = plan(tmp_path, STATED)
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        [
            "aks: node-subnet",
            "POOL  NODES  UPGRADE  PODS A NODE  ADDRESSES  BLOCK A NODE",
            "work  50     +1       30           1,581      -",
            "ok: subnet /21: 1,581 of 2,043 addresses: 50 nodes and 1 for upgrades with 30 pods each",
        ],
    )


def test_what_is_short_is_said_with_what_would_do(tmp_path: Path) -> None:
    result = plan(tmp_path, STATED.replace("/21", "/22"))
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1].startswith("short: subnet /22: 1,581 of 1,019 addresses")
    assert result.stdout.endswith("; a /21 would do\n")


@pytest.mark.parametrize("text", [STATED, STATED.replace("/21", "/22"), AMAZON, "cluster: {nodes: 3}"])
def test_the_json_is_as_its_schema_says(tmp_path: Path, text: str) -> None:
    result = plan(tmp_path, text, "--output-format", "json")
    value = json.loads(result.stdout)
    PlanReport.model_validate_json(result.stdout)
    Draft202012Validator(schema_of("plan")).validate(value)
    assert any(one["short"] for one in value["ranges"]) == (result.exit_code == 1)


def test_the_pods_of_amazons_nodes_follow_from_their_interfaces(tmp_path: Path) -> None:
    (pool,) = json.loads(plan(tmp_path, AMAZON, "--output-format", "json").stdout)["pools"]
    assert (pool["max_pods"], pool["addresses"]) == (29, 330)


@pytest.mark.parametrize("text", ["cluster: {cni: calico}", "cluster: {nodes: many}"])
def test_nothing_to_count_is_wrong_usage(tmp_path: Path, text: str) -> None:
    assert plan(tmp_path, text).exit_code == 2
