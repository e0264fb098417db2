"""Who selects whom: a selector against the labels of pods."""

from __future__ import annotations

from enum import Enum

from kubeqed.model.selector import Selector
from kubeqed.model.workload import Workload
from kubeqed.parse import Joined, Unknown


class Match(Enum):
    """Whether a selector matches; UNDECIDED when that hangs on an unknown."""

    YES = "yes"
    NO = "no"
    UNDECIDED = "undecided"


def pod_label(workload: Workload, key: str) -> str | Unknown | None:
    """The value of a label on the workload's pods, None when absent; the controller's own labels included."""
    labels = workload.template.labels
    if key in labels.entries:
        return labels.entries[key]
    if key in workload.added or labels.more is None:
        return workload.added.get(key)
    return beside(labels.more, key)


def beside(more: Unknown, what: str) -> Unknown:
    """The unknown that is one entry, `what`, of a map that nobody sees; each entry is another unknown."""
    parts = more.term.parts if isinstance(more.term, Joined) else (more.term,)
    return Unknown(Joined((f"{what} of ", *parts)), more.text, more.mark)


def same_value(one: str | Unknown | None, other: str | Unknown | None) -> Match:
    """Whether two values are one; None is a value that is absent, which no unknown one turns out to be."""
    if one is None or other is None:
        return Match.YES if one is other else Match.NO
    if isinstance(one, Unknown):
        return Match.YES if one.same_as(other) else Match.UNDECIDED
    if isinstance(other, Unknown):
        return Match.UNDECIDED
    return Match.YES if one == other else Match.NO


def selects(selector: Selector, workload: Workload) -> Match:
    """Whether a plain selector, as a Service has, matches the pods of a workload, namespaces left aside."""
    found = Match.YES if selector.labels.more is None else Match.UNDECIDED
    for key, value in selector.labels.entries.items():
        match = same_value(value, pod_label(workload, key))
        if match is Match.NO:
            return match
        found = match if match is Match.UNDECIDED else found
    return found


def same_everywhere(value: str | Unknown | None) -> object:
    """A key that two values share exactly when `same_value` is sure that they are one."""
    return value.term if isinstance(value, Unknown) else value
