"""Clusters so small that every kind of packet can be tried: what policies and claims of them can tell apart, and no more.

A kind of end is a pod that a manifest shows, any other pod by what can be told of it, or an address. For each two kinds a number
says on which of the few ports policies let something through, by the brute force of `tests/reach`; claims are read here from
their text, so that nothing of the room is asked.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any, NamedTuple

from tests.reach import brute

Manifest = dict[str, Any]
Claim = dict[str, Any]

PORTS = (("TCP", 80), ("TCP", 81), ("UDP", 53), ("SCTP", 9), ("TCP", 7))
ADDRESSES = ("8.8.8.8", "10.1.2.3", "10.9.9.9", "2001:4860:4860::8888", "fd00::1")
PUBLIC = ("8.8.8.8", "2001:4860:4860::8888")
BLOCKS = ("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "::/0")
SHOWN, GHOST = ("a", "b"), "ghost"
APPS, ENVS = (None, "web", "else"), (None, "x", "else")
EVERY_PORT = (1 << len(PORTS)) - 1
NAME = "kubernetes.io/metadata.name"
POLICY = "policy.networking.k8s.io/"


class Kind(NamedTuple):
    """An end: a pod with what can be told of it, or an address."""

    pod: Manifest | None
    address: str = ""
    shown: bool = False
    space: str = ""
    space_labels: tuple[tuple[str, str], ...] = ()

    @property
    def labels(self) -> dict[str, str]:
        return dict(self.pod["metadata"]["labels"]) if self.pod else {}


class TinyWorld:
    """A cluster with everything that may be sent in it; `ghost` is the label of the namespace that nothing declares."""

    def __init__(self, objects: list[Manifest]) -> None:
        self.objects = objects
        self.spaces = {
            one["metadata"]["name"]: one["metadata"]["labels"] for one in objects if one["kind"] == "Namespace"
        }
        self.tables = [_Table(self, ghost) for ghost in ENVS]

    def refutes(self, claim: Claim) -> bool:
        """Whether some packet refutes a claim."""
        return any(True for _ in self.list_refuting(claim))

    def speaks(self, claim: Claim) -> bool:
        """Whether a claim means a packet."""
        return any(claimed for table in self.tables for _, _, claimed in table.list_claimed(claim))

    def list_refuting(self, claim: Claim) -> Iterator[tuple[Kind, Kind, int]]:
        """The kinds of packets that refute a claim, with their ports as bits."""
        for table in self.tables:
            for at, to, claimed in table.list_claimed(claim):
                passing = table.passing[at, to]
                wrong = claimed & (passing if claim["expect"] == "denied" else ~passing)
                if wrong:
                    yield table.kinds[at], table.kinds[to], wrong


class _Table:
    def __init__(self, world: TinyWorld, ghost: str | None) -> None:
        self.kinds = list(_list_kinds(world, ghost))
        declared = [
            {"kind": "Namespace", "metadata": {"name": one.space, "labels": dict(one.space_labels)}}
            for one in self.kinds
            if one.space and one.space not in world.spaces
        ]
        judge = brute.Cluster([*world.objects, *declared], blocks_match_pods=False)
        self.passing = {
            (at, to): sum(
                judge.passes(brute.Packet(_end(one), _end(other), *port)) << number for number, port in enumerate(PORTS)
            )
            for (at, one), (to, other) in product(enumerate(self.kinds), repeat=2)
            if (one.pod or other.pod) and (at != to or not one.shown)
        }

    def list_claimed(self, claim: Claim) -> Iterator[tuple[int, int, int]]:
        """Each two kinds of ends that a claim means, and on which ports."""
        sources, targets = (_list_met(self.kinds, claim[key]) for key in ("from", "to"))
        ports = _read_ports(claim.get("ports"))
        taken = [
            (
                _list_met(self.kinds, one["from"], anywhere=True) if "from" in one else None,
                _list_met(self.kinds, one["to"], anywhere=True) if "to" in one else None,
                _read_ports(one.get("ports")),
            )
            for one in claim.get("except", ())
        ]
        for at, to in product(sorted(sources), sorted(targets)):
            if (at, to) in self.passing:
                left = ports
                for some, others, several in taken:
                    if (some is None or at in some) and (others is None or to in others):
                        left &= ~several
                yield at, to, left


def _end(kind: Kind) -> Manifest | str:
    return kind.pod or kind.address


def _list_kinds(world: TinyWorld, ghost: str | None) -> Iterator[Kind]:
    def labels(env: str | None) -> dict[str, str]:
        return {} if env is None else {"env": env}

    for item in world.objects:
        if item["kind"] == "Pod":
            space = item["metadata"]["namespace"]
            yield Kind(item, "", True, space, tuple(world.spaces[space].items()))
    yield from (Kind(None, text) for text in ADDRESSES)
    spaces = [*world.spaces.items(), (GHOST, labels(ghost)), *((f"new-{env}", labels(env)) for env in ENVS)]
    for (space, worn), app, number in product(spaces, APPS, (0, 80, 81)):
        ports = [{"name": "http", "containerPort": number, "protocol": "TCP"}] if number else []
        pod = {
            "kind": "Pod",
            "metadata": {"name": "any", "namespace": space, "labels": {} if app is None else {"app": app}},
            "spec": {"containers": [{"ports": ports}]},
            "status": {"podIP": "192.0.2.77"},
        }
        yield Kind(pod, "", False, space, tuple(worn.items()))


def _read_ports(several: list[str] | None) -> int:
    if several is None:
        return EVERY_PORT
    return sum(1 << number for number, (protocol, port) in enumerate(PORTS) if f"{protocol}/{port}" in several)


def _list_met(kinds: list[Kind], ends: list[Any], *, anywhere: bool = False) -> set[int]:
    return {at for at, kind in enumerate(kinds) if any(_is_met(kind, end, anywhere) for end in ends)}


def _is_met(kind: Kind, end: Any, anywhere: bool) -> bool:
    if kind.pod is None:
        if end == "external":
            return True
        if end == "internet":
            return kind.address in PUBLIC
        where = ipaddress.ip_address(kind.address)
        return isinstance(end, dict) and any(where in ipaddress.ip_network(text) for text in end.get("addresses", ()))
    if end == "all":
        return kind.shown or anywhere
    if isinstance(end, str) or "addresses" in end or not (kind.shown or anywhere or end.get("scope") == "any-pod"):
        return False
    if "namespace" in end and kind.space != end["namespace"]:
        return False
    spaces = end.get("namespaces", {})
    if isinstance(spaces, list):
        return kind.space in spaces and _meets(kind.labels, end.get("pods", {}))
    return _meets({**dict(kind.space_labels), NAME: kind.space}, spaces) and _meets(kind.labels, end.get("pods", {}))


def _meets(labels: dict[str, str], asked: Manifest) -> bool:
    if any(labels.get(key) != value for key, value in asked.get("matchLabels", {}).items()):
        return False
    for one in asked.get("matchExpressions", ()):
        value = labels.get(one["key"])
        met = {
            "In": value in one.get("values", ()),
            "NotIn": value not in one.get("values", ()),
            "Exists": value is not None,
            "DoesNotExist": value is None,
        }
        if not met[one["operator"]]:
            return False
    return "not" not in asked or not _meets(labels, asked["not"])


def draw_world(random: Random) -> list[Manifest]:
    """Two namespaces, a few pods, up to five policies of every kind."""
    spaces = [
        {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": name, "labels": random.choice([{}, {"env": "x"}])},
        }
        for name in SHOWN
    ]
    pods = [_draw_pod(random, number) for number in range(random.randint(1, 3))]
    policies = [_draw_policy(random, number) for number in range(random.randint(0, 4))]
    admin = [_draw_admin(random, number) for number in range(random.choice((0, 0, 0, 1, 2)))]
    return [*spaces, *pods, *policies, *admin]


def _draw_pod(random: Random, number: int) -> Manifest:
    ports = [{"name": "http", "containerPort": random.choice((80, 81)), "protocol": "TCP"}]
    labels = random.choice([{}, {"app": "web"}, {"app": "web"}, {"app": "else"}])
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": f"p{number}", "namespace": random.choice(SHOWN), "labels": labels},
        "spec": {
            "containers": [{"name": "c", "image": "x", "ports": random.choice([ports, []])}],
            "hostNetwork": random.random() < 0.1,
        },
    }


def draw_selector(random: Random, key: str, value: str) -> Manifest:
    """A selector of one label."""
    operator = random.choice(("In", "NotIn", "Exists", "DoesNotExist"))
    values = {"values": [value]} if operator in ("In", "NotIn") else {}
    some: list[Manifest] = [
        {},
        {"matchLabels": {key: value}},
        {"matchExpressions": [{"key": key, "operator": operator, **values}]},
    ]
    return random.choice(some)


def _draw_spaces(random: Random) -> Manifest:
    named = {"matchLabels": {NAME: random.choice((*SHOWN, GHOST))}}
    return random.choice([draw_selector(random, "env", "x"), named])


def _draw_policy(random: Random, number: int) -> Manifest:
    spec: Manifest = {"podSelector": draw_selector(random, "app", "web")}
    for way, key in (("ingress", "from"), ("egress", "to")):
        if random.random() < 0.6:
            spec[way] = [_draw_rule(random, key) for _ in range(random.randint(0, 2))]
    if random.random() < 0.6:
        spec["policyTypes"] = random.choice([["Ingress"], ["Egress"], ["Ingress", "Egress"], []])
    head = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy"}
    return {**head, "metadata": {"name": f"n{number}", "namespace": random.choice(SHOWN)}, "spec": spec}


def _draw_rule(random: Random, key: str) -> Manifest:
    rule: Manifest = {}
    if random.random() < 0.8:
        rule[key] = [_draw_peer(random) for _ in range(random.randint(0, 2))]
    if random.random() < 0.5:
        rule["ports"] = [_draw_port(random) for _ in range(random.randint(0, 2))]
    return rule


def _draw_peer(random: Random) -> Manifest:
    if random.random() < 0.3:
        cidr = random.choice(BLOCKS)
        holes = {"except": ["10.1.0.0/16"]} if cidr == "10.0.0.0/8" and random.random() < 0.5 else {}
        return {"ipBlock": {"cidr": cidr, **holes}}
    pods, spaces = {"podSelector": draw_selector(random, "app", "web")}, {"namespaceSelector": _draw_spaces(random)}
    return random.choice([pods, spaces, {**pods, **spaces}])


def _draw_port(random: Random) -> Manifest:
    return random.choice(
        [
            {"port": 80},
            {"port": "http"},
            {"port": 80, "endPort": 81},
            {"protocol": "UDP", "port": 53},
            {"protocol": "SCTP"},
            {"protocol": "TCP"},
        ]
    )


def _draw_admin(random: Random, number: int) -> Manifest:
    tier = random.choice(("Admin", "Baseline"))
    spec: Manifest = {"tier": tier, "priority": number, "subject": _draw_admin_pods(random)}
    for way, key in (("ingress", "from"), ("egress", "to")):
        spec[way] = [_draw_admin_rule(random, key, tier) for _ in range(random.randint(0, 2))]
    head = {"apiVersion": f"{POLICY}v1alpha2", "kind": "ClusterNetworkPolicy"}
    return {**head, "metadata": {"name": f"admin{number}"}, "spec": spec}


def _draw_admin_pods(random: Random) -> Manifest:
    spaces = _draw_spaces(random)
    pods = {"namespaceSelector": spaces, "podSelector": draw_selector(random, "app", "web")}
    return random.choice([{"namespaces": spaces}, {"pods": pods}])


def _draw_admin_rule(random: Random, key: str, tier: str) -> Manifest:
    actions = ("Accept", "Deny", "Pass") if tier == "Admin" else ("Accept", "Deny")
    rule = {"action": random.choice(actions), key: [_draw_admin_pods(random)]}
    if random.random() < 0.4:
        rule["protocols"] = [{"tcp": {"destinationPort": {"number": 80}}}]
    return rule


def draw_claim(random: Random) -> Claim:
    """A claim of every form of the grammar that a tiny world can tell apart."""
    claim: Claim = {
        "name": "claim",
        "from": [_draw_end(random) for _ in range(random.choice((1, 1, 2)))],
        "to": [_draw_end(random) for _ in range(random.choice((1, 1, 2)))],
        "expect": random.choice(("allowed", "denied")),
    }
    if random.random() < 0.5:
        claim["ports"] = random.sample([f"{protocol}/{port}" for protocol, port in PORTS], k=random.randint(1, 3))
    if random.random() < 0.4:
        sides = {key: [_draw_end(random)] for key in ("from", "to") if random.random() < 0.6}
        ports = {"ports": ["TCP/80"]} if random.random() < 0.3 or not sides else {}
        claim["except"] = [{**sides, **ports}]
    return claim


def _draw_end(random: Random) -> Any:
    if random.random() < 0.25:
        return random.choice(["all", "external", "internet", {"addresses": [random.choice(BLOCKS)]}])
    end: Manifest = {}
    if random.random() < 0.6:
        asked = draw_selector(random, "app", "web")
        end["pods"] = {"not": asked} if asked and random.random() < 0.3 else asked
    spaces = random.random()
    if spaces < 0.25:
        end["namespace"] = random.choice((*SHOWN, GHOST))
    elif spaces < 0.4:
        end["namespaces"] = [*SHOWN]
    elif spaces < 0.6:
        end["namespaces"] = _draw_spaces(random)
    if random.random() < 0.5:
        end["scope"] = "any-pod"
    return end or "all"
