"""Whether policies let an ingress controller through to the pods that Ingresses, Routes and Gateways lead to.

A controller that no manifest shows is known by its class: the labels of its pods are those of its usual installation.
"""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.diagnostic import Certainty, list_some
from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.parse import Mapping, Place, Sequence, Unknown, Value
from kubeqed.prove.clauses.traffic import choose_policy, decide_denial, limit_of_denial, place_of_denial, traffic_of
from kubeqed.prove.engine.answer import Answer
from kubeqed.prove.questions.policy_pods import PeerSelectsPods
from kubeqed.reach import CompiledPolicy, CompiledRule, CutOff, find_blocked_entries
from kubeqed.resolve import Resolver


class BlockedController(NamedTuple):
    """Denials that one place puts right: `policy` denies what `sender` sends to `pods`; `entries` lead there."""

    policy: str
    sender: str
    pods: str
    place: Place
    answer: Answer
    at_most: Certainty | None
    related: tuple[tuple[Place, str], ...]


def find_blocked_controllers(graph: Resolver) -> tuple[BlockedController, ...]:
    """What policies deny to ingress controllers, the denials of one place as one."""
    by_place: dict[Place, list[CutOff]] = {}
    for cut in find_blocked_entries(traffic_of(graph)):
        if any(_is_said_of_peers(graph, *one) for one in cut.meant):
            continue
        by_place.setdefault(place_of_denial(cut, "Ingress"), []).append(cut)
    return tuple(_describe_controller(graph, place, several) for place, several in by_place.items())


def _is_said_of_peers(graph: Resolver, policy: CompiledPolicy, rule: CompiledRule) -> bool:
    """Whether a rule that seems to be meant has a peer that matches nothing by mistake, which is said of the peer."""
    item = policy.object
    return isinstance(item, NetworkPolicy) and any(
        PeerSelectsPods(item, peer).answer(graph).is_likely_a_mistake
        for one in item.ingress
        if one.path == rule.path
        for peer in one.peers
    )


def _describe_controller(graph: Resolver, place: Place, several: list[CutOff]) -> BlockedController:
    first = several[0]
    entries = [one.entry for one in several if one.entry is not None]
    sender, shown = _name_sender(first)
    pods = list_some(list(dict.fromkeys(str(one.endpoint.workload) for one in several)), 3)
    text = f"no policy for {first.endpoint.workload} allows what {sender} sends"
    leading = {entry.object.at(entry.path): f"{entry.object} leads there" for entry in entries}
    return BlockedController(
        str(choose_policy(first, "Ingress").object),
        sender,
        pods,
        place,
        Answer(decide_denial(graph, text, place)),
        _limit_certainty(graph, first, shown=shown),
        tuple(leading.items()),
    )


def _limit_certainty(graph: Resolver, cut: CutOff, *, shown: bool) -> Certainty | None:
    """The highest certainty: what stands elsewhere may allow it, and a controller that no manifest shows may be another."""
    elsewhere = limit_of_denial(graph, cut.endpoint.workload)
    if shown or elsewhere is not None:
        return elsewhere
    return Certainty.POSSIBLE if _may_be_on_hosts(graph, cut) else Certainty.LIKELY


def _may_be_on_hosts(graph: Resolver, cut: CutOff) -> bool:
    """Whether what installs a chart of one of the controllers that may send puts it on the host network."""
    names = [one.id for one in cut.entry.origin.candidates] if cut.entry is not None else []
    installing = (item for item in graph.input.objects if item.kind in _INSTALLING)
    return any(_is_on_hosts(item.identity.root) and _mentions_name(item.identity.root, names) for item in installing)


_INSTALLING = frozenset({"HelmRelease", "Application", "HelmChart", "HelmChartConfig", "Addon"})


def _is_on_hosts(node: Value) -> bool:
    """Whether `hostNetwork` is, or may be, set anywhere in a value tree."""
    if isinstance(node, Sequence):
        return any(map(_is_on_hosts, node))
    if not isinstance(node, Mapping):
        return False
    stated = node.get("hostNetwork")
    return isinstance(stated, Unknown) or stated is True or any(map(_is_on_hosts, node.values()))


def _mentions_name(node: Value, names: list[str]) -> bool:
    """Whether a text of a value tree holds one of some names."""
    if isinstance(node, str):
        return any(name in node for name in names)
    if isinstance(node, Mapping | Sequence):
        return any(_mentions_name(child, names) for child in (node.values() if isinstance(node, Mapping) else node))
    return False


def _name_sender(cut: CutOff) -> tuple[str, bool]:
    """The controller in words, and whether the manifests show it."""
    entry = cut.entry
    if entry is None:
        return "the ingress controller", False
    if entry.sources:
        return f"the ingress controller {entry.sources[0].workload}", True
    usual = [
        f"{', '.join(f'{key}={value}' for key, value in place.labels[-1:])} in {place.namespace}"
        for controller in entry.origin.candidates
        for place in controller.places[:1]
    ]
    names = " or ".join(controller.id for controller in entry.origin.candidates)
    return f"the ingress controller {names} (usually pods with {' or '.join(usual)})", False
