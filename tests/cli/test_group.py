"""The command `kubeqed` itself."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from kubeqed.cli import main
from kubeqed.cli.commands import rules


def test_an_interruption_is_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(rules.command, "callback", interrupted)
    assert CliRunner().invoke(main, ["rules"]).exit_code == 130


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("chekc", "no command is called 'chekc'; did you mean check?"),
        ("web.yaml", "no command is called 'web.yaml'; to check a file or directory: kubeqed check web.yaml"),
        (".", "to check a file or directory: kubeqed check ."),
        ("zzzzzz", "no command is called 'zzzzzz'\n"),
    ],
)
def test_what_is_no_command_is_told_what_it_may_have_been_meant_as(word: str, meant: str) -> None:
    result = CliRunner().invoke(main, [word])
    assert result.exit_code == 2
    assert meant in result.stderr
