"""`kubeqed baseline` accepts what is there, and `check --baseline` hears only what is new."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_suppressed import RULE, SERVICE, kubeqed

TWO = SERVICE.replace("  # kubeqed: ignore[node-port-out-of-range] wider", "")
FILE = "kubeqed-baseline.json"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "k8s").mkdir()
    (tmp_path / "k8s" / "web.yaml").write_text(TWO)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def concise(*arguments: str) -> list[str]:
    output = kubeqed("check", "--output-format", "concise", *arguments).output
    return [line for line in output.splitlines() if line.endswith("]")]


def entries(path: Path) -> list[Any]:
    return list(json.loads(path.read_text())["findings"])


def test_a_baseline_is_sorted_json_with_reasons(tree: Path) -> None:
    assert kubeqed("baseline", "--reason", "since ever").exit_code == 0
    first = (tree / FILE).read_text()
    assert json.loads(first)["version"] == 1
    assert entries(tree / FILE) == [
        {
            "rule": RULE,
            "file": "k8s/web.yaml",
            "fingerprint": f"{RULE} Service web spec.ports[{index}].nodePort",
            "reason": "since ever",
        }
        for index in (0, 1)
    ]
    kubeqed("baseline", "k8s")
    assert (tree / FILE).read_text() == first, "reasons stay"


def test_only_what_is_new_is_heard(tree: Path) -> None:
    kubeqed("baseline")
    clean = kubeqed("check", "--baseline", FILE)
    assert clean.exit_code == 0
    assert "2 findings suppressed" in clean.output
    moved = "# moved\n\n" + TWO + "    - {port: 82, nodePort: 20082}\n"
    (tree / "k8s" / "web.yaml").write_text(moved)
    assert [line.split(" ")[0] for line in concise("--baseline", FILE)] == ["k8s/web.yaml:11:28:"]
    assert "(suppressed: there when the baseline was written)" in concise("--baseline", FILE, "--show", "suppressed")[0]


@pytest.mark.parametrize("path", [".", "k8s", "k8s/web.yaml", "{tree}", "{tree}/k8s"])
def test_it_does_not_matter_how_the_files_are_named(tree: Path, path: str) -> None:
    kubeqed("baseline", "k8s")
    assert concise("--baseline", FILE, path.format(tree=tree)) == []


def test_the_second_of_the_same_is_another(tree: Path) -> None:
    for name in ("one", "two"):
        (tree / "k8s" / f"{name}.yaml").write_text(
            f"kind: Service\napiVersion: v1\nmetadata: {{name: {name}}}\na: 1\na: 2\na: 3\n"
        )
    kubeqed("baseline")
    prints = [entry["fingerprint"] for entry in entries(tree / FILE) if entry["rule"] == "key-defined-twice"]
    assert prints == [
        f"key-defined-twice k8s/{name}.yaml a{number}" for name in ("one", "two") for number in ("", " #2")
    ]
    assert concise("--baseline", FILE) == []


def test_an_entry_whose_finding_is_gone_is_a_note(tree: Path) -> None:
    kubeqed("baseline")
    (tree / "k8s" / "web.yaml").write_text(TWO.replace("20081", "30081"))
    assert concise("--baseline", FILE) == []
    told = f"{FILE}:13:22: notice: the baseline lists a finding of {RULE} in k8s/web.yaml that is gone [suppression-unused]"
    assert told in concise("--baseline", FILE, "--show", "posture")
    assert told not in concise("--baseline", FILE, "--show", "posture", "k8s/web.yaml")


def test_the_configuration_names_the_baseline(tree: Path) -> None:
    (tree / "kubeqed.yaml").write_text("baseline: ci/known.json\n")
    (tree / "ci").mkdir()
    assert kubeqed("baseline").exit_code == 0
    assert {entry["file"] for entry in entries(tree / "ci" / "known.json")} == {"../k8s/web.yaml"}
    assert kubeqed("check").exit_code == 0
    assert kubeqed("baseline").exit_code == 0
    assert len(entries(tree / "ci" / "known.json")) == 2, "a baseline is written as if there were none"


def test_what_is_suppressed_otherwise_is_not_written(tree: Path) -> None:
    (tree / "k8s" / "web.yaml").write_text(SERVICE.replace("wider", ""))
    kubeqed("baseline")
    assert [entry["rule"] for entry in entries(tree / FILE)] == [RULE]
    assert entries(tree / FILE)[0]["fingerprint"].endswith("ports[1].nodePort")


BROKEN = {
    "{": "1:2: error: the baseline is not JSON: expecting property name enclosed in double quotes",
    "": "1:1: error: the baseline is not JSON: expecting value",
    "[": "1:2: error: the baseline is not JSON: expecting value",
    "[" * 100_000: "1:1: error: the baseline is nested too deeply",
    "[]": '1:1: error: a baseline is a mapping with "version" and a list "findings"; `kubeqed baseline` writes one',
    '{"version": 2, "findings": []}': '1:13: error: expected version 1 of baselines, found "2"',
    '{"version": 1, "findings": [], "more": 1}': '1:32: error: unknown key "more" (known: version, findings)',
    '{"version": 1, "findings": [3]}': "1:29: error: expected a mapping with rule, file, fingerprint, reason",
    '{"version": 1, "findings": [\n{"rule": "node-port-clsh", "file": "a", "fingerprint": "x", "reason": "y"}]}': (
        '2:10: error: unknown rule "node-port-clsh", did you mean "node-port-clash"?'
    ),
    '{"version": 1, "findings": [\n{"rule": "parse-error", "file": 1, "fingerprint": "x", "reason": "y"}]}': (
        '2:33: error: expected a string that says something as "file"'
    ),
    '{"version": 1, "findings": [\n{"rule": "parse-error", "file": "a", "fingerprint": "x"}]}': (
        '2:2: error: the key "reason" is missing'
    ),
}


@pytest.mark.parametrize("text", BROKEN, ids=range(len(BROKEN)))
def test_a_baseline_that_cannot_be_used(tree: Path, text: str) -> None:
    (tree / "known.json").write_text(text)
    result = kubeqed("check", "--baseline", "known.json")
    assert result.exit_code == 2
    assert result.output == f"known.json:{BROKEN[text]}\n"


def test_bytes_that_are_no_text(tree: Path) -> None:
    (tree / "known.json").write_bytes(b'{"version": 1,\n  "\xff')
    result = kubeqed("check", "--baseline", "known.json")
    assert result.output == "known.json:2:4: error: the baseline is not UTF-8: byte 0xff cannot be decoded\n"
    assert kubeqed("baseline", "--output", "known.json").exit_code == 2, "what is there is not overwritten"


def test_a_baseline_that_is_not_there(tree: Path) -> None:
    result = kubeqed("check", "--baseline", "nope.json")
    assert (result.exit_code, result.output) == (
        2,
        "nope.json:1:1: error: cannot read the baseline nope.json: no such file or directory\n",
    )
    (tree / "kubeqed.yaml").write_text("cluster: {}\nbaseline: nope.json\n")
    assert kubeqed("check").output.startswith("kubeqed.yaml:2:11: error: cannot read the baseline nope.json")


def test_a_reason_says_something(tree: Path) -> None:
    assert kubeqed("baseline", "--reason", " ").exit_code == 2
    assert not (tree / FILE).exists()


def test_what_cannot_be_read_is_said_and_the_rest_is_written(tree: Path) -> None:
    result = kubeqed("baseline", "k8s", "nope")
    assert result.exit_code == 3
    assert "cannot read nope" in result.output
    assert len(entries(tree / FILE)) == 2


def test_where_it_cannot_be_written(tree: Path) -> None:
    assert kubeqed("baseline", "--output", "nope/known.json").exit_code == 2
