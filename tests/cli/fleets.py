"""Fleets to run: some members, and processes in place of some of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from kubeqed.app.fleet import member as fleet_member
from kubeqed.app.fleet.member import MemberTask
from kubeqed.app.fleet.places import MemberPlace

CLEAN = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx, ports: [{containerPort: 8080}]}]}
"""
FAULTY = CLEAN.replace("port: 80,", "port: 80, nodePort: 30080,").replace(
    "spec: {selector", "spec: {type: LoadBalancer, externalTrafficPolicy: Globe, selector"
)

REAL = fleet_member._make_command
HANG = "import time; time.sleep(60)"
KILLED = "import os; os.kill(os.getpid(), 9)"
GREEDY = "import time; kept = bytearray(300_000_000); time.sleep(60)"

Play = Callable[..., None]


def write_members(at: Path, **texts: str) -> None:
    for name, text in texts.items():
        (at / name).mkdir()
        (at / name / "all.yaml").write_text(text)


def play(monkeypatch: pytest.MonkeyPatch, **programs: str) -> None:
    """Lets a program of Python stand in for the command on a member."""

    def command(task: MemberTask, place: MemberPlace, outputs: Sequence[str]) -> Sequence[str]:
        program = programs.get(task.member.text)
        return [sys.executable, "-c", program] if program else REAL(task, place, outputs)

    monkeypatch.setattr(fleet_member, "_make_command", command)


def lines_of(text: str) -> dict[str, dict[str, Any]]:
    """The lines by member, of which there must be one each."""
    lines = [json.loads(line) for line in text.split("\n")[:-1]]
    found = {line["member"]: line for line in lines}
    assert len(found) == len(lines)
    return found


def outcomes_of(text: str) -> dict[str, str]:
    return {name: line["outcome"] for name, line in lines_of(text).items()}
