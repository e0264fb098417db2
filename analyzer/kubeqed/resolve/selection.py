"""Who selects whom: a selector against the labels of pods."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from kubeqed.model.kinds.ordinals import Ordinals
from kubeqed.model.kinds.selector import LabelSelector
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.label_match import match_condition
from kubeqed.model.unmodelled.condition import condition_of_selector
from kubeqed.model.values.match import Match, combine, same_value
from kubeqed.parse import Concat, Unknown


def pod_label(workload: Workload, key: str) -> str | Unknown | None:
    """The value of a label on the workload's pods, None when absent; the controller's own labels included."""
    labels = workload.template.labels
    if key in workload.added:  # the controller overwrites what the template says
        return workload.added[key]
    if key in labels.entries or labels.more is None:
        return labels.entries.get(key)
    return unknown_entry(labels.more, key)


def unknown_entry(more: Unknown, what: str) -> Unknown:
    """The unknown that is one entry, `what`, of a map that is only partly known; each entry is another unknown."""
    parts = more.term.parts if isinstance(more.term, Concat) else (more.term,)
    return Unknown(Concat((f"{what} of ", *parts)), more.text, more.mark)


def selects(selector: LabelSelector, workload: Workload, ordinals: Ordinals | None) -> Match:
    """Whether a plain selector, as a Service has, matches some pod of a workload, namespaces left aside.

    `ordinals` are the numbers of the workload's pods, None where they have none.
    """
    found = Match.YES if selector.labels.more is None else Match.UNDECIDED
    by_number = () if ordinals is None else ordinals.prefixes
    for key, value in selector.labels.entries.items():
        if key not in by_number:
            found = combine(found, same_value(value, pod_label(workload, key)))
            if found is Match.NO:
                return found
    return found if ordinals is None else combine(found, has_numbered(selector, ordinals))


def matches(selector: LabelSelector, workload: Workload) -> Match:
    """Whether a label selector, expressions and all, matches the pods of a workload; UNDECIDED where it asks for a number."""
    return match_condition(condition_of_selector(selector), partial(pod_label, workload))


def select_from(workloads: Iterable[Workload], selector: LabelSelector) -> list[tuple[Workload, Match]]:
    """The workloads whose pods a label selector matches or may match, each with how sure that is."""
    condition = condition_of_selector(selector)
    judged = ((item, match_condition(condition, partial(pod_label, item))) for item in workloads)
    return [(item, match) for item, match in judged if match is not Match.NO]


def has_numbered(selector: LabelSelector, ordinals: Ordinals) -> Match:
    """Whether there is a pod with the number that a plain selector asks for; any will do when it asks for none."""
    asked = asked_ordinals(selector, ordinals)
    if any(number is None for number in asked) or len({number for number in asked if isinstance(number, int)}) > 1:
        return Match.NO
    found = Match.YES
    for number in asked:
        there = None if isinstance(number, Unknown) or number is None else ordinals.has(number)
        found = combine(found, Match.UNDECIDED if there is None else Match.YES if there else Match.NO)
    return found


def asked_ordinals(selector: LabelSelector, ordinals: Ordinals) -> list[int | Unknown | None]:
    """The numbers of the pods that the entries of a plain selector ask for; None for a value that no pod has."""
    entries = selector.labels.entries
    return [ordinals.ordinal_of(key, entries[key]) for key in ordinals.prefixes if key in entries]
