"""`kubeqed fleet`: each member as if it had been run alone, and no member at the cost of another."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from tests.cli.fleets import CLEAN, FAULTY, GREEDY, HANG, KILLED, lines_of, outcomes_of, play, write_members
from tests.cli.running import environment, git, run

from kubeqed.report.escape import escape
from kubeqed.report.schema import schema_of
from kubeqed.report.schema.fleet import FleetLine
from kubeqed.report.words import make_encodable


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def clone(at: Path, name: str, text: str) -> None:
    """A clone whose branch `main` has a text, and whose working tree has none."""
    write_members(at, **{name: text})
    for arguments in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-q", "-m", "all")):
        git(at / name, *arguments)
    (at / name / "all.yaml").unlink()


def listed(at: Path, *names: str) -> str:
    (at / "list").write_text("".join(f"{name}\n" for name in names))
    return "list"


def test_a_directory_of_checkouts(here: Path) -> None:
    write_members(here, good=CLEAN, bad=FAULTY, broken="a: [")
    (here / "broken" / "all.yaml").write_text("apiVersion: v1\nkind: [\n")
    write_members(here, mistaken=CLEAN)
    (here / "mistaken" / "kubeqed.yaml").write_text("clustre: {}\n")
    result = run("fleet", ".")
    assert outcomes_of(result.stdout) == {
        "good": "clean",
        "bad": "findings",
        "broken": "findings",
        "mistaken": "failed",
    }
    assert result.exit_code == 3
    assert "kubeqed: check of 4 members: 1 clean, 2 with findings, 1 failed" in result.stderr
    assert 'mistaken: failed: kubeqed.yaml:1:1: error: unknown key "clustre"' in result.stderr


@pytest.mark.parametrize("command", ["check", "prove", "cni", "reach"])
def test_a_report_is_that_of_a_single_run(here: Path, command: str) -> None:
    write_members(here, good=CLEAN, bad=FAULTY, umlaut=CLEAN.replace("web", "wéb\u2028"))
    for name in ("good", "bad", "umlaut"):
        (here / name / "kubeqed.yaml").write_text("cluster: {cni: flannel}\nintents: [default-deny]\n")
    lines = lines_of(run("fleet", listed(here, "good", "bad", "umlaut"), "--run", command).stdout)
    for name, line in lines.items():
        alone = subprocess.run(
            [sys.executable, "-m", "kubeqed.cli", command, "--output-format", "json"],
            cwd=here / name,
            env=environment(),
            capture_output=True,
        )
        assert line["status"] == alone.returncode
        if command == "reach":  # which writes a connection on each line
            assert line["report"] == json.loads(alone.stdout)
        else:
            again = make_encodable(json.dumps(line["report"], indent=2, ensure_ascii=False) + "\n")
            assert escape(again, "json").encode() == alone.stdout


def test_lines_are_as_published(here: Path) -> None:
    write_members(here, good=CLEAN, bad=FAULTY)
    schema = schema_of("fleet")
    for line in lines_of(run("fleet", listed(here, "good", "bad", "none")).stdout).values():
        Draft202012Validator(schema).validate(line)
        FleetLine.model_validate_json(json.dumps(line))


def test_the_configuration_names_the_members(here: Path) -> None:
    write_members(here, good=CLEAN, bad=FAULTY)
    (here / "kubeqed.yaml").write_text("fleet: [good, bad]\n")
    assert list(outcomes_of(run("fleet", "--jobs", 1).stdout)) == ["good", "bad"]
    (here / "below").mkdir()
    assert list(outcomes_of(run("fleet", "../kubeqed.yaml", "--jobs", 1, cwd=here / "below").stdout)) == ["good", "bad"]


def test_a_configuration_that_was_only_found_names_nothing_outside(here: Path) -> None:
    write_members(here, good=CLEAN, inner="")
    (here / "inner" / "kubeqed.yaml").write_text("fleet: [../good]\n")
    refused = run("fleet", cwd=here / "inner")
    assert refused.exit_code == 2
    assert "../good lies outside of the repository" in refused.stderr
    assert outcomes_of(run("fleet", "--config", "kubeqed.yaml", cwd=here / "inner").stdout) == {"../good": "clean"}


def test_a_revision_is_read_as_a_clone_of_it_would_be(here: Path) -> None:
    clone(here, "shop", FAULTY)
    git(here, "clone", "-q", "shop", "fresh")
    git(here, "clone", "-q", "--bare", "shop", "bare@1")
    lines = lines_of(run("fleet", listed(here, "shop@main", "shop", "fresh", "bare@1@main", "bare@1")).stdout)
    assert {name: line["outcome"] for name, line in lines.items()} == {
        "shop@main": "findings",
        "shop": "clean",
        "fresh": "findings",
        "bare@1@main": "findings",
        "bare@1": "unreadable",
    }
    assert lines["shop@main"]["report"] == lines["fresh"]["report"] == lines["bare@1@main"]["report"]
    assert lines["shop@main"]["tree"] == git(here / "shop", "rev-parse", "main^{tree}")
    assert "a bare clone has no files of its own" in lines["bare@1"]["reason"]


def test_a_part_of_a_revision_has_the_configuration_above_it(here: Path) -> None:
    write_members(here, shop="")
    (here / "shop" / "kubeqed.yaml").write_text("rules: {ignore: ['*']}\n")
    (here / "shop" / ".gitignore").write_text("deploy/\n")
    (here / "shop" / "deploy").mkdir()
    (here / "shop" / "deploy" / "all.yaml").write_text(FAULTY)
    git(here / "shop", "init", "-q", "-b", "main")
    git(here / "shop", "add", "-A", "-f")
    git(here / "shop", "commit", "-q", "-m", "all")
    lines = lines_of(
        run("fleet", listed(here, "shop/deploy@main", "shop@main:deploy/all.yaml", "shop@main:src")).stdout
    )
    whole, file, missing = (lines[name] for name in ("shop/deploy@main", "shop@main:deploy/all.yaml", "shop@main:src"))
    assert whole["outcome"] == file["outcome"] == "clean"
    assert whole["report"]["summary"]["objects"] == file["report"]["summary"]["objects"] == 2
    assert missing["reason"] == "the revision has no src"


def test_links_of_a_revision_lead_nowhere_else(here: Path) -> None:
    write_members(here, outside=FAULTY, shop=CLEAN)
    (here / "shop" / "away").symlink_to(here / "outside")
    (here / "shop" / "away.yaml").symlink_to(here / "outside" / "all.yaml")
    git(here / "shop", "init", "-q", "-b", "main")
    git(here / "shop", "add", "-A")
    git(here / "shop", "commit", "-q", "-m", "all")
    lines = lines_of(run("fleet", listed(here, "shop@main", "shop@main:away", "shop@main:../outside")).stdout)
    assert lines["shop@main"]["report"]["findings"] == []
    assert lines["shop@main:away"]["outcome"] == lines["shop@main:../outside"]["outcome"] == "unreadable"


def test_nothing_of_a_member_is_imported(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_members(here, shop=CLEAN)
    for name in ("json", "sitecustomize", "kubeqed", "kubeqed_rules", "yaml"):
        (here / "shop" / f"{name}.py").write_text("open('/dev/stderr', 'w').write('imported'); raise SystemExit(9)\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["nowhere", ""]))
    line = lines_of(run("fleet", listed(here, "shop")).stdout)["shop"]
    assert (line["outcome"], line["messages"]) == ("clean", [])


def test_what_is_not_there_costs_itself_alone(here: Path) -> None:
    clone(here, "shop", CLEAN)
    write_members(here, good=CLEAN, plain=CLEAN)
    os.mkfifo(here / "pipe")
    result = run("fleet", listed(here, "none", "good@", "shop@nope", "plain@main", "pipe", "# good", "", "good"))
    reasons = {name: line["reason"] for name, line in lines_of(result.stdout).items()}
    assert reasons == {
        "none": "no such file or directory",
        "good@": "no such file or directory",
        "shop@nope": "the repository has no revision nope",
        "plain@main": "not in a repository",
        "pipe": "neither a file nor a directory",
        "good": None,
    }
    assert result.exit_code == 3


def test_a_member_is_run_once(here: Path) -> None:
    write_members(here, shop=FAULTY)
    (here / "link").symlink_to("shop")
    result = run("fleet", listed(here, "shop", "shop/", "./shop", "link"))
    assert list(lines_of(result.stdout)) == ["shop"]
    assert "note: link is listed again: it is run and counted once" in result.stderr
    assert "check of 1 member: 1 with findings" in result.stderr


def test_names_with_newlines(here: Path) -> None:
    write_members(here, **{"two\nlines": CLEAN, "-x": CLEAN, "::error::x": FAULTY})
    result = run("fleet", ".")
    assert set(lines_of(result.stdout)) == {"two\nlines", "-x", "::error::x"}
    assert "\n::error" not in result.stderr
    (here / "list").write_bytes(b"two\nlines\0-x\0")
    assert set(lines_of(run("fleet", "list", "--null").stdout)) == {"two\nlines", "-x"}
    refused = run("fleet", "list")
    assert (refused.exit_code, "is it one for --null?" in refused.stderr) == (2, True)


def test_a_file_is_a_member_too(here: Path) -> None:
    write_members(here, shop=FAULTY)
    line = lines_of(run("fleet", listed(here, "shop/all.yaml")).stdout)["shop/all.yaml"]
    assert {finding["file"] for finding in line["report"]["findings"]} == {"./all.yaml"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none"], "none: no such file or directory"),
        (["empty"], "the list names no member"),
        ([], "there is no kubeqed.yaml here"),
        (["checkout"], "checkout is one checkout"),
        (["list", "--resume"], "name it with --output"),
        (["list", "--output", "a", "--since", "./a"], "under another name"),
        (["list", "--since", "empty"], "--since holds no line of a fleet"),
    ],
)
def test_wrong_usage_runs_nothing(here: Path, arguments: list[str], said: str) -> None:
    write_members(here, shop=CLEAN)
    (here / "checkout" / ".git").mkdir(parents=True)
    (here / "empty").write_text("# nothing\n")
    listed(here, "shop")
    result = run("fleet", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_what_hangs_is_killed_or_greedy_costs_itself_alone(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_members(here, good=CLEAN, hangs=CLEAN, killed=CLEAN, greedy=CLEAN)
    play(monkeypatch, killed=KILLED, greedy=GREEDY)
    result = run("fleet", ".", "--memory", 200, "--jobs", 4)
    lines = lines_of(result.stdout)
    assert {name: line["outcome"] for name, line in lines.items()} == {
        "good": "clean",
        "hangs": "clean",
        "killed": "killed",
        "greedy": "out-of-memory",
    }
    assert lines["greedy"]["reason"] == "took more than 200 MB of memory"
    assert lines["killed"]["reason"] == "killed by SIGKILL; the system may have run out of memory"
    assert (lines["killed"]["attempts"], lines["killed"]["report"]) == (2, None)
    play(monkeypatch, hangs=HANG)
    line = lines_of(run("fleet", listed(here, "hangs"), "--timeout", 0.2).stdout)["hangs"]
    assert (line["outcome"], line["reason"], line["attempts"]) == ("timed-out", "not done after 0.2 seconds", 1)


def test_what_stops_its_process_is_ended(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_members(here, stopped=CLEAN)
    play(monkeypatch, stopped="import os, signal; os.kill(os.getpid(), signal.SIGSTOP)")
    assert outcomes_of(run("fleet", ".", "--timeout", 0.2).stdout) == {"stopped": "timed-out"}


def test_what_was_killed_is_run_again(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_members(here, shop=CLEAN)
    once = f"import os; os.mkdir({str(here / 'marker')!r}); os.kill(os.getpid(), 9)"
    again = """print('{"version": 1, "findings": []}')"""
    play(monkeypatch, shop=f"import os\nif os.path.exists({str(here / 'marker')!r}): {again}\nelse:\n {once}")
    line = lines_of(run("fleet", listed(here, "shop")).stdout)["shop"]
    assert (line["outcome"], line["attempts"]) == ("clean", 2)


def test_an_interrupted_run_goes_on(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_members(here, good=CLEAN, bad=FAULTY, killed=FAULTY, left=CLEAN)
    play(monkeypatch, killed=KILLED)
    whole = listed(here, "good", "bad", "killed", "left")
    run("fleet", whole, "--output", "lines")
    text = (here / "lines").read_text()
    torn = [line for line in text.splitlines(keepends=True) if '"left"' not in line]
    (here / "lines").write_text("".join(torn) + '{"version": 1, "member": "left", "outc')
    play(monkeypatch, good=KILLED, bad=KILLED)  # which must not be run
    result = run("fleet", whole, "--output", "lines", "--resume")
    assert outcomes_of((here / "lines").read_text()) == {
        "good": "clean",
        "bad": "findings",
        "killed": "findings",
        "left": "clean",
    }
    assert "check of 4 members: 2 clean, 2 with findings" in result.stdout
    refused = run("fleet", whole, "--output", "lines", "--resume", "--run", "reach")
    assert (refused.exit_code, "it holds lines of check" in refused.stderr) == (2, True)
    assert len(lines_of((here / "lines").read_text())) == 4


def test_what_has_changed_since_the_last_run(here: Path) -> None:
    clone(here, "moved", CLEAN)
    (here / "moved" / "all.yaml").write_text(FAULTY)
    git(here / "moved", "commit", "-q", "-a", "-m", "worse")
    write_members(here, worse=CLEAN, better=FAULTY, same=FAULTY, gone=CLEAN)
    run("fleet", listed(here, "worse", "better", "same", "gone", "moved@main~1"), "--output", "last")
    (here / "worse" / "all.yaml").write_text(f"# a line more\n{FAULTY}")
    (here / "better" / "all.yaml").write_text(CLEAN)
    (here / "same" / "all.yaml").write_text(f"# a line more\n{FAULTY}")
    names = ("worse", "better", "same", "new", "moved@main")
    result = run("fleet", listed(here, *names), "--output", "lines", "--since", "last")
    lines = result.stdout[result.stdout.index("= since last:") :].splitlines()
    assert lines[0] == "= since last: 2 new findings, 1 gone; 1 new member; 1 member no longer listed"
    assert "    worse: with findings, was clean; 1 new, 0 gone" in lines
    assert "    better: clean, was with findings; 0 new, 1 gone" in lines
    assert "    moved@main: was moved@main~1; with findings, was clean; 1 new, 0 gone" in lines
    assert "    new: new" in lines
    assert "    gone: no longer listed" in lines
    assert not any(line.startswith("    same:") for line in lines)


def test_an_answer_without_findings_is_compared_as_a_whole(here: Path) -> None:
    write_members(here, moved=CLEAN, same=CLEAN)
    run("fleet", listed(here, "moved", "same"), "--output", "last", "--run", "reach")
    (here / "moved" / "all.yaml").write_text(CLEAN.replace("name: web", "name: app"))
    result = run("fleet", "list", "--output", "lines", "--run", "reach", "--since", "last")
    said = result.stdout[result.stdout.index("= since last:") :]
    assert said == "= since last: 0 new findings, 0 gone\n    moved: another answer\n"
    refused = run("fleet", "list", "--since", "last")
    assert (refused.exit_code, "--since holds lines of reach, and this is check" in refused.stderr) == (2, True)


def test_a_full_disk_is_said_and_the_others_are_run(here: Path) -> None:
    write_members(here, good=CLEAN, bad=FAULTY)
    result = run("fleet", ".", "--output", "/dev/full")
    assert result.exit_code == 3
    assert result.stderr.startswith("/dev/full: error: cannot write it: no space left on device")
    assert "check of 2 members: 1 clean, 1 with findings" in result.stdout


def test_a_line_that_does_not_fit_is_taken_back(here: Path) -> None:
    write_members(here, good=CLEAN, bad=FAULTY * 40, last=CLEAN)
    command = [
        sys.executable,
        "-m",
        "kubeqed.cli",
        "fleet",
        listed(here, "good", "bad", "last"),
        "-j1",
        "--output",
        "lines",
    ]
    result = subprocess.run(
        command,
        env=environment(),
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000)),
    )
    assert result.returncode == 3
    assert "lines: error: cannot write it: file too large" in result.stderr
    assert list(lines_of((here / "lines").read_text())) == ["good", "last"]
    assert run("fleet", "list", "--output", "lines", "--resume").exit_code == 1
    assert set(lines_of((here / "lines").read_text())) == {"good", "bad", "last"}


WAITING = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets what runs in its background ignore it
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # and `nohup` this one
from tests.cli import fleets
import pytest
fleets.play(pytest.MonkeyPatch(), hangs="import os, time; open('begun', 'w').write(str(os.getpid())); os.rename('begun', 'pid'); time.sleep(60)")
from kubeqed.cli.process import run
run()
"""


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_an_interruption_ends_the_members_and_keeps_the_lines(here: Path, number: int, status: int) -> None:
    write_members(here, good=CLEAN, hangs=CLEAN)
    process = subprocess.Popen(
        [sys.executable, "-c", WAITING, "fleet", listed(here, "good", "hangs"), "-j1", "--output", "lines"],
        env={**environment(), "TMPDIR": str(here)},
        stderr=subprocess.PIPE,
    )
    while not (here / "hangs" / "pid").exists():
        assert process.poll() is None
    process.send_signal(number)
    _, err = process.communicate()
    assert (process.returncode, err) == (status, b"")
    assert list(lines_of((here / "lines").read_text())) == ["good"]
    assert [path.name for path in here.iterdir() if path.name.startswith("kubeqed-")] == []
    assert is_over((here / "hangs" / "pid").read_text())


def test_nobody_reads_the_lines(here: Path) -> None:
    write_members(here, good=CLEAN, hangs=CLEAN, other=CLEAN)
    command = [sys.executable, "-c", WAITING, "fleet", listed(here, "good", "other", "hangs"), "-j1"]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(30) == 141


def is_over(pid: str) -> bool:
    """Whether a process ends, though nobody may ask for its status: being killed takes a moment."""
    for _ in range(200):
        try:
            state = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return True
        if ") Z " in state:
            return True
        time.sleep(0.05)
    return False
