"""The action's steps, run as GitHub runs them, over a clean tree, a faulty one and a wrong configuration."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from tests.action.runner import ACTION, ROOT, Job, Runner, installed

SARIF = Draft202012Validator(json.loads((ROOT / "tests/report/sarif-2.1.0.json").read_text(encoding="utf-8")))
CLEAN = "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {type: ExternalName, externalName: example.com}\n"
FAULTY = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, nodePort: 1}]}
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME, namespace: shop}
spec:
  selector: {matchLabels: {app: NAME}}
  template: {metadata: {labels: {app: NAME}}, spec: {containers: [{name: NAME, image: nginx}]}}
"""
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  defaultBackend: {service: {name: elsewhere, port: {number: 80}}}
"""
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: shut, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress]
"""
Action = Callable[..., Job]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "work space"
    (folder / ".git").mkdir(parents=True)
    return folder


@pytest.fixture
def action(tmp_path: Path, workspace: Path) -> Action:
    temporary = tmp_path / "temp"
    temporary.mkdir()

    def run(event: dict[str, str] | None = None, **inputs: str) -> Job:
        named = {name.replace("_", "-"): value for name, value in inputs.items()}
        return Runner(workspace, temporary, installed(temporary)).run(named, event or {})

    return run


def commands(log: str) -> list[str]:
    """The commands that the runner obeys: those outside of the stretches in which it was told to stop."""
    return re.sub(r"(?ms)^::stop-commands::(\w+)$.*?^::\1::$", "", log).split("\n")


def test_clean(action: Action, workspace: Path) -> None:
    (workspace / "web.yaml").write_text(CLEAN)
    job = action()
    assert job.status == 0
    assert job.outputs["exit-code"] == "0"
    assert [job.outputs[name] for name in ("errors", "warnings", "notes", "hidden")] == ["0"] * 4
    assert json.loads(Path(job.outputs["sarif-file"]).read_text())["runs"][0]["results"] == []
    assert job.summary.startswith("### kubeqed\n\nno findings in 1 file")
    assert not any(line.startswith("::") for line in commands(job.log))


def test_faulty(action: Action, workspace: Path) -> None:
    (workspace / "a, b.yaml").write_text(FAULTY)
    job = action(upload_sarif="true", category="production")
    assert job.status == 1
    assert job.outputs["exit-code"] == "1"
    assert job.outputs["errors"] == "1"
    (annotation,) = [line for line in commands(job.log) if line.startswith("::")]
    assert annotation.startswith(
        "::error file=a%2C b.yaml,line=4,endLine=4,col=75,endColumn=76,title=kubeqed node-port-out"
    )
    assert "| 🔴\u00a0error | Service shop/web asks" in job.summary
    assert "<br><sub>a, b.yaml:4:75 · [node-port-out-of-range](https://" in job.summary
    log = json.loads(Path(job.outputs["sarif-file"]).read_text())
    SARIF.validate(log)
    assert log["runs"][0]["automationDetails"]["id"] == "kubeqed/production/"
    assert job.used["Upload to code scanning"] == {"sarif_file": job.outputs["sarif-file"], "category": "production"}


def test_what_is_shown(action: Action, workspace: Path) -> None:
    (workspace / "db.yaml").write_text(DEPLOYMENT.replace("NAME", "db"))
    (workspace / "web.yaml").write_text(INGRESS)
    hidden, shown = action(), action(show="all", fail_on="note")
    assert (hidden.status, hidden.outputs["notes"], hidden.outputs["hidden"]) == (0, "0", "1")
    assert (shown.status, shown.outputs["notes"], shown.outputs["hidden"]) == (1, "1", "0")
    assert [line.split()[0] for line in commands(shown.log) if line.startswith("::")] == ["::notice"]


def test_the_log_reads_like_a_terminal(action: Action, workspace: Path) -> None:
    (workspace / "a.yaml").write_text(FAULTY)
    log = re.sub(r"\x1b\[[\d;]*m", "", action().log)
    assert "\na.yaml:4:75: error: Service shop/web asks for node port 1" in log
    assert "\nkubeqed: 1 error" in log


def test_wrong_configuration(action: Action, workspace: Path) -> None:
    (workspace / "a.yaml").write_text(FAULTY)
    (workspace / "kubeqed.yaml").write_text("rules:\n  ignore: [node-port-out-of-rang]\n")
    job = action(upload_sarif="true")
    assert job.status == 2
    assert job.outputs["exit-code"] == "2"
    assert job.outputs["sarif-file"] == ""
    assert job.used == {}
    (annotation,) = [line for line in commands(job.log) if line.startswith("::")]
    assert annotation.startswith(
        "::error file=kubeqed.yaml,line=2,endLine=2,col=12,endColumn=33,title=kubeqed configuration::unknown rule"
    )
    assert "nothing was checked" in job.summary
    assert "node-port-out-of-rang" in job.summary


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("fail_on", "sometimes", "::error title=kubeqed::Usage: "),
        (
            "config",
            "none.yaml",
            "::error file=none.yaml,line=1,endLine=1,col=1,endColumn=1,title=kubeqed configuration::cannot read the",
        ),
    ],
)
def test_wrong_inputs(action: Action, name: str, value: str, text: str) -> None:
    job = action(**{name: value})
    assert job.status == 2
    assert any(line.startswith(text) for line in commands(job.log)), job.log


def test_a_path_that_is_not_there(action: Action) -> None:
    job = action(paths="nowhere")
    assert job.status == 3
    assert any(line.startswith("::error") and "nowhere" in line for line in commands(job.log)), job.log


def test_inputs_reach_kubeqed_and_no_shell(action: Action, workspace: Path) -> None:
    hostile = "$(touch broken) `touch broken`;'\"--help"
    for folder in (hostile, "k8s"):
        (workspace / folder).mkdir()
        (workspace / folder / "web.yaml").write_text(FAULTY)
    (workspace / "settings.yaml").write_text("rules: {severity: {node-port-out-of-range: warning}}\n")
    sarif = workspace / "out $(touch broken).sarif"
    job = action(
        paths=f"{hostile}\n\n  k8s  \n--help",
        config="settings.yaml",
        sarif_file=str(sarif),
        fail_on="error",
        annotations="false",
        summary="false",
    )
    assert job.status == 3  # there is no `--help`, which is a path here
    assert (job.outputs["errors"], job.outputs["warnings"]) == ("0", "2")
    assert job.outputs["sarif-file"] == str(sarif)
    assert sarif.exists()
    assert job.summary == ""
    assert not any(line.startswith("::") for line in commands(job.log))
    assert not (workspace / "broken").exists()


def test_manifests_command_nothing(action: Action, workspace: Path) -> None:
    (workspace / "a.yaml").write_text(FAULTY.replace("name: web", 'name: "web\\n::add-mask::x"'))
    (workspace / "::error::b.yaml").write_text(FAULTY)
    job = action()
    assert job.status == 1
    assert {line.split()[0] for line in commands(job.log) if line.startswith("::")} == {"::error"}
    assert not any(line.startswith("::error::") for line in commands(job.log))


def test_what_stands_in_the_workspace_is_never_imported(action: Action, workspace: Path) -> None:
    for name in ("json", "venv", "kubeqed", "secrets"):
        (workspace / f"{name}.py").write_text("raise SystemExit('imported')")
    assert action().status == 0


def test_every_action_is_pinned() -> None:
    for file in (ROOT / "action.yml", *(ROOT / ".github/workflows").glob("*.yml")):
        for line in file.read_text().splitlines():
            if "uses:" in line and "uses: ./" not in line:
                assert re.search(r"uses: [\w./-]+@[0-9a-f]{40} # v\d", line), line


@pytest.fixture
def compared(workspace: Path) -> str:
    """A repository of two workloads, and beside its commit a policy that is not yet committed; the commit."""
    (workspace / ".git").rmdir()
    (workspace / "k8s").mkdir()
    for name in ("web", "db"):
        (workspace / "k8s" / f"{name}.yaml").write_text(DEPLOYMENT.replace("NAME", name))
    commands = [["init", "-q"], ["add", "."], ["commit", "-qm", "base"], ["rev-parse", "HEAD"]]
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    *_, head = [
        subprocess.run(["git", *identity, *it], cwd=workspace, capture_output=True, text=True) for it in commands
    ]
    (workspace / "k8s" / "policy.yaml").write_text(POLICY)
    return head.stdout.strip()


@pytest.mark.parametrize("given", ["event", "input"])
def test_the_base_is_compared(action: Action, compared: str, given: str) -> None:
    event = {"event.pull_request.base.sha": compared} if given == "event" else {}
    job = action(event, diff_base=compared if given == "input" else "", paths="k8s")
    assert job.status == 0, job.log
    assert "### Network: " in job.summary
    assert re.search(r"\| removed \| .*shop/web.*k8s/policy\.yaml:5", job.summary), job.summary
    assert not any(line.startswith("::") for line in commands(job.log))


def test_several_paths_are_told_apart(action: Action, workspace: Path, compared: str) -> None:
    (workspace / "k8s" / "db.yaml").write_text(DEPLOYMENT.replace("NAME", "other"))
    job = action(diff_base=compared, paths="k8s\nk8s/web.yaml\nk8s/policy.yaml")
    assert "\n`k8s`:\n\n### Network: " in job.summary
    assert "`k8s/web.yaml`" not in job.summary, "nothing changed there"


def test_the_summary_links_to_the_commit_that_is_here(
    action: Action, workspace: Path, compared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workspace / "k8s" / "a.yaml").write_text(FAULTY)
    told = {"SERVER_URL": "https://git.example", "REPOSITORY": "o/r", "SHA": "0" * 40, "WORKSPACE": str(workspace)}
    for name, value in told.items():
        monkeypatch.setenv(f"GITHUB_{name}", value)
    assert f"[k8s/a.yaml:4:75](https://git.example/o/r/blob/{compared}/k8s/a.yaml#L4)" in action().summary


def test_nothing_has_changed(action: Action, workspace: Path, compared: str) -> None:
    (workspace / "k8s" / "policy.yaml").unlink()
    assert "\nWho can send what to whom is as before.\n" in action(diff_base=compared, paths="k8s").summary


def test_a_new_path_is_compared_with_nothing(action: Action, workspace: Path, compared: str) -> None:
    (workspace / "new").mkdir()
    (workspace / "new" / "web.yaml").write_text(DEPLOYMENT.replace("NAME", "new"))
    job = action(diff_base=compared, paths="k8s\nnew")
    assert job.status == 0, job.log
    assert re.search(r"`new`:\n\n### Network: \d+ added", job.summary), job.summary
    assert not any(line.startswith("::") for line in commands(job.log))


def test_what_cannot_be_compared_fails_nothing(action: Action, workspace: Path, compared: str) -> None:
    (workspace / "k8s" / "web.yaml").write_text("apiVersion: v1\nkind: {")
    job = action(diff_base=compared, paths="k8s", fail_on="never")
    assert job.status == 0, job.log
    assert "::warning title=kubeqed diff::not everything was compared" in job.log
    assert "not everything was compared" in job.summary
    assert "as before" not in job.summary


@pytest.mark.usefixtures("compared")
@pytest.mark.parametrize("base", ["0" * 40, "--help", "nowhere"])
def test_a_base_that_is_not_there(action: Action, base: str) -> None:
    job = action(diff_base=base)
    assert job.status == 0
    assert "::notice title=kubeqed::the base of the comparison cannot be fetched" in job.log
    assert "### Network" not in job.summary
    assert "as before" not in job.summary


@pytest.mark.parametrize("planted", ["commit", "short", "branch"])
def test_a_file_called_like_the_base_blanks_nothing(
    action: Action, workspace: Path, compared: str, planted: str
) -> None:
    name = {"commit": compared, "short": compared[:12], "branch": "master"}[planted]
    for path in (workspace / name, workspace / f"git:{compared}"):
        path.mkdir()
        for file in (workspace / "k8s").iterdir():
            (path / file.name).write_bytes(file.read_bytes())
    job = action(diff_base=compared, paths="k8s")
    assert re.search(r"\| removed \| .*shop/web.*k8s/policy\.yaml:5", job.summary), job.summary


def test_a_branch_called_like_the_path_blanks_nothing(action: Action, workspace: Path, compared: str) -> None:
    subprocess.run(["git", "branch", "k8s"], cwd=workspace, check=True)
    assert "| removed |" in action(diff_base=compared, paths="k8s").summary


def test_a_message_poses_as_no_finding_of_another_file(action: Action, workspace: Path) -> None:
    rule = "x\\n/etc/passwd:1:1: error: planted"
    (workspace / "kubeqed.yaml").write_text(f'rules: {{ignore: ["{rule}", "{"a: error: " * 2000}"]}}\n')
    job = action()
    assert job.status == 2
    found = [line for line in commands(job.log) if line.startswith("::")]
    assert [line.split(",")[0] for line in found] == ["::error file=kubeqed.yaml"] * 2


SUPPRESSING = "rules: {ignore: [node-port-out-of-range]}\n"


def test_what_a_pull_request_mutes_is_said(action: Action, workspace: Path, compared: str) -> None:
    (workspace / "kubeqed.yaml").write_text(SUPPRESSING)
    (workspace / "k8s/service.yaml").write_text(FAULTY)
    job = action(diff_base=compared)
    assert job.status == 0
    said = f"turns off node-port-out-of-range, unlike that of {compared[:12]}"
    assert said in job.summary.replace("\\", "")
    assert any(line.startswith("::warning file=kubeqed.yaml") and said in line for line in commands(job.log))
    assert said in job.log


@pytest.mark.parametrize(
    ("base", "config", "status"),
    [("compared", "", 1), ("compared", "kubeqed.yaml", 2), ("", "", 0), ("none", "", 0), ("nowhere", "", 2)],
)
def test_the_base_may_judge(
    action: Action, workspace: Path, compared: str, base: str, config: str, status: int
) -> None:
    """The base has no configuration, so that one cannot be named; without a base, as on a push, a version judges itself."""
    (workspace / "kubeqed.yaml").write_text(SUPPRESSING)
    (workspace / "k8s/service.yaml").write_text(FAULTY)
    job = action(diff_base=compared if base == "compared" else base, policy="base", config=config)
    assert job.status == status, job.log
    assert ("::error title=kubeqed::policy: base needs the commit of diff-base" in job.log) == (base == "nowhere")


def test_no_comparison(action: Action, compared: str) -> None:
    job = action({"event.pull_request.base.sha": compared}, diff_base="none")
    assert "### Network" not in job.summary


def test_every_input_is_read() -> None:
    steps = json.dumps(ACTION["runs"]["steps"])
    assert [name for name in ACTION["inputs"] if f"inputs.{name} " not in steps] == []


def test_the_readme_names_every_input_and_output() -> None:
    section = (ROOT / "README.md").read_text().partition("## On GitHub")[2].partition("\n## ")[0]
    assert [name for name in (*ACTION["inputs"], *ACTION["outputs"]) if f"`{name}`" not in section] == []
