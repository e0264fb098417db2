"""What an object of an engine that kubeqed does not model may govern: which pods, in which direction.

What it allows or denies is not known. Where its selector cannot be read it may govern more, never less.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.model.kinds.builtin import BUILTIN
from kubeqed.model.kinds.namespace import NAME_LABEL
from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.selector import read_plain_selector, read_selector
from kubeqed.model.kinds.unmodelled import UnmodelledObject
from kubeqed.model.unmodelled.condition import (
    ALWAYS,
    UNREADABLE,
    AllConditions,
    Condition,
    LabelCondition,
    condition_of_selector,
    parse_expression,
)
from kubeqed.model.unmodelled.policy_kinds import ADMINISTRATORS, KINDS, WRITER, PolicyKind, Scope, Syntax
from kubeqed.model.unmodelled.policy_writer import creates_policies
from kubeqed.model.values.fields import read_field, read_strings, read_text, unknown_below
from kubeqed.parse import Sequence, Unknown, Value

_ADMIN_GROUP = "policy.networking.k8s.io"
_ADMIN_VERSIONS = frozenset(
    {
        ("AdminNetworkPolicy", "v1alpha1"),
        ("BaselineAdminNetworkPolicy", "v1alpha1"),
        ("ClusterNetworkPolicy", "v1alpha2"),
    }
)
_SOURCES = ("k8s:", "any:", "k8s.", "any.")
_POD_NAMESPACE = "io.kubernetes.pod.namespace"
_NAMESPACE_LABELS = "io.cilium.k8s.namespace.labels."


class GovernedPods(NamedTuple):
    """Pods that a policy may govern, by conditions on their labels and on those of their namespace.

    `namespace` is the only one that counts; None: any that meets `namespaces`. The selector stands at `path`.
    """

    path: str
    namespace: str | Unknown | None
    namespaces: Condition
    pods: Condition
    ingress: bool
    egress: bool
    hosts: bool


def policy_kind(item: Object) -> PolicyKind | None:
    """How an object says whom it governs; None when it neither is nor creates a policy that is not modelled."""
    if item.group == _ADMIN_GROUP:
        is_known = (item.kind, item.identity.version) in _ADMIN_VERSIONS
        return None if is_known else ADMINISTRATORS
    found = KINDS.get((item.group, item.kind))
    if found is not None:
        return found if found.decides(item.identity.root) else None
    return (
        WRITER
        if isinstance(item, UnmodelledObject) and (item.group, item.kind) not in BUILTIN and creates_policies(item)
        else None
    )


def find_governed(item: Object, kind: PolicyKind) -> Iterator[GovernedPods]:
    """Whom an object of a kind may govern."""
    for at in kind.parts:
        for path, part in _list_items(item.identity.root, at, ""):
            ingress, egress = _read_directions(part, kind)
            if ingress or egress:
                for where, subject in _list_subjects(part, path, kind):
                    namespace, namespaces = _read_namespaces(item, subject, kind)
                    pods, more = _read_pods(subject, kind)
                    spaces = AllConditions((namespaces, more))
                    yield GovernedPods(
                        f"{where}.{kind.pods}", namespace, spaces, pods, ingress, egress, _is_for_hosts(part, kind)
                    )


def _is_for_hosts(part: Value, kind: PolicyKind) -> bool:
    return kind.hosts is not None and (not kind.hosts or read_field(part, kind.hosts) is not None)


def _read_directions(part: Value, kind: PolicyKind) -> tuple[bool, bool]:
    stated = read_strings(part, kind.types) if kind.types else None
    if stated is not None and stated.more is None and stated.items:
        unknown = any(isinstance(one, Unknown) for one in stated)
        return unknown or "Ingress" in stated.items, unknown or "Egress" in stated.items
    ingress, egress = _holds_key(part, kind.ingress), _holds_key(part, kind.egress)
    return ingress or bool(kind.types and not egress), egress


def _holds_key(part: Value, keys: tuple[str, ...] | None) -> bool:
    return keys is None or any(read_field(part, key) is not None for key in keys)


def _list_subjects(part: Value, path: str, kind: PolicyKind) -> list[tuple[str, Value]]:
    """The selections of a part; the part itself where it has none, which then selects everything."""
    found = list(_list_items(part, kind.subjects, path)) if kind.subjects else []
    return found or [(path, None if kind.subjects else part)]


def _read_namespaces(item: Object, subject: Value, kind: PolicyKind) -> tuple[str | Unknown | None, Condition]:
    """The namespace that counts, or a condition on all."""
    if kind.named:
        return None, _is_named(item.identity.root, kind)
    if kind.scope is Scope.NAMESPACE and not (isinstance(item.namespace, str) and item.namespace in kind.roots):
        return item.namespace, ALWAYS
    return None, AllConditions(tuple(_read_condition(subject, path, kind.syntax) for path in kind.namespaces))


def _is_named(root: Value, kind: PolicyKind) -> Condition:
    parts = (part for at in kind.parts for _, part in _list_items(root, at, ""))
    found = (value for part in parts for _, value in _list_items(part, kind.named, ""))
    names = tuple(name for name in found if isinstance(name, str | Unknown))
    return LabelCondition(NAME_LABEL, "In", names) if names else ALWAYS


def _read_pods(subject: Value, kind: PolicyKind) -> tuple[Condition, Condition]:
    """The conditions on the pods and, where the same selector speaks of it, on their namespace."""
    if not kind.pods:
        return ALWAYS, ALWAYS
    found = _read_condition(subject, kind.pods, kind.syntax)
    return _split_condition(found) if kind.syntax is Syntax.CILIUM else (found, ALWAYS)


def _read_condition(subject: Value, path: str, syntax: Syntax) -> Condition:
    *above, key = path.split(".")
    for step in above:
        subject = read_field(subject, step)
    if syntax is Syntax.CALICO:
        expression = read_text(subject, key)
        return (
            ALWAYS
            if expression is None
            else UNREADABLE
            if isinstance(expression, Unknown)
            else parse_expression(expression)
        )
    if syntax is Syntax.PLAIN:
        return condition_of_selector(read_plain_selector(subject, key, path))
    return condition_of_selector(read_selector(subject, key, path))


def _split_condition(found: Condition) -> tuple[Condition, Condition]:
    """Cilium's selector as one of pods and one of namespaces.

    https://docs.cilium.io/en/stable/security/policy/kubernetes/#namespaces
    """
    pods: list[Condition] = []
    namespaces: list[Condition] = []
    for part in found.parts if isinstance(found, AllConditions) else (found,):
        if not isinstance(part, LabelCondition):
            pods.append(part)
            continue
        source = next((source for source in _SOURCES if part.key.startswith(source)), "")
        leaf = part._replace(key=part.key.removeprefix(source))
        if leaf.key == _POD_NAMESPACE:
            namespaces.append(leaf._replace(key=NAME_LABEL))
        elif leaf.key.startswith(_NAMESPACE_LABELS):
            namespaces.append(leaf._replace(key=leaf.key.removeprefix(_NAMESPACE_LABELS)))
        else:
            pods.append(UNREADABLE if _is_ciliums_own(leaf.key) else leaf)
    return AllConditions(tuple(pods)), AllConditions(tuple(namespaces))


def _is_ciliums_own(key: str) -> bool:
    """Whether a key is none of a pod's own labels."""
    return ":" in key or key.startswith(("io.cilium.", "io.kubernetes."))


def _list_items(root: Value, path: str, above: str) -> Iterator[tuple[str, Value]]:
    """The values at a path, each with where it stands; an unknown one for items that the input does not show."""
    found = [(above, root)]
    for step in filter(None, path.split(".")):
        if step == "*":
            found = [one for at, value in found for one in _list_each(value, at)]
        else:
            found = [(f"{at}.{step}" if at else step, read_field(value, step)) for at, value in found]
    return iter(found)


def _list_each(value: Value, at: str) -> Iterator[tuple[str, Value]]:
    if isinstance(value, Sequence):
        yield from ((f"{at}[{number}]", item) for number, item in enumerate(value))
    if isinstance(value, Unknown) or (isinstance(value, Sequence) and value.open):
        yield at, unknown_below(value, "*")
