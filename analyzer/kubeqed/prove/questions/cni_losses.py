"""What each CNI makes of the policies of a unit: what it enforces as written, what it loses, and what that changes.

The package data says what a CNI and its versions support. The reach engine says whether a loss opens or closes anything:
it is asked once about the policies as they are written and once as the CNI reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kubeqed.model.cluster import NONE
from kubeqed.model.cni.capabilities import Cni, Degree, Feature, all_profiles
from kubeqed.model.cni.versions import VersionBand, cut_versions
from kubeqed.model.kinds.adminnetworkpolicy import AdminNetworkPolicy
from kubeqed.model.kinds.baselineadminnetworkpolicy import BaselineAdminNetworkPolicy
from kubeqed.model.kinds.clusternetworkpolicy import ClusterNetworkPolicy
from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.model.kinds.object import Object
from kubeqed.prove.clauses.losses import Loss, Used, find_losses, ignored_policies, supports_asked
from kubeqed.prove.clauses.policy_engines import Engine, find_engines, named_engine
from kubeqed.prove.questions.policy_cnis import CniOutcome
from kubeqed.prove.questions.policy_enforced import used_features
from kubeqed.reach import Assumptions, ReachResult, assumptions_of_cluster
from kubeqed.reach.algebra import difference
from kubeqed.reach.differences import BareChange, find_bare_changes
from kubeqed.resolve import Resolver

_POLICIES: tuple[type[Object], ...] = (
    NetworkPolicy,
    AdminNetworkPolicy,
    BaselineAdminNetworkPolicy,
    ClusterNetworkPolicy,
)
_ANY = VersionBand(None, None, None)


class CniEffect(NamedTuple):
    """What losses change of who can reach whom; `exact` is False where not all absent pods could be looked at."""

    opens: tuple[BareChange, ...]
    closes: tuple[BareChange, ...]
    exact: bool


class CniRow(NamedTuple):
    """A CNI in a band of versions. `effect` is None where the sources do not say what becomes of a loss.

    `conditions` say on what its enforcement depends besides. `chosen` says that it is a CNI of this cluster.
    """

    cni: str
    versions: VersionBand
    outcome: CniOutcome
    losses: tuple[Loss, ...]
    conditions: tuple[str, ...] = ()
    effect: CniEffect | None = None
    chosen: Engine | None = None


class CniTable(NamedTuple):
    """All CNIs that are known, those of the cluster first; `engines` are what the user states and the manifests install."""

    policies: tuple[Object, ...]
    rows: tuple[CniRow, ...]
    engines: tuple[Engine, ...]

    @property
    def loses(self) -> bool:
        """Whether the CNI of the cluster loses something: each of its engines, whichever of its profiles it is.

        As `check` has it: support in part, or from a version on, counts as lost where no version is stated; what no source
        tells does not, and neither does enforcement that begins with a version.
        """
        chosen = [self._rows_of(engine) for engine in self.engines]
        return bool(chosen) and all(any(map(_is_lossy, rows)) for found in chosen for rows in found.values())

    def _rows_of(self, engine: Engine) -> dict[str, list[CniRow]]:
        found: dict[str, list[CniRow]] = {}
        for row in self.rows:
            if row.chosen is engine:
                found.setdefault(row.cni, []).append(row)
        return found


def tabulate_cnis(graph: Resolver) -> CniTable:
    """What becomes of the policies of a unit on each CNI; no rows where it has no policies."""
    policies = tuple(item for kind in _POLICIES for item in graph.unit.of(kind))
    engines = find_engines(graph)
    if not policies:
        return CniTable((), (), engines)
    table = _Tabulation(graph, policies)
    rows = [row for cni in all_profiles() for row in table.rows_of(cni, _engine_of(cni, engines))]
    bare = [
        CniRow(NONE, _ANY, CniOutcome.IGNORED, _all_ignored(policies), chosen=one)
        for one in engines
        if not one.profiles
    ]
    rows = [table.with_effect(row) for row in (*bare, *rows)]
    return CniTable(policies, tuple(sorted(rows, key=lambda row: row.chosen is None)), engines)


class _Tabulation:
    """The rows of one unit; what CNIs have in common is worked out once."""

    def __init__(self, graph: Resolver, policies: tuple[Object, ...]) -> None:
        self._graph = graph
        self._policies = policies
        self._used = tuple(_list_uses(policies))
        self._answers: dict[Assumptions, ReachResult] = {}
        self._effects: dict[tuple[Assumptions, Assumptions], CniEffect] = {}

    def rows_of(self, cni: Cni, chosen: Engine | None) -> Iterator[CniRow]:
        """A row for each band of versions that the policies tell apart; for the version of the cluster alone where known."""
        engine = chosen or named_engine(cni.id)
        if engine.version is not None:
            yield self._rate_band(cni, engine, VersionBand(engine.version, engine.version, engine.version), chosen)
            return
        last: CniRow | None = None
        for band in cut_versions(supports_asked(cni, self._used)):
            row = self._rate_band(cni, engine._replace(version=band.sample), band, chosen)
            if last is not None and row._replace(versions=last.versions) != last:
                yield last
            elif last is not None:
                row = row._replace(versions=band._replace(start=last.versions.start))
            last = row
        if last is not None:
            yield last

    def with_effect(self, row: CniRow) -> CniRow:
        """The row with what its losses change, as far as the engine knows what the CNI makes of them."""
        lost = frozenset(one.feature or one.object.kind for one in row.losses if one.degree is Degree.NONE)
        read = assumptions_of_cluster(self._graph.cluster, row.cni)
        written = read._replace(enforced=True, lacking=frozenset())
        if row.outcome is CniOutcome.IGNORED:
            written = written._replace(pods_by_address=False)  # which a CNI without policies says nothing about
            return row._replace(effect=self._compare_effects(written, written._replace(enforced=False)))
        if not lost or not lost <= _FOLLOWED:
            return row
        return row._replace(effect=self._compare_effects(written, written._replace(lacking=lost)))

    def _rate_band(self, cni: Cni, engine: Engine, band: VersionBand, chosen: Engine | None) -> CniRow:
        degree, note = _rate_enforcement(cni, engine)
        if degree is Degree.NONE:
            return CniRow(
                cni.id, band, CniOutcome.IGNORED, ignored_policies(self._policies, degree, note), (), None, chosen
            )
        if degree is Degree.FULL:
            losses = tuple(find_losses(self._graph, engine, cni, self._used))
        else:  # where it is not known whether policies are obeyed at all, their lines say no more
            losses = ignored_policies(self._policies, degree, note)
        return CniRow(cni.id, band, _outcome_of(losses), losses, tuple(_list_conditions(cni, engine)), None, chosen)

    def _compare_effects(self, written: Assumptions, read: Assumptions) -> CniEffect:
        key = (written, read)
        if key not in self._effects:
            changes, exact = find_bare_changes(self._make_answer(written), self._make_answer(read))
            opens = tuple(one for one in changes if difference(one.new, one.old))
            closes = tuple(one for one in changes if difference(one.old, one.new))
            self._effects[key] = CniEffect(opens, closes, exact)
        return self._effects[key]

    def _make_answer(self, assumptions: Assumptions) -> ReachResult:
        if assumptions not in self._answers:
            self._answers[assumptions] = ReachResult(self._graph.unit, assumptions)
        return self._answers[assumptions]


_FOLLOWED = frozenset(
    (
        *(one.value for one in Feature if one not in (Feature.INGRESS, Feature.MATCH_EXPRESSIONS)),
        *(kind.__name__ for kind in _POLICIES),
    )
)
"""The losses of which the reach engine knows what a CNI makes: those of `Assumptions.lacking`."""

_OUTCOMES = (
    (CniOutcome.IN_PART, {Degree.NONE, Degree.PARTIAL}),
    (CniOutcome.UNKNOWN, {Degree.UNKNOWN}),
    (CniOutcome.BY_VERSION, {Degree.BY_VERSION}),
)


def _list_uses(policies: Iterable[Object]) -> Iterator[Used]:
    for policy in policies:
        if isinstance(policy, NetworkPolicy):
            yield from ((policy, use) for use in used_features(policy))
        else:
            yield policy, None


def _engine_of(cni: Cni, engines: tuple[Engine, ...]) -> Engine | None:
    return next((engine for engine in engines if cni.id in engine.profiles), None)


def _rate_enforcement(cni: Cni, engine: Engine) -> tuple[Degree, str]:
    """Whether a CNI enforces policies at all, and what is said of it."""
    degree, note = cni.enforces.at(engine.version), cni.enforces.note or cni.supports(Feature.INGRESS).note
    off = engine.detected.off if engine.detected else None
    if off is None or degree is Degree.NONE:
        return degree, note
    return (Degree.NONE, off.what) if off.on is True else (Degree.UNKNOWN, f"it may be switched off: {off.what}")


def _outcome_of(losses: Iterable[Loss]) -> CniOutcome:
    """The worst that becomes of a line."""
    degrees = {loss.degree for loss in losses}
    return next((outcome for outcome, worse in _OUTCOMES if degrees & worse), CniOutcome.HOLD)


def _list_conditions(cni: Cni, engine: Engine) -> Iterator[str]:
    """What the sources say of enforcement that does take place."""
    ingress = cni.supports(Feature.INGRESS)
    for support in (cni.enforces._replace(note="" if cni.enforces.since else cni.enforces.note), ingress):
        if support.note and support.at(engine.version) is Degree.FULL:
            yield support.note


def _all_ignored(policies: tuple[Object, ...]) -> tuple[Loss, ...]:
    return ignored_policies(policies, Degree.NONE, "the cluster has no CNI")


def _is_lossy(row: CniRow) -> bool:
    """Whether a row of the cluster's CNI is one that a check should fail for."""
    every = row.versions.start == row.versions.end  # one version, or all of them
    return row.outcome is CniOutcome.IN_PART or (row.outcome is CniOutcome.IGNORED and every)
