"""What differs between two versions and is not compared: policies of other engines, and what creates objects outside the input."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from kubeqed.model.kinds.namespace import Namespace
from kubeqed.model.kinds.object import Object
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.producer import is_producer
from kubeqed.model.units.unit import Unit
from kubeqed.model.unmodelled.policy import policy_kind
from kubeqed.model.unmodelled.policy_kinds import REFERRED_TO
from kubeqed.model.values.fields import Labels, read_field
from kubeqed.parse import Mapping, Sequence, Unknown, Value
from kubeqed.reach.algebra.tokens import encode
from kubeqed.reach.caveats.unmodelled import UnmodelledPolicy, policy_title
from kubeqed.reach.namespaces import DEFAULT, namespace_of
from kubeqed.reach.query.answer import ReachResult

Key = tuple[str, str, str, str]

_ACCOUNT = "serviceAccountName"
_CREATES = "the pods, Services and policies that it may create are not compared"
_SAYS = "what it opens or closes is not compared"


class UncomparedObject(NamedTuple):
    """An object of one version, or of both with another content; `is_policy` says that it may open connections itself."""

    object: Object
    path: str
    text: str
    is_new: bool
    is_policy: bool


def find_uncompared(old: ReachResult, new: ReachResult) -> list[UncomparedObject]:
    """What differs and may open or close connections in a way that is not compared, in order of the manifests."""
    policies = list(_find_changed(old.unit, new.unit, _is_policy, _SAYS, is_policy=True))
    creators = list(_find_changed(old.unit, new.unit, _is_creator, _CREATES, is_policy=False))
    return [*policies, *_find_relabelled(old, new, {id(one.object) for one in policies}), *creators]


def _is_policy(item: Object) -> bool:
    return (item.group, item.kind) in REFERRED_TO or policy_kind(item) is not None


def _is_creator(item: Object) -> bool:
    return is_producer(item) and not _is_policy(item)


def _find_changed(
    old: Unit, new: Unit, concerns: Callable[[Object], bool], consequence: str, *, is_policy: bool
) -> Iterator[UncomparedObject]:
    """The objects that were added, removed or changed, of those that an answer cannot compare."""
    before, after = ({_identify_object(item): item for item in unit.objects if concerns(item)} for unit in (old, new))
    for key, item in after.items():
        was = before.get(key)
        if was is None or _read_content(was) != _read_content(item):
            verb = "added" if was is None else "changed"
            text = f"{policy_title(item)} {verb}: {consequence}"
            yield UncomparedObject(item, "metadata.name", text, is_new=True, is_policy=is_policy)
    for key, item in before.items():
        if key not in after:
            text = f"{policy_title(item)} removed: {consequence}"
            yield UncomparedObject(item, "metadata.name", text, is_new=False, is_policy=is_policy)


def _identify_object(item: Object) -> Key:
    namespace = namespace_of(item) if item.namespace is not None else DEFAULT
    return item.group, item.kind, namespace, encode(item.name) if item.name is not None else ""


def _read_content(item: Object) -> object:
    """All that an object says, without what is only said about it."""
    root = item.identity.root
    return {
        key: _simplify_value(value) for key, value in root.items() if key not in ("apiVersion", "metadata", "status")
    }


def _simplify_value(value: Value) -> object:
    """A value that equals another one written elsewhere; an unknown equals one of the same text."""
    if isinstance(value, Mapping):
        return {key: _simplify_value(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_simplify_value(item) for item in value]
    return ("unknown", value.text) if isinstance(value, Unknown) else (type(value).__name__, value)


def _find_relabelled(old: ReachResult, new: ReachResult, said: set[int]) -> Iterator[UncomparedObject]:
    """Pods and namespaces whose labels changed in a way that a policy, the same in both versions, may look at."""
    policies = [one for one in new.foreign.every if id(one.object) not in said]
    if not policies:
        return
    before = {_identify_object(item): item for item in old.unit.workloads}
    for item in new.unit.workloads:
        was = before.get(_identify_object(item))
        if was is not None:
            yield from _report_seen_keys(
                item, _read_pod_labels(was), _read_pod_labels(item), item.template.labels.path, policies
            )
    spaces = {_identify_object(item): item for item in old.unit.of(Namespace)}
    for space in new.unit.of(Namespace):
        earlier = spaces.get(_identify_object(space))
        if earlier is not None:
            yield from _report_seen_keys(
                space, _encode_labels(earlier.labels), _encode_labels(space.labels), "metadata.labels", policies
            )


def _report_seen_keys(
    item: Object, was: dict[str, str], now: dict[str, str], path: str, policies: list[UnmodelledPolicy]
) -> Iterator[UncomparedObject]:
    keys = [key for key in sorted({*was, *now}) if was.get(key) != now.get(key)]
    words = {key: {key} if key != _ACCOUNT else {was[key], now[key]} for key in keys}
    for policy in policies if keys else ():
        if found := [key for key in keys if _mentions_word(_read_content(policy.object), words[key])]:
            text = f"{item} has another {', '.join(found)}: what {policy.title} says of it is not compared"
            yield UncomparedObject(item, path, text, is_new=True, is_policy=True)
            return


def _read_pod_labels(workload: Workload) -> dict[str, str]:
    """The labels of the pods, and their ServiceAccount, which policies name by its value."""
    account = read_field(read_field(workload.template.node, "spec"), _ACCOUNT)
    return {**_encode_labels(workload.template.labels), _ACCOUNT: account if isinstance(account, str) else ""}


def _encode_labels(labels: Labels) -> dict[str, str]:
    return {key: encode(value) for key, value in labels.entries.items()}


def _mentions_word(content: object, words: set[str]) -> bool:
    """Whether one of the words stands in a key or a text."""
    asked = re.compile("|".join(rf"(?<![\w./-]){re.escape(word)}(?![\w./-])" for word in sorted(filter(None, words))))
    left = [content]
    while left and asked.pattern:
        value = left.pop()
        if isinstance(value, dict):
            left += [*value, *value.values()]
        elif isinstance(value, list | tuple):
            left += value
        elif isinstance(value, str) and asked.search(value):
            return True
    return False
