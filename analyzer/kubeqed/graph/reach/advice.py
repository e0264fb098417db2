"""The one edit that would change an answer: the smallest change of the nearest rule, or a rule where there is none."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from kubeqed.graph.reach.addresses import cidrs
from kubeqed.graph.reach.compiled import Policy, Tier
from kubeqed.graph.reach.explain import Explanation, Hit, Side
from kubeqed.graph.reach.namespaces import NAME_LABEL
from kubeqed.graph.reach.ports import ALL, PortSet, by_protocol, difference, intersection, text
from kubeqed.graph.reach.reachability import Reachability
from kubeqed.graph.reach.terms import plain
from kubeqed.model.object import Object
from kubeqed.model.workload import Workload


class Edit(NamedTuple):
    """A change, and the object and path where it is made; no object where a new one is needed."""

    object: Object | None
    path: str
    text: str


class Pair(NamedTuple):
    """The nodes of a question, and how both are called."""

    source: int
    destination: int
    source_text: str
    destination_text: str
    source_item: Workload | None = None
    destination_item: Workload | None = None


def edits(reach: Reachability, pair: Pair, found: Explanation, asked: PortSet) -> list[Edit]:
    """What would open the asked ports that are closed; what would close them when all are open."""
    closed = difference(asked, found.allowed)
    if closed:
        sides = [side for side in (found.egress, found.ingress) if difference(closed, side.allowed) == closed]
        sides = sides or [side for side in (found.egress, found.ingress) if difference(closed, side.allowed)]
        return [_opening(reach, pair, side, difference(closed, side.allowed)) for side in sides]
    sides = [side for side, number in _sides(pair, found) if number < len(reach.classes)]
    closings = [_closing(reach, pair, side, asked) for side in sides]
    return sorted(closings, key=lambda one: one.object is None)[:1]


def _sides(pair: Pair, found: Explanation) -> list[tuple[Side, int]]:
    return [(found.ingress, pair.destination), (found.egress, pair.source)]


def _opening(reach: Reachability, pair: Pair, side: Side, closed: PortSet) -> Edit:
    """The change of one side that opens the closed ports."""
    for policy, hit in side.hits():
        if policy.tier is not Tier.NAMESPACE and hit.rule.action == "Deny" and intersection(hit.decided, closed):
            change = "make its action Pass, or put a rule that allows this before it"
            return Edit(policy.object, f"{hit.rule.path}.action", change)
    spoken = [(policy, hit) for policy, hit in side.hits() if policy.tier is Tier.NAMESPACE]
    near = next(((policy, hit) for policy, hit in spoken if hit.peer), None)
    if near is not None:
        policy, hit = near
        return Edit(policy.object, f"{hit.rule.path}.ports", f"add {_ports_yaml(closed)} to its ports")
    peer = _peer_yaml(reach, pair, side)
    key = "from" if side.direction == "Ingress" else "to"
    near = next(((policy, hit) for policy, hit in spoken if not difference(closed, _asked(hit))), None)
    if near is not None:
        return Edit(near[0].object, f"{near[1].rule.path}.{key}", f"add {peer} to its {key}")
    policy = _most_specific([judged.policy for judged in side.judgements if judged.policy.tier is Tier.NAMESPACE])
    ports = "" if closed == ALL else f", ports: {_ports_yaml(closed)}"
    path = f"spec.{side.direction.lower()}"
    return Edit(policy.object, path, f"add the rule {{{key}: [{peer}]{ports}}} to its {side.direction.lower()}")


def _closing(reach: Reachability, pair: Pair, side: Side, asked: PortSet) -> Edit:
    """The change of one side that closes the asked ports."""
    allowing = [(policy, hit) for policy, hit in side.hits() if _opens(hit, asked)]
    if len(allowing) == 1 and not intersection(side.defaulted, asked):
        policy, hit = allowing[0]
        whole = hit.rule.ports.fixed != ALL and not difference(hit.decided, asked)
        change = "remove this rule" if whole else f"restrict this rule: nothing else allows {text(asked)}"
        if whole and _isolates_by_rule(policy, side):
            change += ", and state policyTypes [Ingress, Egress], as without a rule it would no longer isolate egress"
        return Edit(policy.object, hit.rule.path, change)
    subject = pair.destination if side.direction == "Ingress" else pair.source
    name = pair.destination_text if side.direction == "Ingress" else pair.source_text
    if not allowing:
        selector = _labels_yaml(pair.destination_item if side.direction == "Ingress" else pair.source_item)
        namespace = plain(reach.classes[subject].key.namespace)
        new = f"{{podSelector: {selector}, policyTypes: [{side.direction}]}}"
        return Edit(None, "", f"add a NetworkPolicy to namespace {namespace} with spec {new}: nothing isolates {name}")
    first = allowing[0]
    count = len(allowing)
    return Edit(
        None, "", f"each of the {count} rules that allow it would have to go, the first of them in {first[0].object}"
    )


def _isolates_by_rule(policy: Policy, side: Side) -> bool:
    """Whether the last egress rule of a policy without policyTypes is what isolates a pod at all."""
    alone = not any(one.policy is not policy and one.policy.tier is Tier.NAMESPACE for one in side.judgements)
    stated = policy.object.holds("spec.policyTypes[0]")
    return side.direction == "Egress" and alone and not stated and len(policy.egress or ()) == 1


def _opens(hit: Hit, asked: PortSet) -> bool:
    return hit.rule.action == "Allow" and bool(intersection(hit.decided, asked))


def _asked(hit: Hit) -> PortSet:
    return hit.rule.ports.fixed


def _most_specific(policies: list[Policy]) -> Policy:
    """The policy that selects by most labels, which is the one made for this workload."""
    return max(policies, key=lambda policy: (len(policy.subject.pods), policy.ingress != (), policy.egress != ()))


def _peer_yaml(reach: Reachability, pair: Pair, side: Side) -> str:
    """The other side as a peer of a rule."""
    other = pair.source if side.direction == "Ingress" else pair.destination
    if other >= len(reach.classes):
        return f"{{ipBlock: {{cidr: {next(cidrs((reach.index.range_of(other),)))}}}}}"
    subject = pair.destination if side.direction == "Ingress" else pair.source
    pods = f"podSelector: {_labels_yaml(pair.source_item if side.direction == 'Ingress' else pair.destination_item)}"
    namespace = reach.classes[other].key.namespace
    if namespace == reach.classes[subject].key.namespace:
        return f"{{{pods}}}"
    return f"{{namespaceSelector: {{matchLabels: {{{NAME_LABEL}: {plain(namespace)}}}}}, {pods}}}"


def _labels_yaml(workload: Workload | None) -> str:
    """A selector of a workload by all the labels of its template that are known."""
    entries = workload.template.labels.entries.items() if workload is not None else ()
    shown = [f"{key}: {_scalar(value)}" for key, value in entries if isinstance(value, str)]
    return f"{{matchLabels: {{{', '.join(shown)}}}}}" if shown else "{}"


def _scalar(value: str) -> str:
    return value if value.isidentifier() or value.replace("-", "a").isalpha() else json.dumps(value)


def _ports_yaml(ports: PortSet) -> str:
    return f"[{', '.join(_port_entries(ports))}]"


def _port_entries(ports: PortSet) -> Iterable[str]:
    for protocol, ranges in by_protocol(ports):
        for low, high in ranges:
            if (low, high) == (1, 65535):
                yield f"{{protocol: {protocol}}}"
            elif low == high:
                yield f"{{protocol: {protocol}, port: {low}}}"
            else:
                yield f"{{protocol: {protocol}, port: {low}, endPort: {high}}}"
