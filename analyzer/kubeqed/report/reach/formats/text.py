"""A line for each connection of groups, or for each pair, and what the answer does not claim."""

from __future__ import annotations

from collections.abc import Iterable

from kubeqed.reach import Connection, ConnectionListing, Group, PairConnection, UnitConnections
from kubeqed.reach.algebra import format_ports
from kubeqed.report.reach.caveats import caveat_sentences
from kubeqed.report.reach.exposure import exposure_text
from kubeqed.report.reach.words import group_text, unit_titles
from kubeqed.report.report import Options

EXPANDS = True


def render(listing: ConnectionListing, _options: Options) -> str:
    """The texts of the units that say something, each under its unit's name when there are several units."""
    texts = [_render_unit(one, listing) for one in listing.units]
    if len(texts) == 1:
        return texts[0]
    titles = unit_titles([one.unit for one in listing.units])
    return "".join(f"# {title}\n{text}\n" for title, text in zip(titles, texts, strict=True) if text)


def connection_lines(connections: Iterable[Connection]) -> str:
    """`sources => destinations : TCP 80,443`."""
    known: dict[int, str] = {}

    def text(group: Group) -> str:
        found = known.get(id(group))
        if found is None:
            found = known[id(group)] = group_text(group)
        return found

    held = list(connections)  # groups stay alive, so that their ids stay theirs
    return "".join(f"{text(one.sources)} => {text(one.destinations)} : {format_ports(one.ports)}\n" for one in held)


def pair_lines(pairs: Iterable[PairConnection]) -> str:
    """`ns/name[Kind] => ns/name[Kind] : TCP 80,443`, sorted as byte strings, in the grammar of netpol-analyzer's list."""
    lines = [f"{source} => {target} : {format_ports(ports)}" for source, target, ports in pairs]
    return "".join(f"{line}\n" for line in sorted(lines, key=str.encode))


def _render_unit(one: UnitConnections, listing: ConnectionListing) -> str:
    shown = pair_lines(one.pairs) if listing.in_pairs else connection_lines(one.connections)
    exposed = f"\n{exposure_text(one.exposure)}" if listing.with_exposure else ""
    return shown + exposed + "".join(f"{line}\n" for line in caveat_sentences(one))
