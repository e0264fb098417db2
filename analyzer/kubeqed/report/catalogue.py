"""The pages about rules and about differences, which reports link to."""

from __future__ import annotations

_FILES = "https://github.com/kubeqed/kubeqed/blob/main"
CATALOGUE = f"{_FILES}/rules/README.md"


def rule_page(rule: str) -> str:
    """Where a rule is explained."""
    return f"{CATALOGUE}#{rule}"


def difference_page(kind: str) -> str:
    """Where a kind of difference is explained."""
    return f"{_FILES}/docs/diff.md#{kind}"
