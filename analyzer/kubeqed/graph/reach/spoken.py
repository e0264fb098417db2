"""What people type for a peer or a port: `shop/web`, `web[Deployment]`, `10.0.0.0/8`, `external`, `tcp/80`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kubeqed.graph.reach.addresses import Range, Ranges, address, cidr
from kubeqed.graph.reach.answer import Answer
from kubeqed.graph.reach.bits import bits_of
from kubeqed.graph.reach.compiled import Direction
from kubeqed.graph.reach.namespaces import namespace_of
from kubeqed.graph.reach.ports import HIGHEST, PROTOCOLS, PortSet, ports, union_of
from kubeqed.graph.reach.shown import Shown
from kubeqed.graph.reach.terms import plain, token
from kubeqed.model.service import Service

_WORKLOAD = re.compile(r"(?:(?P<namespace>[^/\[\]]+)/)?(?P<name>[^/\[\]]+)(?:\[(?P<kind>\w+)\])?\Z")
_BY_KIND = (
    re.compile(r"(?P<namespace>[^/\[\]]+)/(?P<kind>\w+)/(?P<name>[^/\[\]]+)\Z"),
    re.compile(r"(?P<kind>\w+)/(?P<namespace>[^/\[\]]+)/(?P<name>[^/\[\]]+)\Z"),
    re.compile(r"(?P<kind>\w+)/(?P<namespace>)(?P<name>[^/\[\]]+)\Z"),
)
_PORT = re.compile(r"(?:(?P<before>[A-Za-z]+)[/: -])?(?P<low>\d+)(?:-(?P<high>\d+))?(?:/(?P<after>[A-Za-z]+))?\Z")
EXTERNAL = frozenset({"external", "internet", "world", "outside"})
CONTROLLER = frozenset({"ingress-controller", "{ingress-controller}", "ingresscontroller", "gateway", "{gateway}"})


class Side(NamedTuple):
    """The peers that a text names on one side of a connection: classes and pieces of addresses, and names."""

    bits: int
    workloads: frozenset[Shown]
    controller: bool = False

    @property
    def empty(self) -> bool:
        """Whether the text named nothing."""
        return not self.bits and not self.controller


def side(answer: Answer, text: str, direction: Direction) -> Side:
    """The peers that `text` names: as sources of ingress rules, or as destinations of egress rules."""
    index = answer.reach.index
    if text.lower() in EXTERNAL:
        return Side(index.addresses(direction), frozenset())
    wanted = range_named(text)
    if wanted is not None:
        return addressed(answer, (wanted,), direction)
    found = {shown: number for shown, number in answer.names.classes.items() if _named(shown, text)}
    if not found and text.lower() in CONTROLLER:
        return Side(0, frozenset(), controller=any(not entry.sources for entry in answer.entries.all))
    return Side(bits_of(found.values(), index.size), frozenset(found))


def addressed(answer: Answer, ranges: Ranges, direction: Direction) -> Side:
    """The pieces of addresses that some ranges lie in."""
    index = answer.reach.index
    numbers = [at for at in index.numbers(direction) if any(_meet(index.range_of(at), one) for one in ranges)]
    return Side(bits_of(numbers, index.size), frozenset())


def nearest(answers: Iterable[Answer], text: str, *, services: bool = False) -> str:
    """`; did you mean shop/web[Deployment]?`: the workload (or Service) whose name is most like what was typed, if any."""
    from difflib import get_close_matches  # only for a name that is wrong

    named: dict[str, str] = {}
    for shown in (shown for answer in answers for shown in _shown(answer, services=services)):
        named.setdefault(f"{shown.namespace}/{shown.name}", str(shown))
        named.setdefault(shown.name, str(shown))
    typed = text.rpartition("[")[0] or text
    words = [typed, typed.rpartition("/")[2]]
    near = [found for word in words for found in get_close_matches(word, named, n=1)]
    return f"; did you mean {named[near[0]]}?" if near else ""


def _shown(answer: Answer, *, services: bool) -> Iterator[Shown]:
    yield from answer.names.classes
    for service in answer.unit.of(Service) if services else ():
        if service.name is not None:
            yield Shown(plain(namespace_of(service)), plain(token(service.name)), service.kind)


def ports_named(text: str, usual: str = "") -> PortSet | None:
    """The ports that `text` names; without a protocol those of the `usual` one, or of all three. None: no port."""
    if text.upper() in PROTOCOLS:
        return ports(text.upper(), 1, HIGHEST)
    match = _PORT.match(text)
    if match is None:
        return None
    protocol = (match["before"] or match["after"] or usual).upper()
    if protocol and protocol not in PROTOCOLS:
        return None
    low = int(match["low"])
    high = int(match["high"] or low)
    return union_of(ports(one, low, high) for one in PROTOCOLS if protocol in ("", one)) or None


def _named(shown: Shown, text: str) -> bool:
    return any(_fits(shown, match) for pattern in (*_BY_KIND, _WORKLOAD) if (match := pattern.match(text)))


def _fits(shown: Shown, match: re.Match[str]) -> bool:
    namespace, kind = match["namespace"] or None, match["kind"]
    return (
        shown.name == match["name"]
        and namespace in (None, shown.namespace)
        and (kind is None or kind.lower() == shown.kind.lower())
    )


def range_named(text: str) -> Range | None:
    """The addresses that `text` names: one, a block, or from one to another."""
    low, dash, high = text.removesuffix("[External]").partition("-")
    if dash and (start := address(low)) is not None and (end := address(high)) is not None:
        return start, end
    number = address(text)
    return (number, number) if number is not None else cidr(text)


def _meet(one: Range, other: Range) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
