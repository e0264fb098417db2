"""The SARIF of a fleet: the run of each member as it would have written it alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from tests.cli.fleets import CLEAN, FAULTY, KILLED, lines_of, play, write_members
from tests.cli.running import git, run

SCHEMA = json.loads((Path(__file__).parents[1] / "report" / "sarif-2.1.0.json").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def runs_of(path: Path) -> dict[str, dict[str, Any]]:
    """The runs by their category, as code scanning knows them."""
    log = json.loads(path.read_text(encoding="utf-8"))
    Draft7Validator(SCHEMA).validate(log)
    return {one["automationDetails"]["id"]: one for one in log["runs"]}


def test_each_member_has_a_run(here: Path) -> None:
    write_members(here, good=CLEAN, bad=FAULTY, **{"two\nlines": FAULTY})
    (here / "list").write_bytes(b"two\nlines\0bad\0good\0none\0")
    assert run("fleet", "list", "-0", "--sarif", "out/all.sarif").exit_code == 3
    runs = runs_of(here / "out" / "all.sarif")
    assert list(runs) == ["kubeqed/two\nlines/", "kubeqed/bad/", "kubeqed/good/", "kubeqed/fleet/"]
    for name in ("good", "bad"):
        alone = json.loads(run("check", "--output-format", "sarif", cwd=here / name).stdout)["runs"][0]
        assert runs[f"kubeqed/{name}/"] == {**alone, "automationDetails": {"id": f"kubeqed/{name}/"}}
    invocation = runs["kubeqed/fleet/"]["invocations"][0]
    assert not invocation["executionSuccessful"]
    said = [one["message"]["text"] for one in invocation["toolExecutionNotifications"]]
    assert said == ["none: unreadable: no such file or directory."]


def test_a_revision_stands_at_the_root_of_its_clone(here: Path) -> None:
    write_members(here, shop=FAULTY)
    for arguments in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-q", "-m", "all")):
        git(here / "shop", *arguments)
    (here / "list").write_text("shop@main\nshop\n")
    run("fleet", "list", "--sarif", "all.sarif")
    whole, tree = runs_of(here / "all.sarif").values()
    assert {**whole, "automationDetails": {}} == {**tree, "automationDetails": {}}


def test_it_is_whole_after_an_interruption(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_members(here, good=CLEAN, bad=FAULTY)
    (here / "list").write_text("bad\ngood\n")
    run("fleet", "list", "--output", "whole", "--sarif", "whole.sarif")
    play(monkeypatch, good=KILLED)
    run("fleet", "list", "--output", "lines", "--sarif", "all.sarif")
    assert set(runs_of(here / "all.sarif")) == {"kubeqed/bad/", "kubeqed/fleet/"}
    play(monkeypatch, bad=KILLED)  # which must not be run again
    run("fleet", "list", "--output", "lines", "--sarif", "all.sarif", "--resume")
    assert (here / "all.sarif").read_bytes() == (here / "whole.sarif").read_bytes()
    assert all("sarif" in line for line in lines_of((here / "lines").read_text()).values())


def test_a_line_without_sarif_is_not_finished_where_it_is_wanted(here: Path) -> None:
    write_members(here, good=CLEAN)
    run("fleet", ".", "--output", "/dev/null")
    (here / "list").write_text("good\n")
    run("fleet", "list", "--output", "lines")
    run("fleet", "list", "--output", "lines", "--sarif", "all.sarif", "--resume")
    assert list(runs_of(here / "all.sarif")) == ["kubeqed/good/"]


def test_a_full_disk_is_said(here: Path) -> None:
    write_members(here, good=CLEAN)
    result = run("fleet", ".", "--sarif", "/dev/full")
    assert result.exit_code == 3
    assert "/dev/full: error: cannot write it: no space left on device" in result.stderr
    assert list(lines_of(result.stdout)) == ["good"]


def test_only_check_has_it(here: Path) -> None:
    write_members(here, good=CLEAN)
    refused = run("fleet", ".", "--sarif", "all.sarif", "--run", "reach")
    assert (refused.exit_code, "--sarif holds findings of check" in refused.stderr) == (2, True)
