"""What of an answer rests on the guess that some files go to one cluster: policies that were joined, or meet no pod."""

from __future__ import annotations

from functools import reduce
from operator import or_

from kubeqed.model.units.unit import Join
from kubeqed.reach.peer import Group
from kubeqed.reach.policy.compiled import CompiledPolicy
from kubeqed.reach.query.answer import ReachResult


def find_unmet_policies(answer: ReachResult) -> list[CompiledPolicy]:
    """The policies of a guessed unit that meet no pod that they select, so that they were applied to nothing."""
    if answer.unit.stated:
        return []
    reach = answer.reach
    return [policy for policy in reach.policies.items if not reach.index.subjects(policy.subject) & reach.shown]


def list_governed(answer: ReachResult, join: Join) -> Group:
    """The peers whose traffic is governed by policies that were joined by guess."""
    reach = answer.reach
    joined = (policy.subject for policy in reach.policies.items if policy.object.file in join.files)
    return answer.names.group(reduce(or_, map(reach.index.subjects, joined), 0) & reach.shown)
