"""Parts of policies: what may be taken out of a set of policies, and what is left then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kubeqed.reach.policies import CompiledPolicy, CompiledRule, Direction


class PolicyPart(NamedTuple):
    """A part of a policy: all of it, a rule, or one of the peers of a rule, which stands at `path`.

    `rule` is what the part allows by itself, `rest` what the rule allows without it.
    """

    policy: CompiledPolicy
    path: str
    direction: Direction | None = None
    rule: CompiledRule | None = None
    rest: CompiledRule | None = None


class PolicyRule(NamedTuple):
    """A rule with its policy."""

    policy: CompiledPolicy
    rule: CompiledRule


def without_part(policies: Sequence[CompiledPolicy], part: PolicyPart) -> Iterator[CompiledPolicy]:
    """The policies after one part, of one of them, is taken out."""
    for policy in policies:
        if policy is not part.policy:
            yield policy
        elif part.direction is not None:
            rules = tuple(_remove_from(policy.rules(part.direction) or (), part))
            yield policy._replace(ingress=rules) if part.direction == "Ingress" else policy._replace(egress=rules)


def _remove_from(rules: Sequence[CompiledRule], part: PolicyPart) -> Iterator[CompiledRule]:
    for one in rules:
        if part.rule is None or one.path != part.rule.path:
            yield one
        elif part.rest is not None:
            yield part.rest
