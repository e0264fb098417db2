"""What every rule must say of itself, and how it is called."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kubeqed import __version__
from kubeqed.rule.catalogue import GROUPS, Rule, find_rules

RULES = [pytest.param(rule, id=rule.id) for rule in find_rules()]
ROOT = Path(__file__).parents[2]
KINDS = {
    path.stem for room in ("model", "apiserver") for path in (ROOT / f"analyzer/kubeqed/{room}/kinds").glob("*.py")
}


@pytest.mark.parametrize("rule", RULES)
def test_the_docstring_says_what_is_wrong_why_and_what_to_do(rule: Rule) -> None:
    title, blank, *text = rule.text.splitlines()
    assert title.endswith(".")
    assert blank == ""
    assert len(text) >= 2
    assert all(len(line) <= 90 for line in rule.text.splitlines())


@pytest.mark.parametrize("rule", RULES)
def test_the_summary_is_no_sentence(rule: Rule) -> None:
    summary = rule.meta.summary
    assert summary
    assert not summary.endswith(".")
    assert len(summary) <= 70


@pytest.mark.parametrize("rule", RULES)
def test_references_are_addresses(rule: Rule) -> None:
    assert rule.meta.references
    assert all(re.fullmatch(r"https://[\w.-]+/\S+", reference) for reference in rule.meta.references)


@pytest.mark.parametrize("rule", RULES)
def test_since_is_a_version_that_there_was(rule: Rule) -> None:
    assert re.fullmatch(r"\d+\.\d+", rule.meta.since)
    assert [int(part) for part in rule.meta.since.split(".")] <= [int(part) for part in __version__.split(".")[:2]]


@pytest.mark.parametrize("rule", RULES)
def test_there_are_examples_of_both_sorts(rule: Rule) -> None:
    valid, invalid = rule.examples
    assert valid
    assert invalid


@pytest.mark.parametrize("rule", RULES)
def test_the_id_reads_after_ignore(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.id)
    assert not re.match(r"(no|check|invalid|validate|ensure)-", rule.id)


@pytest.mark.parametrize("rule", RULES)
def test_the_folder_is_a_kind_or_a_group_of_kinds(rule: Rule) -> None:
    assert rule.folder in KINDS | set(GROUPS)


@pytest.mark.parametrize("rule", RULES)
def test_nothing_is_left_to_fill_in(rule: Rule) -> None:
    module = ROOT / "rules" / "kubeqed_rules" / rule.folder / f"{rule.id.replace('-', '_')}.py"
    assert "FILL" not in module.read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", RULES)
def test_what_readers_see_of_an_example_has_no_mark_of_a_test(rule: Rule) -> None:
    assert not any("# expect:" in text for text in rule.illustrate())
