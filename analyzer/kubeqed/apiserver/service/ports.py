"""The entries of `spec.ports`."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.names import PROTOCOLS, dns_label, port_name, qualified_name
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.service import CLUSTER_IP, type_of
from kubeqed.apiserver.violation import Violation, duplicate, forbidden, invalid, required, unsupported
from kubeqed.model.values.known import equals, is_known, is_set


def validate_ports(spec: Node) -> Iterator[Violation]:
    """All ports: each for itself, then against one another."""
    entries = [*spec["ports"].items()]
    names: set[str] = set()
    for entry in entries:
        yield from _validate_port(entry, names, several=len(entries) > 1)
    if equals(type_of(spec), CLUSTER_IP):
        for entry in entries:
            if is_set(entry["nodePort"].number):
                yield forbidden(entry["nodePort"], "may not be used when `type` is ClusterIP", Reason.SERVICE_TYPE)
    yield from _find_repeated(entries)


def _validate_port(entry: Node, names: set[str], *, several: bool) -> Iterator[Violation]:
    name = entry["name"]
    if several and equals(name.text, ""):
        yield required(name, "with several ports each needs a name", Reason.SERVICE_PORT_AMBIGUOUS)
    elif is_set(name.text):
        for why in dns_label(name.text):
            yield invalid(name, why)
        if name.text in names:
            yield duplicate(name, Reason.SERVICE_PORT_AMBIGUOUS)
        names.add(name.text)
    yield from validate_port_number(entry["port"])
    yield from validate_protocol(entry["protocol"])
    yield from _validate_target(entry)
    application = entry["appProtocol"]
    if application.present:
        for why in qualified_name(application.text) if is_known(application.text) else ():
            yield invalid(application, why)


def _validate_target(entry: Node) -> Iterator[Violation]:
    """`targetPort`; where it defaults to `port`, what is wrong with it is said there, though the server says it twice."""
    target = entry["targetPort"]
    if isinstance(target.value, int | str | None) and target.value in (None, 0, ""):
        return
    yield from validate_port_or_name(target)


def validate_port_number(node: Node) -> Iterator[Violation]:
    """A port that must be set."""
    if node.absent:
        yield required(node)
    elif is_known(node.number) and not 1 <= node.number <= 65535:
        yield invalid(node, "must be between 1 and 65535")


def validate_port_or_name(node: Node) -> Iterator[Violation]:
    """A port by number or by name."""
    if isinstance(node.value, str):
        for why in port_name(node.value):
            yield invalid(node, why)
    elif node.present:
        yield from validate_port_number(node)


def validate_protocol(node: Node) -> Iterator[Violation]:
    """A transport protocol; absent means TCP."""
    if is_set(node.text) and node.text not in PROTOCOLS:
        yield unsupported(node, PROTOCOLS)


def _find_repeated(entries: list[Node]) -> Iterator[Violation]:
    seen: dict[str, set[tuple[str, int]]] = {"nodePort": set(), "port": set()}
    for key, rule in (("nodePort", Reason.NODE_PORT_CLASH), ("port", Reason.SERVICE_PORT_AMBIGUOUS)):
        for entry in entries:
            words, number = entry["protocol"].text, entry[key].number
            if not is_known(words) or not is_known(number) or (key == "nodePort" and number == 0):
                continue
            slot = (words or "TCP", number)
            if slot in seen[key]:
                at = entry["nodePort"] if key == "nodePort" else entry
                yield duplicate(at, rule, what=f"{slot[1]}/{slot[0]}")._replace(place=entry[key].path)
            seen[key].add(slot)
