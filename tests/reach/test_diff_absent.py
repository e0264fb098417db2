"""The difference of two versions against packets of pods that neither shows, judged one by one in both.

A pod is added to both versions. Wherever a packet from it or to it passes in one version and not in the other, the
difference says so; and it says nothing of absent pods that no added pod shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.reach.brute import Cluster, Packet
from tests.reach.clusters import (
    KEYS,
    NUMBERS,
    PROTOCOLS,
    SPACES,
    VALUES,
    adminpolicies,
    labels,
    networkpolicies,
    pods,
    space_labels,
)
from tests.reach.world import unit_of_objects

from kubeqed.reach.algebra.addresses import format_address
from kubeqed.reach.algebra.ports import difference as ports_without
from kubeqed.reach.algebra.ports import intersection, make_ports
from kubeqed.reach.algebra.terms import Spelling
from kubeqed.reach.algebra.tokens import OTHER, display
from kubeqed.reach.peer import Group, Representative
from kubeqed.reach.query.absent.pods import AbsentPod
from kubeqed.reach.query.answer import ReachResult
from kubeqed.reach.query.diff.difference import DiffEntry, Difference, find_difference
from kubeqed.reach.query.diff.versions import Versions

Manifest = dict[str, Any]

NAMED = {"http": 7001, "dns": 7003}  # where added pods have the ports that rules name
ASKED = (*NUMBERS, 444, *NAMED.values())
OUTSIDE = ("10.1.7.7", "198.51.100.1")
UNSEEN = "198.51.99.99"  # in no block but that of all addresses


class Case:
    """Both versions, the pods that both or one shows, and what both say of them."""

    def __init__(self, old: list[Manifest], new: list[Manifest]) -> None:
        self.versions = (old, new)
        self.shown = {item["metadata"]["name"] for version in self.versions for item in version if _is_pod(item)}

    def __repr__(self) -> str:
        return f"old: {self.versions[0]}\nnew: {self.versions[1]}"

    def judges(self, added: list[Manifest]) -> tuple[Cluster, Cluster]:
        spaces = [item for item in added if item["kind"] == "Namespace"]
        old, new = (Cluster([*version, *spaces], blocks_match_pods=False) for version in self.versions)
        return old, new

    def pod(self, name: str) -> tuple[Manifest | None, Manifest | None]:
        found = [[item for item in version if item["metadata"]["name"] == name] for version in self.versions]
        return (found[0][0] if found[0] else None), (found[1][0] if found[1] else None)


def _is_pod(item: Manifest) -> bool:
    return bool(item["kind"] == "Pod")


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A cluster and a later version: other policies, now and then other labels of a pod or a namespace, one pod less."""
    spaces = [_space(name, draw(space_labels)) for name in SPACES[:2]]
    later = [
        _space(one["metadata"]["name"], draw(space_labels)) if draw(st.integers(0, 4)) == 0 else one for one in spaces
    ]
    some = draw(pods())
    changed = [_relabelled(one, draw(labels)) if draw(st.integers(0, 5)) == 0 else one for one in some]
    kept = changed[1:] if draw(st.integers(0, 5)) == 0 else changed
    policies, admin = draw(networkpolicies()), draw(adminpolicies())
    others = draw(networkpolicies()) if draw(st.booleans()) else policies[1:]
    managed = draw(adminpolicies()) if draw(st.integers(0, 2)) == 0 else admin
    return Case([*spaces, *some, *policies, *admin], [*later, *kept, *others, *managed])


def _space(name: str, worn: dict[str, str]) -> Manifest:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": worn}}


def _relabelled(item: Manifest, worn: dict[str, str]) -> Manifest:
    return {**item, "metadata": {**item["metadata"], "labels": worn}}


def _added(name: str, namespace: str, worn: dict[str, str]) -> Manifest:
    declared = [
        {"name": port, "containerPort": number, "protocol": protocol}
        for port, number in NAMED.items()
        for protocol in PROTOCOLS
    ]
    metadata = {"name": name, "namespace": namespace, "labels": worn}
    spec = {"containers": [{"name": "c", "image": "x", "ports": declared}]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec, "status": {"podIP": UNSEEN}}


worn_labels = st.dictionaries(st.sampled_from(KEYS), st.sampled_from((*VALUES, "fresh")), max_size=2)
new_spaces = st.dictionaries(st.sampled_from(("env", "team")), st.sampled_from(("a", "b", "fresh")), max_size=2)
added = st.tuples(st.sampled_from((*SPACES, "new")), worn_labels)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(cases(), new_spaces, added, added)
def test_what_an_added_pod_shows_is_said(
    case: Case, space: dict[str, str], one: tuple[str, dict[str, str]], other: tuple[str, dict[str, str]]
) -> None:
    pair = [_added("a1", *one), _added("a2", *other)]
    judges = case.judges([_space("new", space)])
    versions, found = _difference(case)
    assert versions.exact
    for source, target in _pairs(case, pair):
        for protocol, port in product(PROTOCOLS, ASKED):
            was, now = (_passes(judges[at], source[at], target[at], protocol, port) for at in (0, 1))
            if was != now:
                known = (source, target, protocol, port, now)
                said = any(_says(entry, versions, judges, space, known) for entry in found.entries)
                assert said or any(_tells(entry, judges, known) for entry in found.entries), known


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(cases())
def test_what_is_said_of_absent_pods_an_added_pod_shows(case: Case) -> None:
    versions, found = _difference(case)
    spaces = [_space(_plain(name), worn) for name, worn in versions.spaces.items()]
    judges = case.judges(spaces)
    pods_of = [_concrete(at, one) for at, one in enumerate(versions.absent)]
    for entry in found.entries:
        for mine, theirs, forward in (
            (entry.sources, entry.destinations, True),
            (entry.destinations, entry.sources, False),
        ):
            for representative in mine.absent:
                ones = [pod for pod in pods_of if _means(representative, pod, _worn(pod, case, versions, spaces))]
                others = list(_members(case, theirs, pods_of, versions, spaces))
                assert any(
                    _shows(judges, entry, versions, (pod, pod) if forward else other, other if forward else (pod, pod))
                    for pod in ones
                    for other in others
                ), (representative, entry)


def _difference(case: Case) -> tuple[Versions, Difference]:
    old, new = (ReachResult(unit_of_objects(version)) for version in case.versions)
    return Versions(old, new), find_difference(old, new)


def _pairs(case: Case, pair: list[Manifest]) -> Iterator[tuple[Any, Any]]:
    """Pairs of ends, each with what it is in either version, one of them an added pod at least."""
    one, other = ((pod, pod) for pod in pair)
    yield one, other
    for end in [*map(case.pod, sorted(case.shown)), *((address, address) for address in OUTSIDE)]:
        yield one, end
        yield end, one


def _passes(judge: Cluster, source: Any, target: Any, protocol: str, port: int) -> bool:
    return source is not None and target is not None and judge.passes(Packet(source, target, protocol, port))


def _says(
    entry: DiffEntry, versions: Versions, judges: tuple[Cluster, Cluster], space: dict[str, str], known: Any
) -> bool:
    source, target, protocol, port, won = known
    changed = (
        ports_without(entry.change.new, entry.change.old) if won else ports_without(entry.change.old, entry.change.new)
    )
    number = _number(versions, target, port)
    if not intersection(changed, make_ports(protocol, number, number)):
        return False
    return _holds(entry.sources, source, judges, space, "egress") and _holds(
        entry.destinations, target, judges, space, "ingress"
    )


def _tells(entry: DiffEntry, judges: tuple[Cluster, Cluster], known: Any) -> bool:
    """Whether an entry says it of other pods that a policy governs, which changed and governs the added pod too."""
    source, target, _, _, won = known
    one, other = (entry.change.new, entry.change.old) if won else (entry.change.old, entry.change.new)
    causes = {(cause.object.kind, cause.object.name) for cause in entry.causes}
    return bool(ports_without(one, other)) and any(
        (policy["kind"], policy["metadata"]["name"]) in causes
        for judge, at in zip(judges, (0, 1), strict=True)
        for end, way in ((source[at], "egress"), (target[at], "ingress"))
        if isinstance(end, dict) and end["metadata"]["name"].startswith("a")
        for policy in [*judge.policies, *judge.admin, *judge.baseline]
        if _selects(judge, policy, end, way)
    )


def _holds(group: Group, end: Any, judges: tuple[Cluster, Cluster], space: dict[str, str], way: str) -> bool:
    """Whether a group names an end: by its name, by what selects it, or an added pod by a pod that is governed like it."""
    item = end[0] or end[1]
    if isinstance(item, str):
        return bool(group.addresses)
    worn = judges[0]._space(item), judges[1]._space(item)
    if any(_means(one, item, worn) for one in group.absent):
        return True
    if not item["metadata"]["name"].startswith("a"):
        return any(peer.name == item["metadata"]["name"] for peer in group.workloads)
    return any(_is_like(judges, item, peer.name, way) for peer in group.workloads)


def _is_like(judges: tuple[Cluster, Cluster], item: Manifest, name: str, way: str) -> bool:
    """Whether a pod that is shown is governed like an added one, or meant by the same selectors."""
    ends = [next((pod for pod in judge.pods if pod["metadata"]["name"] == name), None) for judge in judges]
    if None in ends:
        return False
    mine, theirs = _governing(judges, item, item, way), _governing(judges, ends[0], ends[1], way)
    same = [_meant(judge, item) == _meant(judge, pod) for judge, pod in zip(judges, ends, strict=True)]
    return (any(mine) and mine == theirs) or all(same)


def _meant(judge: Cluster, pod: Any) -> list[bool]:
    """Which subjects and peers of all policies mean a pod."""
    found = []
    for policy in judge.policies:
        found += [_selects(judge, policy, pod, way) for way in ("ingress", "egress")]
        peers = [
            peer
            for way, key in (("ingress", "from"), ("egress", "to"))
            for rule in policy["spec"].get(way) or []
            for peer in rule.get(key) or []
        ]
        found += [judge._peer(policy, peer, pod) for peer in peers]
    for policy in [*judge.admin, *judge.baseline]:
        found.append(judge._of(policy["spec"]["subject"], pod))
        rules = [rule for way in ("ingress", "egress") for rule in policy["spec"].get(way) or []]
        found += [judge._admin_peer(peer, pod) for rule in rules for peer in rule.get("from") or rule.get("to") or []]
    return found


def _governing(judges: tuple[Cluster, Cluster], old: Any, new: Any, way: str) -> Any:
    return tuple(
        tuple(
            at
            for at, policy in enumerate([*judge.policies, *judge.admin, *judge.baseline])
            if _selects(judge, policy, pod, way)
        )
        for judge, pod in zip(judges, (old, new), strict=True)
    )


def _selects(judge: Cluster, policy: Manifest, pod: Manifest, way: str) -> bool:
    if policy["kind"] == "NetworkPolicy":
        return judge._isolates(policy, pod, way)
    return judge._of(policy["spec"]["subject"], pod)


def _means(one: Representative, pod: Manifest, spaces: tuple[dict[str, str], ...]) -> bool:
    in_space = any(_meets(one.namespaces, worn) for worn in spaces)
    return in_space and _meets(one.pods, pod["metadata"].get("labels", {}))


def _meets(said: Spelling, worn: dict[str, str]) -> bool:
    asked = all(worn.get(key) == value for key, value in said.labels)
    return asked and all(one.met(worn) for one in said.expressions)


def _plain(name: str) -> str:
    return display(name).replace(" ", "-")


def _concrete(number: int, one: AbsentPod) -> Manifest:
    worn = {key: "fresh" if value == OTHER else value for key, value in one.labels}
    return _added(f"a{number}", _plain(one.namespace), worn)


def _worn(pod: Manifest, case: Case, versions: Versions, spaces: list[Manifest]) -> tuple[dict[str, str], ...]:
    return tuple(judge._space(pod) for judge in case.judges(spaces))


def _members(
    case: Case, group: Group, pods_of: list[Manifest], versions: Versions, spaces: list[Manifest]
) -> Iterator[tuple[Any, Any]]:
    yield from (case.pod(peer.name) for peer in group.workloads)
    yield from ((format_address(low), format_address(low)) for low, _ in group.addresses)
    for representative in group.absent:
        yield from ((pod, pod) for pod in pods_of if _means(representative, pod, _worn(pod, case, versions, spaces)))


def _number(versions: Versions, target: Any, port: int) -> int:
    """The number that stands for a port: that of its name, if an added pod has it by a name that rules know."""
    item = target[0] or target[1]
    if isinstance(item, str) or not item["metadata"]["name"].startswith("a"):
        return port
    return next((at for at, name in versions.named.items() if NAMED.get(name) == port), port)


def _shows(judges: tuple[Cluster, Cluster], entry: DiffEntry, versions: Versions, source: Any, target: Any) -> bool:
    change = entry.change
    for protocol, port in product(PROTOCOLS, ASKED):
        number = _number(versions, target, port)
        was, now = (bool(intersection(one, make_ports(protocol, number, number))) for one in (change.old, change.new))
        if was != now and [_passes(judges[at], source[at], target[at], protocol, port) for at in (0, 1)] == [was, now]:
            return True
    return False
