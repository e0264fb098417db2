"""The command `kubeqed` itself."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from kubeqed.cli import main, rules


def test_an_interruption_is_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(rules.command, "callback", interrupted)
    assert CliRunner().invoke(main, ["rules"]).exit_code == 130
