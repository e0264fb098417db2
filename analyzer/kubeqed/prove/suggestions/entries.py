"""Claims that may hold, as entries of a file of intents: whoever judges them keeps those that do.

Of each kind the strongest comes first: for any pod, then for the pods that are shown, then for some namespaces alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from kubeqed.model.intents import READY_MADE
from kubeqed.model.kinds.workload import Workload
from kubeqed.prove.intents.judge import IntentJudge
from kubeqed.prove.repairs.alternatives import write_selector
from kubeqed.reach import Peer, namespace_of
from kubeqed.reach.algebra import ALL, EMPTY, PortSet, display, group_by_protocol, to_cidrs, union
from kubeqed.reach.policies import (
    NAME_LABEL,
    AddressTerm,
    CompiledPolicy,
    CompiledRule,
    PodClass,
    PodTerm,
    Requirements,
    RequirementTerm,
    Tier,
    are_met,
    names_unknown,
)

Entry = dict[str, Any]
MOST_WORKLOADS = 200
_MOST_EXCEPTIONS = 12


class ClaimChoice(NamedTuple):
    """Claims of which the first that holds is suggested; `parts` are those of single namespaces, joined where none does."""

    entries: tuple[Entry, ...]
    parts: tuple[Entry, ...] = ()


def list_ready_made(judges: Iterable[IntentJudge]) -> Iterator[ClaimChoice]:
    """The ready-made claims."""
    spaces = sorted({namespace_of(one) for judge in judges for one in judge.unit.workloads})
    named = [one for one in spaces if display(one) == one][:MOST_WORKLOADS]
    for name in READY_MADE:
        parts = tuple({"use": name, "namespaces": [space]} for space in named) if len(spaces) > 1 else ()
        yield ClaimChoice(({"use": name, "scope": "any-pod"}, {"use": name}), parts)


def list_reaching(judge: IntentJudge) -> Iterator[ClaimChoice]:
    """For each workload that a NetworkPolicy isolates: nobody reaches it but those that its rules name."""
    seen = set()
    for one in judge.classes:
        for endpoint in one.endpoints:
            workload = endpoint.workload
            labels = write_pod_labels(workload)
            key = (namespace_of(workload), tuple(sorted(labels.items())))
            if not labels or key in seen or display(key[0]) != key[0]:
                continue
            seen.add(key)
            exceptions = list(_list_exceptions(judge, one))
            if None not in exceptions and len(exceptions) <= _MOST_EXCEPTIONS and _is_isolated(judge, one):
                known = [entry for entry in exceptions if entry is not None]
                yield _write_choice(workload, labels, known)


def write_pod_labels(workload: Workload) -> dict[str, str]:
    """The labels of its pods that are known."""
    return {key: value for key, value in workload.template.labels.entries.items() if isinstance(value, str)}


def _write_choice(workload: Workload, labels: dict[str, str], exceptions: list[Entry]) -> ClaimChoice:
    peer = Peer(namespace_of(workload), display(str(workload.name)), workload.kind)
    claim = "only what is listed" if exceptions else "nobody"
    entry = {
        "name": f"{claim} reaches {peer}",
        "from": [{"scope": "any-pod"}, "external"],
        "to": {"namespace": namespace_of(workload), "pods": {"matchLabels": labels}},
        "expect": "denied",
        **({"except": exceptions} if exceptions else {}),
    }
    return ClaimChoice((entry, {**entry, "from": ["all", "external"]}))


def _list_exceptions(judge: IntentJudge, one: PodClass) -> Iterator[Entry | None]:
    """What rules of NetworkPolicies allow to pods, a rule each; None for one that cannot be written."""
    for policy in _list_isolating(judge, one):
        for rule in policy.ingress or ():
            ports = union(rule.ports.fixed, one.resolve(rule.ports.names))
            if rule.peers != () and ports != EMPTY:
                yield _write_exception(judge, rule, ports)


def _is_isolated(judge: IntentJudge, one: PodClass) -> bool:
    return any(True for _ in _list_isolating(judge, one))


def _list_isolating(judge: IntentJudge, one: PodClass) -> Iterator[CompiledPolicy]:
    for policy in judge.policies:
        mine = policy.subject.namespace == one.key.namespace and are_met(policy.subject.pods, dict(one.key.labels))
        if policy.tier is Tier.NAMESPACE and policy.ingress is not None and mine and one.key.governed:
            yield policy


def _write_exception(judge: IntentJudge, rule: CompiledRule, ports: PortSet) -> Entry | None:
    ends = [_write_end(judge, term) for term in rule.peers or ()]
    if any(end is None for end in ends):
        return None
    return {**({"from": ends} if ends else {}), **({"ports": write_ports(ports)} if ports != ALL else {})}


def _write_end(judge: IntentJudge, term: PodTerm | AddressTerm) -> Entry | None:
    if isinstance(term, AddressTerm):
        return {"addresses": [*to_cidrs(term.ranges)]}
    if names_unknown(term.pods) or names_unknown(term.namespaces):
        return None
    pods = {"pods": write_selector(term.pods)} if term.pods else {}
    if term.namespace is not None and term.namespace in judge.namespaces:
        return {"namespace": term.namespace, **pods} if display(term.namespace) == term.namespace else None
    spaces: Requirements = term.namespaces
    if term.namespace is not None:
        spaces = (RequirementTerm(NAME_LABEL, "In", (term.namespace,)),)
    return {**({"namespaces": write_selector(spaces)} if spaces else {"namespaces": "any"}), **pods}


def write_ports(ports: PortSet) -> list[str]:
    """Ports as an intent writes them."""
    return [
        f"{protocol}/{low}" if low == high else f"{protocol}/{low}-{high}"
        for protocol, ranges in group_by_protocol(ports)
        for low, high in ranges
    ]
