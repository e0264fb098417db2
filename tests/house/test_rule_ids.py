"""Ids of rules stand in the rules and in one table: the lower rooms give reasons."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from kubeqed.rule.catalogue import find_rules
from kubeqed.rule.reasons import RULE_OF_PROBLEM, RULE_OF_REASON

PACKAGE = Path(__file__).parents[2] / "analyzer" / "kubeqed"
ROOMS = sorted(path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name not in ("rule", "__pycache__"))
IDS = {rule.id for rule in find_rules()}


@pytest.mark.parametrize("room", ROOMS)
def test_no_other_room_names_a_rule(room: str) -> None:
    named = {
        (str(path.relative_to(PACKAGE)), node.value)
        for path in (PACKAGE / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in IDS
    }
    assert not named


def test_every_reason_has_a_rule() -> None:
    assert {*RULE_OF_PROBLEM.values(), *RULE_OF_REASON.values()} <= IDS
