"""What shells offer: files where a PATH goes, and the values of options that are words."""

from __future__ import annotations

import pytest
from click.shell_completion import ShellComplete

from kubeqed.cli import main
from kubeqed.rule.catalogue import find_rules

POLICY_RULES = [rule.id for rule in find_rules() if rule.id.startswith("policy-")]


def offered(*words: str) -> list[tuple[str, str]]:
    """The kind and the text of what is offered for the last word."""
    *before, last = words
    items = ShellComplete(main, {}, "kubeqed", "_KUBEQED_COMPLETE").get_completions(before, last)
    return [(item.type, item.value) for item in items]


def plain(*texts: str) -> list[tuple[str, str]]:
    return [("plain", text) for text in texts]


def test_commands() -> None:
    assert offered("che") == plain("check")


@pytest.mark.parametrize(
    "words",
    [
        ["baseline"],
        ["baseline", "--output"],
        ["build"],
        ["charts"],
        ["check"],
        ["check", "--within"],
        ["check", "--config"],
        ["check", "--baseline"],
        ["cni"],
        ["cni", "--config"],
        ["diff"],
        ["diff", "a.yaml"],
        ["reach"],
        ["reach", "--config"],
        ["serve", "--baseline"],
        ["units"],
        ["units", "--within"],
        ["why", "web", "db"],
    ],
)
def test_files(words: list[str]) -> None:
    assert offered(*words, "k8s/w") == [("file", "k8s/w")]


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (["check", "--fail-on", ""], ["error", "warning", "note", "never"]),
        (["check", "--show", "po"], ["possible", "posture"]),
        (["check", "--show", "likely,po"], ["likely,possible", "likely,posture"]),
        (["check", "--output-format", "j"], ["json", "junit"]),
        (["check", "--only", "po"], ["possible", "posture", *POLICY_RULES]),
        (["check", "--select", "likely,node-port-c"], ["likely,node-port-clash"]),
        (["check", "--world", "c"], ["closed"]),
        (["explain", "node-port-o"], ["node-port-out-of-range"]),
    ],
)
def test_values(words: list[str], values: list[str]) -> None:
    assert offered(*words) == plain(*values)
