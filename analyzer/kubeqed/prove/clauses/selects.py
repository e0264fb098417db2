"""That a plain selector, as a Service has, matches some pod of a workload."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.ordinals import Ordinals
from kubeqed.model.kinds.selector import LabelSelector
from kubeqed.model.kinds.service import EXTERNAL_NAME, Service
from kubeqed.model.kinds.workload import Workload
from kubeqed.parse import Fresh, Unknown
from kubeqed.prove.engine.facts import make_fact
from kubeqed.prove.engine.formula import FALSE, And, Between, Equal, Fact, Formula, Holds, Not
from kubeqed.resolve import Resolver
from kubeqed.resolve.selection import asked_ordinals, pod_label, unknown_entry


def selects_formula(graph: Resolver, service: Service, workload: Workload) -> Formula:
    """That the selector of a Service matches the labels of some pod of a workload, namespaces left aside."""
    owner, selector = service, service.selector
    ordinals = graph.ordinals(workload)
    by_number = frozenset(() if ordinals is None else ordinals.prefixes)
    parts = [_label_formula(owner, selector, workload, key) for key in selector.labels.entries if key not in by_number]
    if selector.labels.more is not None:
        rest = unknown_entry(selector.labels.more, "whether all matches")
        path = selector.labels.path
        parts.append(Holds(Fact(rest, f"{owner} {path} is {rest.text}", owner.at(path))))
    if ordinals is not None:
        parts += _number_formulas(graph, owner, selector, workload, ordinals)
    return And((*parts, Not(is_external_name(service))))


def is_external_name(service: Service) -> Formula:
    """That a Service is only a name for a host elsewhere: the server ignores its selector, and gives it no address."""
    if not isinstance(service.type, Unknown) and not service.is_external_name:
        return FALSE
    return Equal(make_fact(service, "spec.type", service.type), EXTERNAL_NAME)


def _label_formula(owner: Object, selector: LabelSelector, workload: Workload, key: str) -> Formula:
    """That a workload has the label that an entry of a selector asks for."""
    labels = selector.labels
    value = labels.entries[key]
    label = make_fact(workload, workload.template.labels.path_of(key), pod_label(workload, key))
    if label.value is None and isinstance(value, Unknown):  # no value equals one that is not there
        return Holds(Fact(False, label.text, label.place))
    return Equal(make_fact(owner, labels.path_of(key), value), label)


def _number_formulas(
    graph: Resolver, owner: Object, selector: LabelSelector, workload: Workload, ordinals: Ordinals
) -> Iterator[Formula]:
    """That the entries which ask for a pod by its number ask for one pod, and that there is one with this number."""
    entries = selector.labels.entries
    keys = [key for key in ordinals.prefixes if key in entries]
    first: Fact | None = None
    for key, number in zip(keys, asked_ordinals(selector, ordinals), strict=True):
        asked = make_fact(owner, selector.labels.path_of(key), entries[key])
        if isinstance(number, Unknown):
            yield _label_formula(owner, selector, workload, key)
        elif number is None:
            yield Holds(Fact(False, f"no pod of {workload} has the label {key}: {entries[key]}", asked.place))
        else:
            asked = Fact(number, asked.text, asked.place)
            yield _has_pod(graph, workload, ordinals, asked, number)
            if first is not None:
                yield Equal(first, asked)
            first = first or asked


def _has_pod(graph: Resolver, workload: Workload, ordinals: Ordinals, asked: Fact, number: int) -> Formula:
    low, high = ordinals.first, ordinals.at_most or ordinals.at_least
    if isinstance(low, Unknown) or ordinals.has(number) is None:
        scaled = "".join(f", which {scaler} scales" for scaler in graph.scalers.of(workload)[:1])
        text = f"whether {workload}{scaled} has a pod {number}"
        return Holds(Fact(Unknown(Fresh(text), text), text, workload.at(ordinals.path)))
    last = low + high - 1
    return Between(
        asked,
        Fact(low, f"the first pod of {workload} is {low}", workload.at(ordinals.first_path)),
        Fact(last, f"the last pod of {workload} is {last}", workload.at(ordinals.path)),
    )
