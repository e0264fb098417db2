"""Whether an engine supports what a policy uses, profile by profile, as far as the data says what decides."""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.cni.capabilities import POD_ADDRESSES, Cni, Degree, Support, load_profile
from kubeqed.model.cni.policy_use import PolicyCount, PolicyUse
from kubeqed.prove.clauses.policy_engines import Engine, enforcing_profiles, find_support
from kubeqed.prove.engine.formula import And, Fact, Formula, Holds
from kubeqed.resolve import Resolver
from kubeqed.resolve.cni.settings import surest_setting


class Shortfall(NamedTuple):
    """How an engine falls short, as the predicate of a sentence about the policy, and the path of the field at fault."""

    predicate: str
    path: str


def support_of(
    graph: Resolver, engine: Engine, use: PolicyUse | PolicyCount
) -> tuple[dict[str, Formula], Shortfall | None]:
    """For each profile of an engine that may enforce policies that it supports the use, and the first shortfall."""
    formulas: dict[str, Formula] = {}
    first: Shortfall | None = None
    for name in enforcing_profiles(engine):
        if isinstance(use, PolicyCount):
            formulas[name], shortfall = _count_formula(load_profile(name), use)
        else:
            support = apply_support(graph, engine, load_profile(name).supports(use.feature), use)
            formulas[name], reason = find_support(engine, load_profile(name), support, use.text)
            shortfall = Shortfall(f"uses {use.text}, which {reason}", use.path) if reason else None
        first = first or shortfall
    return formulas, first


def degree_of(graph: Resolver, engine: Engine, cni: Cni, use: PolicyUse | PolicyCount) -> Degree:
    """How far a profile of an engine supports a use: in part where that may concern the use, by version where one may."""
    if isinstance(use, PolicyCount):
        return Degree.NONE if len(use.paths) > cni.limits.get(use.limit, len(use.paths)) else Degree.FULL
    whole = cni.supports(use.feature)
    support = apply_support(graph, engine, whole, use)
    degree = support.at(engine.version)
    if degree is not Degree.UNKNOWN:
        return degree
    by_version = support.degree is Degree.FULL and support.since is not None
    return Degree.BY_VERSION if by_version else whole.degree


def _count_formula(cni: Cni, count: PolicyCount) -> tuple[Formula, Shortfall | None]:
    """That a policy has no more of something than a CNI allows, and what it lacks if not."""
    most = cni.limits.get(count.limit)
    if most is None or len(count.paths) <= most:
        return And(()), None
    text = f"{len(count.paths)} {count.text}, of which {cni.id} takes at most {most}"
    return Holds(Fact(False, text, None)), Shortfall(f"has {text}", count.paths[most])


def apply_support(graph: Resolver, engine: Engine, support: Support, use: PolicyUse) -> Support:
    """The support that counts for one use: full where what makes it partial does not concern the use."""
    if support.needs is not None:
        workloads = engine.detected.workloads if engine.detected else ()
        seen = surest_setting(graph.unit, (support.needs,), workloads)
        return _make_full(support) if seen is not None and seen.on is True else support
    concerned = _concerns_use(graph, support.when, use)
    if concerned is None:
        return support._replace(degree=Degree.UNKNOWN)
    return support if concerned else _make_full(support)


def _make_full(support: Support) -> Support:
    return support._replace(degree=Degree.FULL, note="")


def _concerns_use(graph: Resolver, when: str, use: PolicyUse) -> bool | None:
    """Whether a use is one of those that partial support fails; None when that cannot be told."""
    if when == POD_ADDRESSES:
        return _names_pods(graph, use.value)
    return {"never": False, "egress-to-all": use.to_all}.get(when, True)


def _names_pods(graph: Resolver, block: object) -> bool | None:
    """Whether a block lies inside the pod network; None when that is not known, or it only overlaps."""
    pods = graph.cluster.pod_cidr
    if pods is None or not isinstance(block, str):
        return None
    from ipaddress import IPv4Network, IPv6Network, ip_network  # only who states a pod network pays for it

    try:
        inner, outer = ip_network(block, strict=False), ip_network(pods.value, strict=False)
    except ValueError:
        return None
    if isinstance(inner, IPv4Network) and isinstance(outer, IPv4Network):
        return True if inner.subnet_of(outer) else None if inner.overlaps(outer) else False
    if isinstance(inner, IPv6Network) and isinstance(outer, IPv6Network):
        return True if inner.subnet_of(outer) else None if inner.overlaps(outer) else False
    return False
