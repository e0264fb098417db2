"""How verdicts, losses and what they change are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kubeqed.diagnostic import list_some
from kubeqed.model.cni.capabilities import Degree
from kubeqed.prove.clauses.losses import Loss, LossDirection
from kubeqed.prove.questions.cni_losses import CniEffect, CniRow
from kubeqed.prove.questions.policy_cnis import CniOutcome
from kubeqed.reach.algebra import format_ports
from kubeqed.reach.differences import BareChange
from kubeqed.report.cni.listing import directions_of
from kubeqed.report.reach.words import group_text
from kubeqed.report.words import count_text, escape_text, place_text

MOST_PLACES = 3

_DEGREES = {
    Degree.NONE: "",
    Degree.PARTIAL: "supported in part",
    Degree.BY_VERSION: "depends on the version",
    Degree.UNKNOWN: "no source says whether it is enforced",
}


def verdict_text(row: CniRow) -> str:
    """`enforced`, `loses 2 lines, too strict`, `may lose 1 line`, `ignores all, too open`."""
    if row.outcome is CniOutcome.HOLD:
        return "enforced"
    if row.outcome is CniOutcome.IGNORED:
        return ", ".join(["ignores all", *directions_of(row.losses)])
    verb = "loses" if row.outcome is CniOutcome.IN_PART else "may lose"
    return ", ".join([f"{verb} {count_text(len(row.losses), 'line')}", *directions_of(row.losses)])


def loss_lines(row: CniRow) -> Iterator[str]:
    """A line for each kind of loss with its places; none for policies that are all ignored."""
    if row.outcome is CniOutcome.IGNORED:
        yield from dict.fromkeys(loss.note for loss in row.losses if row.chosen and loss.note)
        return
    alike: dict[object, list[Loss]] = {}
    for loss in row.losses:
        alike.setdefault((loss.text, loss.degree, loss.direction, loss.note), []).append(loss)
    for losses in alike.values():
        places = [place_text(loss.object.at(loss.path).span) for loss in losses]
        yield escape_text(f"{list_some(places, MOST_PLACES)}: {loss_text(losses[0])}")


def loss_text(loss: Loss) -> str:
    """`endPort: too strict: before 1.16 endPort was ignored`, `endPort: no source says whether it is enforced, too strict if lost`."""
    degree = _DEGREES[loss.degree]
    direction = (
        "" if loss.direction is LossDirection.UNKNOWN else f"{loss.direction.value}{' if lost' if degree else ''}"
    )
    return ": ".join(filter(None, [loss.text, ", ".join(filter(None, [degree, direction])), loss.note]))


def row_lines(row: CniRow) -> Iterator[str]:
    """All that is said of a row below its verdict."""
    yield from (f"note: {text}" for text in row.conditions)
    yield from loss_lines(row)
    yield from effect_lines(row.effect)


def effect_lines(effect: CniEffect | None) -> Iterator[str]:
    """What losses open and close, with an example."""
    if effect is None:
        return
    rest = "" if effect.exact else " of those that were compared: pods that no manifest shows are too many"
    if not effect.opens and not effect.closes:
        yield f"no connection changes{rest}"
    for verb, entries in (("opens", effect.opens), ("closes", effect.closes)):
        if entries:
            yield f"{verb} {count_text(len(entries), 'connection')}{rest}, such as {example_text(entries)}"


def example_text(entries: Iterable[BareChange]) -> str:
    """One connection of several: the first of those between pods that the manifests show, if there is one."""
    several = list(entries)
    shown = (one for one in several if one.sources.workloads and one.destinations.workloads)
    one = next(shown, several[0])
    had, has = (format_ports(ports, one.named) if ports else "" for ports in (one.old, one.new))
    ports = " -> ".join(filter(None, [had, has]))
    return escape_text(f"{group_text(one.sources, 1)} => {group_text(one.destinations, 1)} : {ports}")
