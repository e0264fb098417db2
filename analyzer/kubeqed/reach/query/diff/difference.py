"""The difference of two versions of a unit, and of all units: entries in order, each with its causes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from kubeqed.model.units.producer import Producer
from kubeqed.reach.algebra.ports import PortSet
from kubeqed.reach.peer import Group, Peer, parts_about
from kubeqed.reach.policy.compiled import Caveat
from kubeqed.reach.query.answer import Connection, ConnectionQuery, ReachResult
from kubeqed.reach.query.diff.alike_governed import AlikeGoverned, CausedChange
from kubeqed.reach.query.diff.causes import Cause, Causes
from kubeqed.reach.query.diff.changes import ChangeKind, CommonNumbering, ConnectionChange, find_changes
from kubeqed.reach.query.diff.doubts import VersionDoubts, find_uncompared_gaps, find_version_doubts
from kubeqed.reach.query.diff.shifts import Shift, find_shifts
from kubeqed.reach.query.diff.undecided import UncomparedObject, find_uncompared
from kubeqed.reach.query.diff.versions import Versions
from kubeqed.reach.query.placed import PlacementCondition
from kubeqed.reach.query.policy_doubts import PolicyDoubt

ORDER = {ChangeKind.CHANGED: 0, ChangeKind.ADDED: 1, ChangeKind.REMOVED: 2}


class DiffEntry(NamedTuple):
    """A change between groups, why, and where to show it.

    `named` are numbers of ports that stand for a name, which only an absent pod can resolve.
    """

    change: ConnectionChange
    sources: Group
    destinations: Group
    causes: tuple[Cause, ...]
    anchor: Cause
    named: Mapping[int, str]


class BareChange(NamedTuple):
    """A change between groups without its causes; `named` as in a DiffEntry."""

    sources: Group
    destinations: Group
    old: PortSet
    new: PortSet
    named: Mapping[int, str]


class ComparisonLimits(NamedTuple):
    """What the comparison of one unit does not claim.

    `missing` may hold or create what was not compared. `shifts` and `depending`, the latter for each entry, say where an
    ingress controller has to run. `caveats` are what the answer about the later version leaves open. `partial` says
    that not all pods that no manifest shows were compared.
    """

    doubts: tuple[VersionDoubts, ...] = ()
    missing: tuple[Producer, ...] = ()
    shifts: tuple[Shift, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    depending: tuple[tuple[tuple[Connection, PlacementCondition], ...], ...] = ()
    partial: bool = False


class RegroupedUnit(NamedTuple):
    """A unit whose objects the other version holds in other units, so that its connections count as added or removed."""

    root: str
    is_added: bool


class Difference(NamedTuple):
    """All entries; workloads that only one version has; what is `undecided`: it differs with an effect that is not known.

    `limits` say for each unit what the comparison does not claim. `joins` say what was joined by guess.
    """

    entries: tuple[DiffEntry, ...] = ()
    added: frozenset[Peer] = frozenset()
    removed: frozenset[Peer] = frozenset()
    undecided: tuple[UncomparedObject, ...] = ()
    limits: tuple[ComparisonLimits, ...] = ()
    regrouped: tuple[RegroupedUnit, ...] = ()
    joins: tuple[str, ...] = ()

    @property
    def is_as_before(self) -> bool:
        """Whether nothing changed, and nothing was left out that may have."""
        return not (self.entries or self.undecided or self.missing or self.partial or self.shifts)

    @property
    def doubts(self) -> tuple[PolicyDoubt, ...]:
        """The policies of other engines that may decide otherwise about what changed."""
        return tuple(doubt for one in self.limits for version in one.doubts for doubt in version.doubts)

    @property
    def missing(self) -> tuple[Producer, ...]:
        """What may hold or create what was not compared."""
        return tuple(producer for one in self.limits for producer in one.missing)

    @property
    def shifts(self) -> tuple[Shift, ...]:
        """What now depends on where an ingress controller runs, or does not any more."""
        return tuple(shift for one in self.limits for shift in one.shifts)

    @property
    def partial(self) -> bool:
        """Whether not all pods that no manifest shows were compared."""
        return any(one.partial for one in self.limits)


def find_difference(old: ReachResult, new: ReachResult, about: frozenset[Peer] | None = None) -> Difference:
    """What changed between two versions of a unit; one of the peers `about` is at an end of it, None means all."""
    versions = Versions(old, new)
    entries = sorted(_find_entries(versions, about), key=_rank_entry)
    was, now = ({one.identity for one in answer.names.classes} for answer in (old, new))
    limits = ComparisonLimits(
        tuple(find_version_doubts(old, new, [(entry.sources, entry.destinations) for entry in entries])),
        tuple(find_uncompared_gaps(old.unit, new.unit)),
        tuple(find_shifts(old, new, about)),
        tuple(_find_caveats(new, entries)),
        tuple(_find_depending(old, new, entries)),
        not versions.exact,
    )
    undecided = tuple(find_uncompared(old, new))
    return Difference(tuple(entries), frozenset(now - was), frozenset(was - now), undecided, (limits,))


def find_bare_changes(old: ReachResult, new: ReachResult) -> tuple[tuple[BareChange, ...], bool]:
    """What changed without its causes, which cost most of a comparison; and whether all absent pods were compared."""
    versions = Versions(old, new)
    common = CommonNumbering(versions)
    changes = [
        BareChange(common.group(one.sources), common.group(one.destinations), one.old, one.new, versions.named)
        for one in find_changes(common)
    ]
    return tuple(sorted(changes, key=_rank_bare)), versions.exact


def merge_differences(several: Iterable[Difference]) -> Difference:
    """The differences of all units as one."""
    found = list(several)
    return Difference(
        tuple(entry for one in found for entry in one.entries),
        frozenset(peer for one in found for peer in one.added),
        frozenset(peer for one in found for peer in one.removed),
        tuple(item for one in found for item in one.undecided),
        tuple(limits for one in found for limits in one.limits),
    )


def _find_entries(versions: Versions, about: frozenset[Peer] | None) -> Iterator[DiffEntry]:
    common = CommonNumbering(versions)
    causes, alike = Causes(common), AlikeGoverned(common)
    found = [CausedChange(change, tuple(causes.of(change))) for change in map(alike.without, find_changes(common))]
    for change, because in alike.fewer(found):
        groups = common.group(change.sources), common.group(change.destinations)
        anchor = causes.anchor(change, because)
        for ends in parts_about(*groups, about):
            yield DiffEntry(change, *ends, because, anchor, versions.named)


def _find_caveats(answer: ReachResult, entries: Iterable[DiffEntry]) -> Iterator[Caveat]:
    """What the answer about the later version leaves open of workloads and policies that a change is about."""
    entries = list(entries)
    peers = {peer for one in entries for group in (one.sources, one.destinations) for peer in group.workloads}
    concerned: set[object] = {cause.object for one in entries for cause in one.causes}
    concerned |= {one for peer, one in answer.names.workloads.items() if peer.identity in peers}
    yield from (caveat for caveat in answer.caveats if caveat.object in concerned)


def _find_depending(
    old: ReachResult, new: ReachResult, entries: Iterable[DiffEntry]
) -> Iterator[tuple[tuple[Connection, PlacementCondition], ...]]:
    """What connections of the ingress controller that changed depend on, as they are now, else as they were."""
    for entry in entries:
        if entry.sources.controller:
            answer = new if entry.change.new else old
            asked = ConnectionQuery(entry.sources, entry.destinations, entry.change.new or entry.change.old)
            yield tuple(answer.depending(asked))


def _rank_bare(change: BareChange) -> tuple[object, ...]:
    groups = (
        (one.controller, one.workloads, one.addresses, one.absent) for one in (change.sources, change.destinations)
    )
    return (*groups, change.old, change.new)


def _rank_entry(entry: DiffEntry) -> tuple[object, ...]:
    groups = ((one.controller, one.workloads, one.addresses, one.absent) for one in (entry.sources, entry.destinations))
    return (entry.sources.controller, ORDER[entry.change.kind], *groups, entry.change.old, entry.change.new)
