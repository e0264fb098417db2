"""That a plain selector, as a Service has, matches the pods of a workload."""

from __future__ import annotations

from kubeqed.graph.selection import beside, pod_label
from kubeqed.model.object import Object
from kubeqed.model.selector import Selector
from kubeqed.model.workload import Workload
from kubeqed.prove.facts import fact
from kubeqed.prove.formula import And, Equal, Fact, Formula, Holds


def selected(owner: Object, selector: Selector, workload: Workload) -> Formula:
    """That the selector of `owner` matches the pod labels of a workload, namespaces left aside."""
    labels, worn = selector.labels, workload.template.labels
    equal: list[Formula] = [
        Equal(fact(owner, labels.path_of(key), value), fact(workload, worn.path_of(key), pod_label(workload, key)))
        for key, value in labels.entries.items()
    ]
    if labels.more is not None:
        rest = beside(labels.more, "whether all matches")
        equal.append(Holds(Fact(rest, f"{owner} {labels.path} is {rest.text}", owner.at(labels.path))))
    return And(tuple(equal))
