"""What the published JSON of `reach`, `why` and `diff` shares: every distinct set of peers once, ports, doubts, notices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from json import dumps
from typing import Any

from kubeqed.diagnostic import Notice
from kubeqed.reach import Caveat, Group, Peer, PolicyDoubt, Representative
from kubeqed.reach.algebra import PortSet, Ranges, Spelling, display, group_by_protocol, to_blocks
from kubeqed.report.entries import object_json, place_json
from kubeqed.report.reach.caveats import unless_text
from kubeqed.report.reach.parts import SetPartition
from kubeqed.report.reach.words import absent_text, span_of
from kubeqed.report.words import escape_text

VERSION = 1


class PeerGroups:
    """The groups of a report, numbered in order of first use."""

    def __init__(self, parts: SetPartition) -> None:
        self.members: list[list[str]] = []
        self._parts = parts
        self._numbers: dict[object, str] = {}
        self._by_group: dict[Group, list[str]] = {}
        self._texts: dict[Peer, str] = {}

    def of(self, group: Group) -> list[str]:
        """The names of the sets that make up a group."""
        found = self._by_group.get(group)
        if found is None:
            found = self._by_group[group] = list(self._name_parts(group))
        return found

    def render(self) -> str:
        """All sets named so far."""
        return lines_of([f'"g{at}": [{", ".join(members)}]' for at, members in enumerate(self.members, 1)], "{}")

    def _name_parts(self, group: Group) -> Iterator[str]:
        """The names of the groups that together are a set of peers."""
        small = group._replace(workloads=())
        parts = self._parts.of(group.workloads) if group.workloads else []
        if small.size and len(parts) <= 1:
            yield self._number_set(group, [*self._list_workloads(group.workloads), *_encode_others(group)])
            return
        for part in parts:
            yield self._number_set(part, self._list_workloads(part))
        if small.size:
            yield self._number_set(small, list(_encode_others(small)))

    def _number_set(self, key: object, members: list[str]) -> str:
        """The name of a set; a new one is numbered and kept."""
        name = self._numbers.get(key)
        if name is None:
            name = self._numbers[key] = f"g{len(self._numbers) + 1}"
            self.members.append(members)
        return name

    def _list_workloads(self, several: Iterable[Peer]) -> list[str]:
        texts = self._texts
        for shown in several:
            if shown not in texts:
                texts[shown] = dumps(workload_json(shown), ensure_ascii=False)
        return [texts[shown] for shown in several]


def ports_json(ports: PortSet) -> dict[str, list[list[int]]]:
    """Ports as ranges by protocol."""
    return {protocol: [list(one) for one in ranges] for protocol, ranges in group_by_protocol(ports)}


def workload_json(shown: Peer) -> dict[str, Any]:
    """A workload as a JSON value."""
    value: dict[str, Any] = {"kind": shown.kind, "namespace": shown.namespace, "name": shown.name}
    if shown.number > 1:
        value["number"] = shown.number
    return {**value, "running": False} if shown.stopped else value


def lines_of(lines: list[str], brackets: str) -> str:
    """An array or object of one line for each item."""
    if not lines:
        return brackets
    return brackets[0] + "\n    " + ",\n    ".join(lines) + "\n  " + brackets[1]


def unless_json(doubt: PolicyDoubt, sets: PeerGroups) -> dict[str, Any]:
    """A policy that may decide otherwise, and the groups whose traffic it may decide about."""
    policy = doubt.policy
    return {
        **place_json(policy.place.span),
        "text": escape_text(unless_text([policy])),
        "object": object_json(policy.object.key),
        "ingress": sets.of(doubt.ingress) if doubt.ingress.size else [],
        "egress": sets.of(doubt.egress) if doubt.egress.size else [],
        "opens": policy.opens,
    }


def peers_json(group: Group) -> list[dict[str, Any]]:
    """The peers of a group as JSON values."""
    return [*map(workload_json, group.workloads), *_other_values(group)]


def notice_lines(notices: Iterable[Notice], caveats: Iterable[Caveat]) -> list[str]:
    """What was not read, and what the answer leaves open, each on its line."""
    return [*map(_notice_json, notices), *(dumps(caveat_json(one), ensure_ascii=False) for one in caveats)]


def _encode_others(group: Group) -> Iterator[str]:
    return (dumps(value) for value in _other_values(group))


def _other_values(group: Group) -> Iterator[dict[str, Any]]:
    if group.controller:
        yield {"kind": "IngressController"}
    yield from _addresses_json(group.addresses)
    yield from map(_absent_json, group.absent)


def _absent_json(one: Representative) -> dict[str, Any]:
    """Pods that no manifest shows, in words and by what selects them."""
    selectors = {"namespaceSelector": _selector_json(one.namespaces), "podSelector": _selector_json(one.pods)}
    return {"absent": absent_text(one), **selectors}


def _selector_json(said: Spelling) -> dict[str, Any]:
    expressions = [
        {
            "key": one.key,
            "operator": one.operator,
            **({"values": list(map(display, one.values))} if one.values else {}),
        }
        for one in said.expressions
    ]
    labels = {key: display(value) for key, value in said.labels}
    return {**({"matchLabels": labels} if labels else {}), **({"matchExpressions": expressions} if expressions else {})}


def _addresses_json(ranges: Ranges) -> Iterator[dict[str, Any]]:
    for cidr, holes in to_blocks(ranges):
        yield {"cidr": cidr, "except": list(holes)} if holes else {"cidr": cidr}


def _notice_json(notice: Notice) -> str:
    return dumps({"kind": notice.kind.value, **place_json(notice.span), "text": notice.text}, ensure_ascii=False)


def caveat_json(caveat: Caveat) -> dict[str, Any]:
    """What an answer leaves out or depends on, and where it stands."""
    return {"kind": "open", **place_json(span_of(caveat)), "text": f"{caveat.subject}: {caveat.text}"}
