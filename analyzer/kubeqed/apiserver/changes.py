"""What may not change between two versions of one object.

Ported from the Validate…Update functions of k8s.io/kubernetes. Only fields that are known in both versions are compared;
an absent field counts as its default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kubeqed.apiserver.node import Node, strip_nulls
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.service import EXTERNAL_NAME, LOAD_BALANCER, NODE_PORT, type_of
from kubeqed.apiserver.service.addresses import written_addresses
from kubeqed.apiserver.violation import Violation
from kubeqed.model.values.known import equals, is_known, is_one_of, is_set, known_or
from kubeqed.parse import Mapping, Unknown, Value

_ONCE_SET = "may not change once set"
_CHANGEABLE = (
    "replicas, ordinals, template, updateStrategy, revisionHistoryLimit, persistentVolumeClaimRetentionPolicy and"
    " minReadySeconds"
)


def find_forbidden_changes(group: str, kind: str, before: Mapping, after: Mapping) -> Iterator[Violation]:
    """What the server refuses to change in an object of the kind."""
    check = _CHECKS.get((group, kind))
    if check is not None:
        yield from check(Node(before), Node(after))


def _are_different(before: Node, after: Node, default: Value = None) -> bool:
    """Whether both are known and not the same."""
    if not before.sure() or not after.sure():
        return False
    one, two = (default if _is_empty(node) else strip_nulls(node.value) for node in (before, after))
    return one != two


def _is_empty(node: Node) -> bool:
    return node.absent or node.blank or equals(node.text, "")


def _make_fixed_check(*keys: str) -> Callable[[Node, Node], Iterator[Violation]]:
    """The check of a field that may not change at all."""

    def check(before: Node, after: Node) -> Iterator[Violation]:
        old, new = before.down(*keys), after.down(*keys)
        if _are_different(old, new):
            yield Violation(Reason.VALUE, new.path, f"changes {new.path}: field is immutable")

    return check


def _compare_statefulsets(before: Node, after: Node) -> Iterator[Violation]:
    old, new = before["spec"], after["spec"]
    for key, default in (
        ("serviceName", None),
        ("selector", None),
        ("podManagementPolicy", "OrderedReady"),
        ("volumeClaimTemplates", None),
    ):
        if _are_different(old[key], new[key], default):
            # The server names the whole specification.
            what = f"changes {new[key].path}: only {_CHANGEABLE} may change"
            yield Violation(Reason.VALUE, "spec", what, place=new[key].path)
            return


def _compare_services(before: Node, after: Node) -> Iterator[Violation]:
    old, new = before["spec"], after["spec"]
    was_type, type_ = type_of(old), type_of(new)
    if not is_known(was_type) or not is_known(type_) or EXTERNAL_NAME in (was_type, type_):
        return
    yield from _compare_addresses(old, new)
    if was_type == type_ == LOAD_BALANCER and _are_different(old["loadBalancerClass"], new["loadBalancerClass"]):
        path = new["loadBalancerClass"].path
        yield Violation(Reason.VALUE, path, f"changes {path}: {_ONCE_SET}")
    was, will = _health_check(old), _health_check(new)
    if is_set(was) and is_set(will) and was != will:
        path = new["healthCheckNodePort"].path
        yield Violation(Reason.VALUE, path, f"changes {path}: field is immutable")


def _health_check(spec: Node) -> int | Unknown:
    """The stated port of a health check; 0 where none is needed or stated."""
    needed = equals(type_of(spec), LOAD_BALANCER) and equals(spec["externalTrafficPolicy"].text, "Local")
    return spec["healthCheckNodePort"].number if needed else 0


def _compare_addresses(old: Node, new: Node) -> Iterator[Violation]:
    """An address that is left out stays; one that was given by the server is no other than it was."""
    held, wanted = written_addresses(old), written_addresses(new)
    if not is_known(held) or not is_known(wanted):
        return
    if not wanted:
        yield from _stays_headless(held, new)
        return
    was, will = known_or(held[0].text, "") if held else "", known_or(wanted[0].text, "")
    if was != will and (was or will == "None"):
        yield Violation(
            Reason.VALUE, "spec.clusterIPs[0]", f"changes the cluster IP to {will}: {_ONCE_SET}", place="spec.clusterIP"
        )


def _stays_headless(held: list[Node], new: Node) -> Iterator[Violation]:
    kind = type_of(new)
    if held and equals(held[0].text, "None") and is_one_of(kind, (NODE_PORT, LOAD_BALANCER)):
        what = f"changes {new['type'].path} to {kind}, for which the clusterIP None, which stays, may not be set"
        yield Violation(Reason.SERVICE_TYPE, "spec.clusterIPs[0]", what, place=new["type"].path)


def _compare_frozen(before: Node, after: Node) -> Iterator[Violation]:
    """ConfigMap and Secret: nothing may change once `immutable` is set."""
    if not is_set(before["immutable"].flag):
        return
    if equals(after["immutable"].flag, False):
        yield Violation(Reason.VALUE, "immutable", "changes immutable: it may not be unset")
    for key in ("data", "binaryData"):
        if _are_different(before[key], after[key]):
            yield Violation(Reason.VALUE, key, f"changes {key}: the object is immutable")


def _compare_secrets(before: Node, after: Node) -> Iterator[Violation]:
    if _are_different(before["type"], after["type"], "Opaque"):
        yield Violation(Reason.VALUE, "type", "changes type: field is immutable")
    yield from _compare_frozen(before, after)


def _compare_jobs(before: Node, after: Node) -> Iterator[Violation]:
    for key in ("backoffLimitPerIndex", "managedBy", "podFailurePolicy", "selector", "successPolicy", "completionMode"):
        old, new = before["spec"][key], after["spec"][key]
        if _are_different(old, new, "NonIndexed" if key == "completionMode" else None) and not _same_failures(old, new):
            yield Violation(Reason.VALUE, f"spec.{key}", f"changes spec.{key}: field is immutable")
    if _are_different(before["spec"]["template"], after["spec"]["template"]) and not is_set(
        before["spec"]["suspend"].flag
    ):
        yield Violation(Reason.VALUE, "spec.template", "changes spec.template: field is immutable")


def _same_failures(before: Node, after: Node) -> bool:
    """Whether two policies differ at most in a status that is True also when it is left out."""
    return before.step == "podFailurePolicy" and _fill_policies(before) == _fill_policies(after)


def _fill_policies(policy: Node) -> list[object]:
    rules = [(rule, [*rule["onPodConditions"].items()]) for rule in policy["rules"].items()]
    return [
        [
            {key: strip_nulls(entry.value) for key, entry in rule.entries() if key != "onPodConditions"},
            [
                [known_or(pattern["type"].text, ""), known_or(pattern["status"].text, "") or "True"]
                for pattern in patterns
            ],
        ]
        for rule, patterns in rules
    ]


_CHECKS: dict[tuple[str, str], Callable[[Node, Node], Iterator[Violation]]] = {
    ("apps", "StatefulSet"): _compare_statefulsets,
    ("apps", "Deployment"): _make_fixed_check("spec", "selector"),
    ("apps", "ReplicaSet"): _make_fixed_check("spec", "selector"),
    ("apps", "DaemonSet"): _make_fixed_check("spec", "selector"),
    ("batch", "Job"): _compare_jobs,
    ("", "Service"): _compare_services,
    ("", "Secret"): _compare_secrets,
    ("", "ConfigMap"): _compare_frozen,
    ("networking.k8s.io", "IngressClass"): _make_fixed_check("spec", "controller"),
    ("discovery.k8s.io", "EndpointSlice"): _make_fixed_check("addressType"),
}
