"""CNIs that the manifests install while none is named: the answer is the specification's, and they may read policies otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.model.cni.capabilities import ADMIN_KINDS, Degree, Role, load_profile
from kubeqed.model.units.unit import Unit
from kubeqed.reach.policy.assumptions import SPECIFICATION, Assumptions, assumptions_of_cni
from kubeqed.reach.policy.compiled import Caveat, CompiledPolicy
from kubeqed.resolve.cni.detected import Detected, detect_cnis


def find_installed_cnis(unit: Unit, policies: tuple[CompiledPolicy, ...], assumptions: Assumptions) -> Iterator[Caveat]:
    """A caveat for each CNI that the unit installs and that would change the answer about its policies."""
    if assumptions.named or not policies:
        return
    found = [one for one in detect_cnis(unit) if not one.weak and one.role is not Role.META]
    all_ignore = all(_ignores_policies(one) for one in found)
    for one in found:
        name = " or ".join(one.profiles)
        how = f"the answer is the specification's; --cni {one.profiles[0]}, or cluster.cni in kubeqed.yaml, asks for that of"
        if _ignores_policies(one) and all_ignore:
            yield Caveat(one.item, one.path, f"it shows {name}, which ignores NetworkPolicies: {how} {one.profiles[0]}")
        elif not _ignores_policies(one) and any(_differs_from_specification(other, policies) for other in one.profiles):
            yield Caveat(one.item, one.path, f"it shows {name}: {how} {one.profiles[0]}")


def assume_installed(unit: Unit, assumptions: Assumptions) -> Assumptions:
    """The assumptions for a named CNI; where it obeys no policies, those for an engine of the unit that does."""
    if assumptions.enforced:
        return assumptions
    found = [
        one for one in detect_cnis(unit) if not (one.weak or one.role is Role.META or one.off or len(one.profiles) > 1)
    ]
    engines = [
        one.profiles[0] for one in found if load_profile(one.profiles[0]).enforces.at(one.version) is Degree.FULL
    ]
    if not engines:
        return assumptions
    installed = assumptions_of_cni(engines[0])
    return assumptions._replace(enforced=True, pods_by_address=installed.pods_by_address, lacking=installed.lacking)


def _ignores_policies(one: Detected) -> bool:
    """Whether it enforces nothing, or is told not to."""
    switched_off = one.off is not None and one.off.on is True
    return switched_off or all(load_profile(name).enforces.at(one.version) is Degree.NONE for name in one.profiles)


def _differs_from_specification(name: str, policies: tuple[CompiledPolicy, ...]) -> bool:
    """Whether a CNI reads policies otherwise; that it does not read a kind of which there is none makes no difference."""
    absent = ADMIN_KINDS.keys() - {policy.object.kind for policy in policies}
    found = assumptions_of_cni(name)
    return found._replace(lacking=found.lacking - absent) != SPECIFICATION._replace(named=True)
