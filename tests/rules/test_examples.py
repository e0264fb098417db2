"""Each rule's examples, with that rule alone: they are its documentation, so they must be true."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.rules.judging import faults

from kubeqed.app.check.shown import DEFAULT
from kubeqed.rule import Certainty, Finding, Meta, World
from kubeqed.rule.catalogue import Check, Rule, find_rules

RULES = [pytest.param(rule, id=rule.id) for rule in find_rules()]


class Mutant(Rule):
    """A rule with another rule's id and metadata, and another check."""

    def __init__(self, rule: Rule, check: Check) -> None:
        self.id = rule.id
        self.folder = rule.folder
        self._name = rule._name
        self._check = check

    @property
    def check(self) -> Check:
        return self._check

    @property
    def meta(self) -> Meta:
        meta = super().meta._replace(server=False)
        return meta if meta.certainty in DEFAULT else meta._replace(certainty=Certainty.LIKELY)  # so that it is seen


def never(world: World) -> Iterator[Finding]:
    yield from ()


def always(world: World) -> Iterator[Finding]:
    for item in world.unit.objects:
        yield Finding(item.at("metadata.name"), "always")


@pytest.mark.parametrize("rule", RULES)
def test_the_examples_are_true(rule: Rule) -> None:
    wrong = faults(rule, [rule])
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("rule", RULES)
def test_muting_the_rule_fails_its_examples(rule: Rule) -> None:
    muted = [Mutant(rule, never)] if rule.check else []
    assert len(faults(rule, muted)) >= len(rule.examples[1])


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_that_always_fires_fails_its_examples(rule: Rule) -> None:
    if rule.check is None and not rule.meta.server and rule.meta.certainty not in DEFAULT:
        pytest.skip("it has no check of its own, and what it says is hidden by default")
    assert len(faults(rule, [Mutant(rule, always)])) > len(rule.examples[1])
