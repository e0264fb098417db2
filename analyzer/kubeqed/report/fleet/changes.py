"""What is different from the last run of the same list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kubeqed.report.fleet.tally import CountedFinding, MemberTally


class MemberChange(NamedTuple):
    """A member that both runs have, and of which they say something else.

    Findings are compared only where both runs have a report.
    """

    was: MemberTally
    now: MemberTally
    new: Counter[CountedFinding]
    gone: Counter[CountedFinding]


class FleetChanges(NamedTuple):
    """The members that differ, those that are new, and those that are no longer there, each in the order of its list."""

    changed: tuple[MemberChange, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def new(self) -> Counter[CountedFinding]:
        """The findings that the last run did not have, of members that it had."""
        return sum((one.new for one in self.changed), Counter[CountedFinding]())

    @property
    def gone(self) -> Counter[CountedFinding]:
        """The findings that are no longer there, of members that are."""
        return sum((one.gone for one in self.changed), Counter[CountedFinding]())


def compare_runs(before: Iterable[MemberTally], after: Iterable[MemberTally]) -> FleetChanges:
    """The changes from one run to the next."""
    old = {one.member: one for one in before}
    new = {one.member: one for one in after}
    pairs = _pair_members(old, new)
    changed = [_compare_member(old[was], new[now]) for now, was in pairs.items()]
    met = set(pairs.values())
    return FleetChanges(
        tuple(one for one in changed if one is not None),
        tuple(name for name in new if name not in pairs),
        tuple(name for name in old if name not in met),
    )


def _pair_members(old: Mapping[str, MemberTally], new: Mapping[str, MemberTally]) -> dict[str, str]:
    """The old name of each member: the same, or the only one of its path where another revision is listed now."""
    pairs = {name: name for name in new if name in old}
    left = {path: name for name, path in _single_paths(old, pairs).items()}
    return pairs | {name: left[path] for name, path in _single_paths(new, pairs).items() if path in left}


def _single_paths(members: Mapping[str, MemberTally], paired: Mapping[str, str]) -> dict[str, str]:
    counts = Counter(one.path for one in members.values())
    return {name: one.path for name, one in members.items() if counts[one.path] == 1 and name not in paired}


def _compare_member(was: MemberTally, now: MemberTally) -> MemberChange | None:
    comparable = was.outcome.is_finished and now.outcome.is_finished
    nothing = Counter[CountedFinding]()
    new, gone = (now.findings - was.findings, was.findings - now.findings) if comparable else (nothing, nothing)
    same = was.outcome == now.outcome and was.answer == now.answer
    return None if same and not new and not gone else MemberChange(was, now, new, gone)
