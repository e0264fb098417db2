"""As much of GitHub's runner as a composite action needs: its expressions, its files, and steps that run in bash."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = YAML(typ="safe", pure=True).load((ROOT / "action.yml").read_text(encoding="utf-8"))
EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}")
WORD = re.compile(r"'[^']*'|[A-Za-z_][\w.-]*(?:\(\))?")


class Job(NamedTuple):
    """What the action left behind: `used` holds the inputs of each step that is another action."""

    status: int
    log: str
    outputs: dict[str, str]
    summary: str
    used: dict[str, dict[str, str]]


class Runner:
    """Runs the action in a workspace. Steps in `given` are not run: their outputs are these."""

    def __init__(self, workspace: Path, temporary: Path, given: Mapping[str, Mapping[str, str]]) -> None:
        self.workspace = workspace
        self.temporary = temporary
        self.given = given
        self.log: list[str] = []
        self.used: dict[str, dict[str, str]] = {}
        self.context: dict[str, str] = {}
        self.failed = 0

    def run(self, inputs: Mapping[str, str], event: Mapping[str, str]) -> Job:
        """All steps in order, as a job with these inputs would."""
        known = {name: given["default"] for name, given in ACTION["inputs"].items()}
        assert set(inputs) <= set(known)
        self.context = {f"inputs.{name}": value for name, value in {**known, **inputs}.items()}
        self.context |= {f"github.{name}": value for name, value in event.items()}
        summary = self.temporary / "summary.md"
        summary.touch()
        for number, step in enumerate(ACTION["runs"]["steps"]):
            self._step(step, self.temporary / f"outputs-{number}", summary)
        outputs = {name: self.fill(output["value"]) for name, output in ACTION["outputs"].items()}
        return Job(self.failed, "".join(self.log), outputs, summary.read_text(encoding="utf-8"), self.used)

    def _step(self, step: Mapping[str, Any], outputs: Path, summary: Path) -> None:
        if not self._wanted(step):
            return
        found: Mapping[str, str] = {}
        failed = 0
        known = f"steps.{step.get('id')}"
        if step.get("id") in self.given:
            found = self.given[step["id"]]
        elif "uses" in step:
            self.used[step["name"]] = {name: self.fill(value) for name, value in step["with"].items()}
        else:
            outputs.touch()
            failed = self._bash(step, {"GITHUB_OUTPUT": str(outputs), "GITHUB_STEP_SUMMARY": str(summary)})
            lines = outputs.read_text(encoding="utf-8").splitlines()
            found = dict(line.split("=", 1) for line in lines)
        self.context |= {f"{known}.outputs.{name}": value for name, value in found.items()}
        self.context[f"{known}.outcome"] = "failure" if failed else "success"

    def _bash(self, step: Mapping[str, Any], files: Mapping[str, str]) -> int:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"], "an expression inside of a script is code that others can write"
        script = self.temporary / "script.sh"
        script.write_text(step["run"])
        own = {name: self.fill(value) for name, value in step["env"].items()}
        places = {"GITHUB_ACTION_PATH": str(ROOT), "RUNNER_TEMP": str(self.temporary), "GITHUB_ACTIONS": "true"}
        environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            cwd=self.workspace,
            env={**environment, **own, **places, **files},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        self.log.append(done.stdout)
        self.failed = self.failed or done.returncode
        return done.returncode

    def _wanted(self, step: Mapping[str, Any]) -> bool:
        """A step without a condition runs as long as none has failed."""
        condition = EXPRESSION.fullmatch(step.get("if", "${{ success() }}").strip())
        assert condition
        return bool(self.value(condition[1]))

    def fill(self, text: object) -> str:
        """Text with its expressions evaluated."""
        return EXPRESSION.sub(lambda found: str(self.value(found[1])), str(text))

    def value(self, expression: str) -> object:
        """The value of an expression, which becomes one of Python; what is not known is empty, as on GitHub."""
        functions = {"success()": not self.failed, "cancelled()": False, "always()": True}

        def known(found: re.Match[str]) -> str:
            word = found[0]
            return word if word.startswith("'") else repr(functions.get(word, self.context.get(word, "")))

        python = WORD.sub(known, expression).replace("&&", " and ").replace("||", " or ")
        return eval(re.sub(r"!(?!=)", " not ", python).strip())


def installed(folder: Path) -> dict[str, dict[str, str]]:
    """The steps that need a network, as done: this Python, and kubeqed as these tests import it."""
    command = folder / "kubeqed"
    paths = os.pathsep.join([str(ROOT / "analyzer"), str(ROOT / "rules")])
    call = f"PYTHONPATH={shlex.quote(paths)} exec {shlex.quote(sys.executable)} -P -m kubeqed.cli"
    command.write_text(f'#!/bin/sh\n{call} "$@"\n')
    command.chmod(0o755)
    return {"python": {"python-path": sys.executable}, "install": {"kubeqed": str(command)}}
