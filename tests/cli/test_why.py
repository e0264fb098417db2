"""`kubeqed why` as people call it: names that are wrong, what is said besides the verdict, and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.reach.samples import app, pod, policy, service

from kubeqed.cli import main

OFFICE = policy("office", podSelector=app("frontend"), ingress=[{"from": [{"ipBlock": {"cidr": "192.0.2.0/24"}}]}])
FRONT = pod("frontend") + service("frontend", 80, 8080, type="NodePort") + service("other-name", 80, 8080)
HIDDEN = "clients from outside arrive with a node's address"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "shop.yaml").write_text(FRONT + pod("database") + OFFICE)
    return tmp_path


def why(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["why", *map(str, arguments)])


@pytest.mark.parametrize(
    ("source", "destination", "said"),
    [
        ("frontnd", "database", "'frontnd'; did you mean shop/frontend[Pod]?"),
        ("frontend", "database:5432", "'database:5432'; did you mean shop/database[Pod] and --port 5432?"),
        ("frontend", "shop/databse", "'shop/databse'; did you mean shop/database[Pod]?"),
        ("frontend", "other-nam", "'other-nam'; did you mean shop/other-name[Service]?"),
        ("zzz", "database", "'zzz'\n"),
    ],
)
def test_a_name_that_is_wrong_is_answered_with_the_one_that_is_meant(
    shop: Path, source: str, destination: str, said: str
) -> None:
    found = why(source, destination, shop)
    assert (found.exit_code, found.stdout) == (2, "")
    assert said in found.stderr


@pytest.mark.parametrize("option", ["--from", "--to"])
def test_reach_answers_a_name_that_is_wrong_alike(shop: Path, option: str) -> None:
    found = CliRunner().invoke(main, ["reach", option, "databse", str(shop)])
    assert (found.exit_code, found.stdout) == (2, "")
    assert "did you mean shop/database[Pod]?" in found.stderr


def test_a_cni_that_is_wrong_is_answered_with_the_one_that_is_meant(shop: Path) -> None:
    found = CliRunner().invoke(main, ["reach", "--cni", "flanel", str(shop)])
    assert found.exit_code == 2
    assert "no CNI is called 'flanel'; did you mean flannel?" in found.stderr


def test_a_controller_that_nobody_has_is_not_called_unknown(shop: Path) -> None:
    found = why("ingress-controller", "frontend", shop)
    assert found.exit_code == 2
    assert "so that no ingress controller sends anything" in found.stderr
    assert "called" not in found.stderr


def test_a_hidden_client_is_said_by_why_and_by_reach_in_text_and_in_json(shop: Path) -> None:
    assert HIDDEN in why("192.0.2.1", "frontend[Service]", shop).stdout
    (decision,) = json.loads(why("192.0.2.1", "frontend[Service]", shop, "--output-format", "json").stdout)["decisions"]
    assert any(HIDDEN in note["text"] and note["file"] == str(shop / "shop.yaml") for note in decision["notes"])
    assert HIDDEN in CliRunner().invoke(main, ["reach", str(shop)]).stderr
    found = json.loads(CliRunner().invoke(main, ["reach", str(shop), "--output-format", "json"]).stdout)
    assert any(HIDDEN in notice["text"] for notice in found["notices"])


def test_json_holds_the_verdict_who_decided_and_the_edit(shop: Path) -> None:
    found = why("database", "frontend", shop, "--port", "80", "--output-format", "json")
    (decision,) = json.loads(found.stdout)["decisions"]
    assert (decision["asked"], decision["allowed"]) == ({"TCP": [[80, 80]]}, {})
    assert decision["source"] == [{"kind": "Pod", "namespace": "shop", "name": "database"}]
    (judged,) = decision["ingress"]["policies"]
    assert (judged["object"]["name"], judged["rules"]) == ("office", [])
    (edit,) = decision["edits"]
    assert (edit["operation"], edit["path"], edit["file"]) == ("add", "spec.ingress", str(shop / "shop.yaml"))
    assert edit["value"] == [
        {
            "from": [{"podSelector": {"matchLabels": {"app": "database"}}}],
            "ports": [{"protocol": "TCP", "port": 80}],
        }
    ]


def test_each_answer_of_several_units_stands_under_the_name_of_its_unit(shop: Path) -> None:
    text = (shop / "shop.yaml").read_text()
    (shop / "shop.yaml").unlink()
    for name, block in (("prod", "192.0.2.0/24"), ("test", "198.51.100.0/24")):
        (shop / name).mkdir()
        (shop / name / "shop.yaml").write_text(text.replace("192.0.2.0/24", block))
    found = why("database", "frontend", shop).stdout
    assert [line for line in found.splitlines() if line.startswith("#")] == [f"# {shop}/prod", f"# {shop}/test"]
    assert "#" not in why("database", "frontend", shop / "prod").stdout
