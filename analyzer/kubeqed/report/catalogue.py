"""The page about the rules, which reports link to."""

from __future__ import annotations

CATALOGUE = "https://github.com/kubeqed/kubeqed/blob/main/rules/README.md"


def rule_page(rule: str) -> str:
    """Where a rule is explained."""
    return f"{CATALOGUE}#{rule}"
