"""How peers, groups and caveats are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from kubeqed.diagnostic import Span, list_some, list_text, more_text
from kubeqed.model.units.unit import Unit
from kubeqed.reach import NAME_LABEL, NAME_OF_CONTROLLER, Caveat, Group, Peer, PlacementCondition, Representative
from kubeqed.reach.algebra import ALL_V4, ALL_V6, Spelling, display, to_blocks
from kubeqed.report.words import escape_text, place_text

MANY = 3
MOST_NAMES = 20  # of a group on one line
MOST_KINDS = 6

_REST = " (what its kustomization does not name)"


def group_text(group: Group, most: int = MOST_NAMES) -> str:
    """`shop/web[Deployment], shop/db[StatefulSet], 0.0.0.0/0`; of more than `most` workloads or blocks, those first."""
    workloads = [workload_text(shown) for shown in group.workloads[:most]]
    blocks, absent = addresses_text(group), [absent_text(one) for one in group.absent]
    parts = [NAME_OF_CONTROLLER if group.controller else "", list_some(workloads, most, count=len(group.workloads))]
    return ", ".join(filter(None, [*parts, list_some(blocks, most), list_some(absent, most)]))


def condition_text(one: PlacementCondition) -> str:
    """`if it runs as pods with app=nginx of ingress, as ingress-nginx usually does`: where a controller must run."""
    places = [absent_text(place) for place in (one.others or one.pods)]
    runs = f"{'unless' if one.others else 'if'} it runs as {_any_of(places)}" if places else ""
    blocks = _any_of(addresses_text(Group(addresses=one.addresses)))
    sends = f"{'or' if one.pods else 'if'} it sends from {blocks}" if one.addresses and not one.others else ""
    return escape_text(f"{' '.join(filter(None, [runs, sends]))}{_usually_text(one)}")


def _any_of(texts: list[str]) -> str:
    return " or ".join(texts) if len(texts) <= MANY else list_some(texts, MANY)


def _usually_text(one: PlacementCondition) -> str:
    """Where controllers usually run and what is denied from there."""
    if one.usual:
        return f", as {' and '.join(one.usual)} usually {'do' if len(one.usual) > 1 else 'does'}"
    return "".join(
        f"; denied where {name} usually runs (namespace {place.namespace})" for name, place in one.unusual[:1]
    )


def absent_text(one: Representative) -> str:
    """`any pod in any namespace`, `pods with app=web of shop`, `any pod of namespaces with env=prod`."""
    pods = f"pods with {_selector_text(one.pods)}" if one.pods != Spelling() else "any pod"
    if one.namespaces == Spelling():
        return escape_text(f"{pods} in any namespace")
    named = one.namespaces.plain and len(one.namespaces.labels) == 1 and one.namespaces.labels[0][0] == NAME_LABEL
    spaces = display(one.namespaces.labels[0][1]) if named else f"namespaces with {_selector_text(one.namespaces)}"
    return escape_text(f"{pods} of {spaces}")


def _selector_text(said: Spelling) -> str:
    """`app=web,tier in (a,b),!old`, as kubectl writes it."""
    parts = [f"{key}={display(value)}" for key, value in said.labels]
    for one in said.expressions:
        several = ",".join(map(display, one.values))
        words = {"In": f"{one.key} in ({several})", "NotIn": f"{one.key} notin ({several})", "Exists": one.key}
        parts.append(words.get(one.operator, f"!{one.key}"))
    return ",".join(parts)


def addresses_text(group: Group) -> list[str]:
    """The addresses of a group as blocks; all of a family in words."""
    if not group.addresses:
        return []
    texts = []
    for cidr, holes in to_blocks(group.addresses):
        texts.append(f"{cidr} except {', '.join(holes)}" if holes else cidr)
    named = {ALL_V4: "0.0.0.0/0", ALL_V6: "::/0"}
    return [named[one] for one in group.addresses] if set(group.addresses) <= set(named) else texts


def workload_text(shown: Peer) -> str:
    """A workload; one without running pods is marked."""
    return escape_text(f"{shown} (not running)" if shown.stopped else str(shown))


def caveat_text(caveat: Caveat) -> str:
    """`file:line:col: note: object: what is open`."""
    span = span_of(caveat)
    start = f"{place_text(span)}: " if span else ""
    return f"{start}note: {escape_text(caveat.subject)}: {escape_text(caveat.text)}"


def caveat_lines(caveats: Iterable[Caveat]) -> Iterator[str]:
    """A line for each caveat; of more than three that say the same, the first and how many more."""
    by_text: dict[str, list[Caveat]] = {}
    for caveat in caveats:
        by_text.setdefault(caveat.text, []).append(caveat)
    for several in by_text.values():
        shown = several if len(several) <= MANY else several[:1]
        yield from (caveat_text(caveat) for caveat in shown)
        if len(several) > MANY:
            yield f"note: the same of {len(several) - 1:,} more{_kinds_text(several)}"


def few_caveats(caveats: Iterable[Caveat]) -> list[str]:
    """The first lines of caveats, as many as a drawing has room for, and how many more there are."""
    lines = list(caveat_lines(caveats))
    return [*lines[:MOST_NAMES], *more_text(len(lines) - MOST_NAMES, "notes, which reach prints as text")]


def _kinds_text(caveats: Iterable[Caveat]) -> str:
    """`: 12 HTTPRoute, 3 Ingress`: the kinds of objects, the commonest first; nothing where they are no objects."""
    words = (caveat.subject.split()[0] for caveat in list(caveats)[1:])
    counts = Counter(word for word in words if word.isalnum() and word not in ("a", "the"))
    shown = [f"{count:,} {kind}" for kind, count in counts.most_common()]
    return f": {list_text(shown, MOST_KINDS, 'kinds')}" if shown else ""


def unit_titles(units: Sequence[Unit]) -> list[str]:
    """What each unit is called; a lone one needs no name."""
    if len(units) == 1:
        return [""]
    twice = Counter(unit.root for unit in units)
    return [f"{unit.root}{_REST if twice[unit.root] > 1 and not unit.stated else ''}" for unit in units]


def span_of(caveat: Caveat) -> Span | None:
    """Where a caveat points."""
    return caveat.place.span if caveat.place is not None else None
