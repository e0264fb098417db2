"""Resources of a pod as a whole, against what its containers ask for together.

Ported from validatePodResources of pkg/apis/core/validation and AggregateContainerRequests of k8s.io/component-helpers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kubeqed.apiserver.formats.names import qualified_name
from kubeqed.apiserver.formats.quantity import parse_quantity
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.resources import HUGE_PAGES, validate_amounts
from kubeqed.apiserver.violation import Violation, forbidden, invalid, rename_path
from kubeqed.model.values.known import equals, is_known, known_or

_SUPPORTED = ("cpu", "memory")
_LISTS = ("containers", "initContainers")


def validate_totals(spec: Node, *, is_pod: bool) -> Iterator[Violation]:
    """`resources` of a pod; only of a Pod itself, not of a template, does the server fill in what is left out."""
    node = spec["resources"]
    if not node.present:
        return
    if equals(spec["os"]["name"].text, "windows"):
        yield forbidden(node, "may not be set for a windows pod")
        return
    if node["claims"].present:
        yield forbidden(node["claims"], "may not be set for the pod as a whole")
    yield from validate_amounts(node, _name_faults)
    if not all(spec[key].sure() for key in _LISTS) or not node.sure():
        return
    for name, asked in _add_up(spec, "requests", with_limits=is_pod).items():
        yield from _at_least(node["requests"], name, asked, "the requests of its containers together")
        most = parse_quantity(node["limits"][name].value)
        if is_pod and node["requests"][name].absent and name in _SUPPORTED and is_known(most) and asked > most:
            fault = invalid(node["limits"][name], "must be at least the requests of its containers together")
            yield rename_path(fault, node["requests"].path)
    for name, most in _add_up(spec, "limits").items():
        if name.startswith(HUGE_PAGES):
            yield from _at_least(node["limits"], name, most, "the limits of its containers together")
    yield from _validate_limits(spec)


def _name_faults(name: str) -> list[str]:
    faults = qualified_name(name)
    if faults or name in _SUPPORTED or name.startswith(HUGE_PAGES):
        return faults
    return ["must be cpu, memory or huge pages"]


def _at_least(amounts_of_pod: Node, name: str, least: int, what: str) -> Iterator[Violation]:
    entry = amounts_of_pod[name]
    amount = parse_quantity(entry.value)
    if is_known(amount) and amount < least:
        yield rename_path(invalid(entry, f"must be at least {what}"), f"{amounts_of_pod.path}[{name}]")


def _validate_limits(spec: Node) -> Iterator[Violation]:
    """No container may be allowed more than the pod."""
    of_pod = spec["resources"]["limits"]
    for index, container in enumerate(spec["containers"].items()):
        for name, entry in container["resources"]["limits"].entries():
            most, amount = parse_quantity(of_pod[name].value), parse_quantity(entry.value)
            if is_known(most) and is_known(amount) and amount > most:
                fault = invalid(entry, f"must be at most the limit of the pod ({of_pod[name].value})")
                yield rename_path(fault, f"{spec.path}.resources.containers[{index}][{name}].limits")


def _add_up(spec: Node, side: str, *, with_limits: bool = False) -> Counter[str]:
    """What all containers take at most at one time: those that run, or one that prepares beside the sidecars."""
    running: Counter[str] = Counter()
    sidecars: Counter[str] = Counter()
    preparing: Counter[str] = Counter()
    for container in spec["containers"].items():
        running.update(_read_amounts(container, side, with_limits=with_limits))
    for container in spec["initContainers"].items():
        asked = _read_amounts(container, side, with_limits=with_limits)
        if equals(container["restartPolicy"].text, "Always"):
            running.update(asked)
            sidecars.update(asked)
            preparing |= sidecars
        else:
            preparing |= asked + sidecars
    return running | preparing


def _read_amounts(container: Node, side: str, *, with_limits: bool) -> Counter[str]:
    """The amounts of a container; its limit stands for a request that is left out."""
    amounts_of_container = dict(container["resources"][side].entries())
    if with_limits:
        amounts_of_container = {**dict(container["resources"]["limits"].entries()), **amounts_of_container}
    return Counter({name: known_or(parse_quantity(entry.value), 0) for name, entry in amounts_of_container.items()})
