"""Entries of `intents:` become claims, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kubeqed.config.intents.keys import EndKeys, ExceptKeys, IntentKeys, LabelKeys
from kubeqed.config.intents.ready_made import make_ready_made
from kubeqed.config.places import Location, Places
from kubeqed.diagnostic import Severity
from kubeqed.model.cluster import Stated
from kubeqed.model.intents import (
    AskedLabel,
    EndClaim,
    EndKind,
    Expectation,
    Intent,
    IntentException,
    LabelClaim,
)
from kubeqed.parse import Mapping
from kubeqed.prove.intents.claims import DNS_PORTS
from kubeqed.reach import parse_ports
from kubeqed.reach.algebra import ALL, PortSet, union_of


def settle_intents(entries: Iterable[IntentKeys], places: Places) -> Iterator[Intent]:
    """The claims of the configuration."""
    for number, one in enumerate(entries):
        yield settle_intent(one, places, number)


def settle_intent(one: IntentKeys, places: Places, number: int) -> Intent:
    """One claim."""
    at: Location = ("intents", number)
    place = places.value(*at, "name") if isinstance(places.at(*at), Mapping) else places.value(*at)
    exceptions = tuple(_settle_exceptions(one.exceptions or (), places, (*at, "except")))
    severity = Severity(one.severity or "error")
    if one.use:
        names = tuple(
            Stated(name, places.value(*at, "namespaces", index)) for index, name in enumerate(one.namespaces or ())
        )
        made = make_ready_made(one.use, names, place, any_pod=one.scope == "any-pod")
        return made._replace(name=one.name or one.use, exceptions=exceptions, severity=severity)
    source = _settle_ends(one.source or (), places, (*at, "from"))
    destination = _settle_ends(one.destination or (), places, (*at, "to"))
    usual = DNS_PORTS if all(end.kind is EndKind.DNS for end in destination) else ALL
    return Intent(
        one.name or "",
        place,
        source,
        destination,
        Expectation(one.expect),
        _settle_ports(one.ports, usual),
        exceptions,
        severity,
    )


def _settle_exceptions(several: Iterable[ExceptKeys], places: Places, at: Location) -> Iterator[IntentException]:
    for number, one in enumerate(several):
        yield IntentException(
            None if one.source is None else _settle_ends(one.source, places, (*at, number, "from")),
            None if one.destination is None else _settle_ends(one.destination, places, (*at, number, "to")),
            _settle_ports(one.ports, ALL),
            one.reason or "",
        )


def _settle_ends(several: Iterable[EndKeys], places: Places, at: Location) -> tuple[EndClaim, ...]:
    return tuple(_settle_end(one, places, (*at, number)) for number, one in enumerate(several))


def _settle_end(one: EndKeys, places: Places, at: Location) -> EndClaim:
    if one.addresses:
        return EndClaim(EndKind.EXTERNAL, addresses=tuple(part for text in one.addresses for part in text.split(",")))
    if one.kind not in (None, "all"):
        return EndClaim(EndKind(one.kind))
    names = [Stated(one.namespace, places.value(*at, "namespace"))] if one.namespace else []
    spaces = one.namespaces
    if spaces is not None and spaces.names:
        names += [Stated(name, places.value(*at, "namespaces", index)) for index, name in enumerate(spaces.names)]
    return EndClaim(
        EndKind.PODS, _settle_labels(one.pods), _settle_labels(spaces), tuple(names), one.scope == "any-pod"
    )


def _settle_labels(one: LabelKeys | None) -> LabelClaim:
    if one is None:
        return LabelClaim()
    asked: list[AskedLabel] = [(key, "In", (value,)) for key, value in (one.match_labels or {}).items()]
    asked += [(each.key, each.operator, tuple(each.values or ())) for each in one.match_expressions or ()]
    return LabelClaim(tuple(asked), () if one.excluded is None else (_settle_labels(one.excluded),))


def _settle_ports(ports: list[str] | None, usual: PortSet) -> PortSet:
    return usual if ports is None else union_of(parse_ports(text, usual="TCP") for text in ports)
