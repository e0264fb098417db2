"""What a verdict about the policies of a unit does not claim, without Services, entries and lists of connections."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.unit import Unit
from kubeqed.reach.caveats.limits import find_created, find_unplaced_addresses
from kubeqed.reach.caveats.refused import find_refused_policies
from kubeqed.reach.caveats.superseded import find_superseded
from kubeqed.reach.caveats.unmodelled import UnmodelledPolicies, UnmodelledPolicy
from kubeqed.reach.engine.reachability import Reachability
from kubeqed.reach.namespaces import namespace_of
from kubeqed.reach.policy.compiled import Caveat, Direction
from kubeqed.reach.policy.installed_cnis import find_installed_cnis


class PodsAsked(NamedTuple):
    """Whose traffic is asked about at an end: workloads, and whether any pod besides may be meant, in all namespaces or one.

    `outside` says that addresses are meant too.
    """

    workloads: frozenset[Workload] = frozenset()
    any_pod: bool = False
    namespace: str | None = None
    outside: bool = False


class PolicyLimits(NamedTuple):
    """Policies of engines that are not modelled, and what the verdicts leave out or depend on."""

    foreign: tuple[UnmodelledPolicy, ...]
    caveats: tuple[Caveat, ...]

    def doubting(self, source: PodsAsked, destination: PodsAsked, *, passes: bool) -> tuple[UnmodelledPolicy, ...]:
        """The policies that may say otherwise about packets that pass, or about packets that do not."""
        return tuple(
            one
            for one in self.foreign
            if (passes or one.opens)
            and (
                _may_govern(one, "Egress", source, other=destination)
                or _may_govern(one, "Ingress", destination, other=source)
            )
        )


def find_policy_limits(unit: Unit, reach: Reachability) -> PolicyLimits:
    """The limits of a unit, of which `reach` has read the policies."""
    caveats = [
        *reach.policies.caveats,
        *find_unplaced_addresses(reach),
        *find_superseded(unit),
        *find_refused_policies(unit),
        *find_installed_cnis(unit, reach.policies.items, reach.assumptions),
        *find_created(unit),
    ]
    foreign = UnmodelledPolicies(unit, reach.assumptions).every
    return PolicyLimits(foreign, tuple(caveats))


def _may_govern(one: UnmodelledPolicy, direction: Direction, asked: PodsAsked, *, other: PodsAsked) -> bool:
    """Whether a policy may decide about the side of some pods; of pods that nobody shows it is not told which it selects."""
    if one.outside and not other.outside:
        return False
    if not asked.workloads.isdisjoint(one.governs(direction)):
        return True
    where = asked.namespace
    there = where is None or one.object.namespace is None or namespace_of(one.object) == where
    return asked.any_pod and there and direction in one.directions
