"""That a plain selector, as a Service has, matches the pods of a workload."""

from __future__ import annotations

from kubeqed.graph.selection import beside, pod_label
from kubeqed.model.object import Object
from kubeqed.model.selector import Selector
from kubeqed.model.workload import Workload
from kubeqed.parse import Unknown
from kubeqed.prove.facts import fact
from kubeqed.prove.formula import And, Equal, Fact, Formula, Holds


def selected(owner: Object, selector: Selector, workload: Workload) -> Formula:
    """That the selector of `owner` matches the pod labels of a workload, namespaces left aside."""
    labels, worn = selector.labels, workload.template.labels
    equal: list[Formula] = []
    for key, value in labels.entries.items():
        label = fact(workload, worn.path_of(key), pod_label(workload, key))
        if label.value is None and isinstance(value, Unknown):  # no value equals one that is not there
            equal.append(Holds(Fact(False, label.text, label.place)))
        else:
            equal.append(Equal(fact(owner, labels.path_of(key), value), label))
    if labels.more is not None:
        rest = beside(labels.more, "whether all matches")
        equal.append(Holds(Fact(rest, f"{owner} {labels.path} is {rest.text}", owner.at(labels.path))))
    return And(tuple(equal))
