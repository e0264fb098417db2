"""Labels that differ from those asked for by one slip: in a value, in a key, or in where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from kubeqed.model.kinds.workload import Workload
from kubeqed.model.label_match import Lookup
from kubeqed.model.values.fields import Labels
from kubeqed.model.values.match import Match, same_value
from kubeqed.parse import Unknown
from kubeqed.resolve.edit_distance import are_near
from kubeqed.resolve.missing.reference import Candidate
from kubeqed.resolve.missing.unclaimed import NearbyWorkloads
from kubeqed.resolve.selection import pod_label

AskedLabels = Mapping[str, str | Unknown]
LabelTest = Callable[[str, str], bool]
"""Whether something of the input has the very label: then a selector that asks for it is no slip."""


def find_near_pods(asked: AskedLabels, beside: NearbyWorkloads, is_on_a_pod: LabelTest) -> Iterator[Candidate]:
    """The workloads whose labels differ from those asked for by a slip."""
    for workload in beside.near(asked):
        wrong = list_wrong(asked, partial(pod_label, workload))
        path = find_slip(wrong, workload.template.labels, is_on_a_pod)
        if path is not None:
            yield Candidate(workload, path, f"the pods of {workload} have nearly these labels")
        elif _labels_beside_template(wrong, workload):
            why = f"{workload} has the labels on itself, not on its pod template"
            yield Candidate(workload, "metadata.labels", why)


def find_slip(wrong: AskedLabels, labels: Labels, is_on_a_pod: LabelTest) -> str | None:
    """The path of the one label that differs by a slip in its value or its key from what is asked for and not there."""
    # Two labels that differ are no slip. Where a template may put in more labels, one that differs is not known to be
    # the only one.
    if len(wrong) != 1:
        return None
    ((key, value),) = wrong.items()
    if isinstance(value, Unknown) or is_on_a_pod(key, value):
        return None
    there = labels.entries.get(key)
    if isinstance(there, str):
        return labels.path_of(key) if are_near(value, there) else None
    for other, had in labels.entries.items():
        if are_near(key, other) and same_value(had, value) is Match.YES:
            return labels.path_of(other)
    return None


def list_wrong(asked: AskedLabels, value_of: Lookup) -> AskedLabels:
    """Those of the labels asked for that are surely not there."""
    return {key: value for key, value in asked.items() if same_value(value, value_of(key)) is Match.NO}


def _labels_beside_template(wrong: AskedLabels, workload: Workload) -> bool:
    own, template = workload.labels.entries, workload.template
    return bool(template.path and wrong) and all(
        key not in template.labels.entries and key in own and same_value(own[key], value) is Match.YES
        for key, value in wrong.items()
    )
