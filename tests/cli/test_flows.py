"""The way through the graph, from the command to SARIF's code flows."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from kubeqed.cli import main

WORLDS = Path(__file__).parents[2] / "fixtures" / "worlds"


def test_a_proof_over_several_objects_is_a_code_flow() -> None:
    log = json.loads(CliRunner().invoke(main, ["check", "--output-format", "sarif", str(WORLDS)]).stdout)
    (result,) = [item for item in log["runs"][0]["results"] if item["ruleId"] == "backend-port-missing"]
    (flow,) = result["codeFlows"]
    steps = [step["location"]["message"]["text"] for step in flow["threadFlows"][0]["locations"]]
    ingress = [number for number, text in enumerate(steps) if text.startswith("Ingress shop/shop")]
    service = [number for number, text in enumerate(steps) if text.startswith("Service shop/catalog")]
    assert ingress
    assert service
    assert max(ingress) < min(service)
