"""The main job again and again, as the language server has it done: less work, the same findings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kubeqed.app.check.run import CheckRequest
from kubeqed.app.check.shown import Show
from kubeqed.cli.commands.serve import Checking
from kubeqed.diagnostic import Certainty
from kubeqed.prove.engine import solver

OPEN = """\
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{name: a, port: "${A}"}, {name: b, port: "${B}"}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec: {defaultBackend: {service: {name: web, port: {number: "${PORT}"}}}}
"""
SHOW = Show(frozenset(Certainty))


def quietly() -> None:
    """Nobody asks for anything newer."""


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The questions that Z3 was asked."""
    asked: list[object] = []
    solve: Callable[..., object] = solver.solve

    def watched(*arguments: object) -> object:
        asked.append(arguments)
        return solve(*arguments)

    monkeypatch.setattr(solver, "solve", watched)
    return asked


def test_only_what_changed_is_proved_again(tmp_path: Path, solved: list[object]) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(OPEN.replace("web", name))
    check = Checking(CheckRequest((), show=SHOW))
    first = check((str(tmp_path),), quietly)
    assert first.findings
    asked = len(solved)
    assert asked > 1
    assert check((str(tmp_path),), quietly).findings == first.findings
    assert len(solved) == asked
    (tmp_path / "b.yaml").write_text("# moved\n" + OPEN.replace("web", "b"))
    again = check((str(tmp_path),), quietly).findings
    assert asked < len(solved) < 2 * asked
    assert again == Checking(CheckRequest((), show=SHOW))((str(tmp_path),), quietly).findings
