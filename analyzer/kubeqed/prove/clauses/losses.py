"""What a CNI loses of policies, line by line, and in which direction each loss goes.

A NetworkPolicy only allows, so what becomes of a lost line follows from what the line does: a lost allowance leaves too
little open, lost isolation too much. Where the sources do not say what a CNI makes of a line, the direction is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import NamedTuple

from kubeqed.model.cni.capabilities import Cni, Degree, Feature, Support
from kubeqed.model.cni.policy_use import PolicyCount, PolicyUse
from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.model.kinds.object import Object
from kubeqed.prove.clauses.policy_engines import Engine
from kubeqed.prove.clauses.support import apply_support
from kubeqed.resolve import Resolver

Used = tuple[Object, PolicyUse | PolicyCount | None]


class LossDirection(Enum):
    """What a loss leaves: connections that the policy forbids, or no connection that it allows."""

    TOO_OPEN = "too open"
    TOO_STRICT = "too strict"
    EITHER = "too open or too strict"
    UNKNOWN = "direction not known"


class Loss(NamedTuple):
    """A line that a CNI does not enforce as written, or may not: `degree` says how far, `note` what the sources say.

    `feature` is the name of the package data, empty for a whole policy.
    """

    object: Object
    path: str
    text: str
    degree: Degree
    direction: LossDirection
    note: str
    feature: str = ""


# What is lost where a feature is ignored, as `reach.policy.networkpolicies` has it: the line, not its policy.
_WITHOUT = {
    Feature.INGRESS: LossDirection.TOO_OPEN,
    Feature.EGRESS: LossDirection.TOO_OPEN,
    Feature.IP_BLOCK: LossDirection.TOO_STRICT,
    Feature.EXCEPT: LossDirection.TOO_STRICT,
    Feature.END_PORT: LossDirection.TOO_STRICT,
    Feature.SCTP: LossDirection.TOO_STRICT,
    Feature.NAMED_PORTS: LossDirection.TOO_OPEN,
}
_ONLY_WHERE_NONE = frozenset((Feature.EXCEPT, Feature.NAMED_PORTS))
"""Of which CNIs that support them in part, or of which no source tells, make different things."""


def ignored_policies(policies: Iterable[Object], degree: Degree, note: str) -> tuple[Loss, ...]:
    """Whole policies that a CNI ignores, or may."""
    losses = []
    for policy in policies:
        direction = LossDirection.TOO_OPEN if isinstance(policy, NetworkPolicy) else _direction_of_actions(policy)
        losses.append(Loss(policy, "metadata.name", "the whole policy", degree, direction, note))
    return tuple(losses)


def find_losses(graph: Resolver, engine: Engine, cni: Cni, used: Sequence[Used]) -> Iterator[Loss]:
    """What a CNI that enforces policies does not enforce of these uses; a use of None is a policy of an administrator."""
    rated: dict[object, tuple[Degree, str]] = {}
    for policy, use in used:
        key = _key_of(policy, use)
        if key not in rated:
            rated[key] = _rate_use(graph, engine, cni, policy, use)
        degree, note = rated[key]
        if degree is Degree.FULL:
            continue
        if use is None:
            yield from ignored_policies((policy,), degree, note)
        elif isinstance(use, PolicyCount):
            yield Loss(policy, use.paths[cni.limits[use.limit]], note, degree, LossDirection.UNKNOWN, "", use.limit)
        else:
            direction = _direction_of(use.feature, degree)
            yield Loss(policy, use.path, use.text, degree, direction, note, use.feature.value)


def supports_asked(cni: Cni, used: Iterable[Used]) -> Iterator[Support]:
    """What the data says of a CNI that matters for some uses."""
    yield cni.enforces
    for policy, use in used:
        if use is None:
            yield cni.supports_kind(policy.kind)
        elif isinstance(use, PolicyUse):
            yield cni.supports(use.feature)


def _key_of(policy: Object, use: PolicyUse | PolicyCount | None) -> object:
    """What the answer about a use depends on: many policies use the same things."""
    if use is None:
        return policy.kind
    if isinstance(use, PolicyCount):
        return use.limit, len(use.paths), use.text
    return use.feature, use.to_all, use.value if isinstance(use.value, str) else ""


def _rate_use(
    graph: Resolver, engine: Engine, cni: Cni, policy: Object, use: PolicyUse | PolicyCount | None
) -> tuple[Degree, str]:
    """How far a CNI supports a use, and what is said of it."""
    if isinstance(use, PolicyCount):
        most = cni.limits.get(use.limit, len(use.paths))
        if len(use.paths) <= most:
            return Degree.FULL, ""
        return Degree.NONE, f"{len(use.paths)} {use.text}, of which it takes at most {most}"
    support = cni.supports_kind(policy.kind) if use is None else cni.supports(use.feature)
    if use is not None:
        support = apply_support(graph, engine, support, use)
    return support.at(engine.version), support.note or (f"since {support.since.text}" if support.since else "")


def _direction_of(feature: Feature, degree: Degree) -> LossDirection:
    if feature in _ONLY_WHERE_NONE and degree is not Degree.NONE:
        return LossDirection.UNKNOWN
    return _WITHOUT.get(feature, LossDirection.UNKNOWN)


def _direction_of_actions(policy: Object) -> LossDirection:
    """A lost Deny leaves too much open; a lost Allow or Pass may leave a NetworkPolicy, or a later rule, to deny."""
    rules = (*getattr(policy, "ingress", ()), *getattr(policy, "egress", ()))
    actions = {rule.action if isinstance(rule.action, str) else "" for rule in rules}
    if actions == {"Deny"}:
        return LossDirection.TOO_OPEN
    return LossDirection.EITHER if actions - {"Allow", "Accept", "Pass"} else LossDirection.TOO_STRICT
