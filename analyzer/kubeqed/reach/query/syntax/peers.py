"""What people type for a peer: `shop/web`, `web[Deployment]`, `10.0.0.0/8`, `external`, `ingress-controller`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kubeqed.model.kinds.ordinals import split_number
from kubeqed.model.kinds.service import Service
from kubeqed.model.spelling import find_nearest, limit_of_similar
from kubeqed.reach.algebra.addresses import Ranges, join_ranges
from kubeqed.reach.algebra.bits import list_members
from kubeqed.reach.algebra.tokens import display, encode
from kubeqed.reach.namespaces import namespace_of
from kubeqed.reach.peer import Group, Peer
from kubeqed.reach.policy.compiled import Direction
from kubeqed.reach.query.answer import ReachResult
from kubeqed.reach.query.syntax.addresses import explain_fault, parse_range
from kubeqed.reach.topology.endpoints import Endpoint, Owner, is_on_host, is_stopped

_WORKLOAD = re.compile(
    r"(?:(?P<namespace>[^/\[\]]+)/)?(?P<name>[^/\[\]]+)(?:\[(?P<kind>\w+)\](?:#(?P<number>[1-9][0-9]*))?)?\Z"
)
_BY_KIND = (
    re.compile(r"(?P<namespace>[^/\[\]]+)/(?P<kind>\w+)/(?P<name>[^/\[\]]+)\Z"),
    re.compile(r"(?P<kind>\w+)/(?P<namespace>[^/\[\]]+)/(?P<name>[^/\[\]]+)\Z"),
    re.compile(r"(?P<kind>\w+)/(?P<namespace>)(?P<name>[^/\[\]]+)\Z"),
)
NO_POD = "neither end is a pod of the input: policies govern what pods send and receive"
_EXTERNAL = frozenset({"external", "internet", "world", "outside"})
_CONTROLLER = frozenset({"ingress-controller", "{ingress-controller}", "ingresscontroller", "gateway", "{gateway}"})


class NamedPeers(NamedTuple):
    """What a text names. Each of `pods` is the peer as it is called there, with pods that it stands for.

    They are more peers than lists have where one pod of a workload is named whose pods are all alike.
    """

    pods: tuple[tuple[Peer, tuple[Endpoint, ...]], ...] = ()
    addresses: Ranges = ()
    controller: bool = False

    def group(self, answer: ReachResult) -> Group:
        """The peers of lists that are named or that hold what is named."""
        peers = {answer.names.peers[endpoint] for _, endpoints in self.pods for endpoint in endpoints}
        return Group(tuple(sorted(peers)), self.addresses, self.controller)

    @property
    def empty(self) -> bool:
        """Whether the text named nothing."""
        return not self.pods and not self.addresses and not self.controller


def parse_peer(answer: ReachResult, text: str, direction: Direction) -> NamedPeers:
    """What `text` names: as sources of ingress rules, or as destinations of egress rules; empty when nothing has that name."""
    if text.lower() in _EXTERNAL:
        index = answer.reach.index
        return NamedPeers(addresses=join_ranges(index.range_of(at) for at in list_members(index.addresses(direction))))
    wanted = parse_range(text)
    if wanted is not None:
        pods = _pods_at(answer, wanted[0]) if wanted[0] == wanted[1] else ()
        return NamedPeers(pods=pods) if pods else NamedPeers(addresses=(wanted,))
    found = _find_workloads(answer, text)
    if not found and is_controller(text):
        return NamedPeers(controller=any(not entry.sources for entry in answer.entries.all))
    return NamedPeers(found)


def is_controller(text: str) -> bool:
    """Whether a text means the ingress controller outside the input, unless a workload is called so."""
    return text.lower() in _CONTROLLER


def explain_unknown_peer(answers: Iterable[ReachResult], text: str, kinds: str) -> str:
    """Why nothing has that name; `kinds` are what it could have named: `workload, address or controller`."""
    fault = explain_fault(text)
    if fault:
        return f"{text!r}: {fault}"
    return f"no {kinds} is called {text!r}{_suggest_nearest(answers, text, services='Service' in kinds)}"


def _suggest_nearest(answers: Iterable[ReachResult], text: str, *, services: bool) -> str:
    """`; did you mean shop/web[Deployment]?`: the workload (or Service) whose name is most like what was typed, if any."""
    named: dict[str, str] = {}
    for peer in (peer for answer in answers for peer in _all_named(answer, services=services)):
        named.setdefault(f"{peer.namespace}/{peer.name}", str(peer))
        named.setdefault(peer.name, str(peer))
    typed, port = _split_port(text)
    typed = typed.rpartition("[")[0] or typed
    words = [typed, typed.rpartition("/")[2]]
    near = next(filter(None, (find_nearest(word, named, limit_of_similar) for word in words)), None)
    asked = f" and --port {port}" if port and services else ""
    return f"; did you mean {named[near]}{asked}?" if near is not None else ""


def _split_port(text: str) -> tuple[str, str]:
    """`db:5432` as a name and a port; a text that ends in no port as it is, with none."""
    name, _, port = text.rpartition(":")
    return (name, port) if name and port.isascii() and port.isdigit() else (text, "")


def _all_named(answer: ReachResult, *, services: bool) -> Iterator[Peer]:
    yield from answer.names.classes
    for service in answer.unit.of(Service) if services else ():
        if service.name is not None:
            yield Peer(display(namespace_of(service)), display(encode(service.name)), service.kind)


def _pods_at(answer: ReachResult, number: int) -> tuple[tuple[Peer, tuple[Endpoint, ...]], ...]:
    """The pods of an address; pods of the host network have their node's, which is also others'."""
    found = [one for one in answer.reach.endpoints if number in one.addresses and not is_on_host(one.workload)]
    return tuple((answer.names.pod(one), (one,)) for one in found)


def _find_workloads(answer: ReachResult, text: str) -> tuple[tuple[Peer, tuple[Endpoint, ...]], ...]:
    """The peers of that name, else the pods of that name or of the workload of that name that policies tell apart."""
    matches = [match for pattern in (*_BY_KIND, _WORKLOAD) if (match := pattern.match(text))]
    names = answer.names
    peers = [
        (peer, names.endpoints[peer]) for peer in names.classes if any(_fits_pattern(peer, one) for one in matches)
    ]
    if not peers:
        pods = [(names.pod(one), (one,)) for one in answer.reach.endpoints if one.is_pod]
        peers = [one for one in pods if any(_fits_pattern(one[0], match) for match in matches)]
        peers += [one for match in matches for one in _find_numbered(answer, match)]
    if not peers:
        owned = (
            one
            for one in answer.reach.endpoints
            if any(_fits_pattern(_make_peer(one.owner), match) for match in matches)
        )
        peers = [(names.peers[one], names.endpoints[names.peers[one]]) for one in owned]
    return tuple(sorted(dict(peers).items()))


def _find_numbered(answer: ReachResult, match: re.Match[str]) -> Iterator[tuple[Peer, tuple[Endpoint, ...]]]:
    """A pod that its controller numbers, one of several that are alike."""
    base, number = split_number(match["name"])
    if number is None or not base.endswith("-"):
        return
    for one in answer.reach.endpoints:
        ordinals = None if one.is_pod else answer.reach.numbered.ordinals(one.workload)
        if ordinals is not None and display(one.owner.name) == base[:-1] and ordinals.has(number) is not False:
            pod = Peer(display(one.owner.namespace), match["name"], "Pod", stopped=is_stopped(one.workload))
            if _fits_pattern(pod, match):
                yield pod, (one,)


def _make_peer(owner: Owner) -> Peer:
    return Peer(display(owner.namespace), display(owner.name), owner.kind)


def _fits_pattern(peer: Peer, match: re.Match[str]) -> bool:
    """Whether a peer is called so; what the text leaves out may be anything."""
    namespace, kind, number = (match.groupdict().get(key) or None for key in ("namespace", "kind", "number"))
    return (
        peer.name == match["name"]
        and namespace in (None, peer.namespace)
        and (kind is None or kind.lower() == peer.kind.lower())
        and number in (None, str(peer.number))
    )
