"""What of an answer rests on the guess that some files go to one cluster: policies that were joined, or meet no pod."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import NamedTuple

from kubeqed.model.kinds.object import Object
from kubeqed.model.units.unit import Join, Unit
from kubeqed.reach.peer import Group
from kubeqed.reach.query.answer import ReachResult


class GovernedJoin(NamedTuple):
    """Files that were joined by guess, and the peers whose traffic their policies govern."""

    join: Join
    governed: Group


class Guesses(NamedTuple):
    """What was joined to a unit by guess, and its `unmet` policies: those that were applied to nothing."""

    unit: Unit
    joins: tuple[GovernedJoin, ...]
    unmet: tuple[Object, ...]


def find_guesses(answer: ReachResult) -> Guesses:
    """What of an answer rests on a guess."""
    joins = tuple(GovernedJoin(join, _list_governed(answer, join)) for join in answer.unit.joins)
    return Guesses(answer.unit, joins, tuple(_find_unmet_policies(answer)))


def _find_unmet_policies(answer: ReachResult) -> list[Object]:
    """The policies of a guessed unit that meet no pod that they select."""
    if answer.unit.stated:
        return []
    reach = answer.reach
    return [one.object for one in reach.policies.items if not reach.index.subjects(one.subject) & reach.shown]


def _list_governed(answer: ReachResult, join: Join) -> Group:
    """The peers whose traffic is governed by policies that were joined by guess."""
    reach = answer.reach
    joined = (policy.subject for policy in reach.policies.items if policy.object.file in join.files)
    return answer.names.group(reduce(or_, map(reach.index.subjects, joined), 0) & reach.shown)
