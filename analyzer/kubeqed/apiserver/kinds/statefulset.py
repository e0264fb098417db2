"""StatefulSet, as pkg/apis/apps/validation of k8s.io/kubernetes judges it."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.claim import validate_claim_spec
from kubeqed.apiserver.formats.metadata import validate_metadata
from kubeqed.apiserver.formats.names import dns_label, require_name, validate_name
from kubeqed.apiserver.kinds.pod_template import (
    is_selector,
    refuse_negative,
    require_always_restart,
    validate_selector_of_template,
    validate_strategy_type,
    validate_template,
)
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.spec import PodSpecUse
from kubeqed.apiserver.pod.warnings import warn_of_fractions
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, forbidden, invalid, rename_path, unsupported, warn
from kubeqed.model.values.known import UNKNOWN, all_known, equals, is_known, is_one_of, is_set, known_or

_MANAGEMENT = ("OrderedReady", "Parallel")
_STRATEGIES = ("RollingUpdate", "OnDelete")
_RETENTION = ("Retain", "Delete")


def validate_statefulset(root: Node, server: Server) -> Iterator[Violation]:
    """A StatefulSet."""
    spec = root["spec"]
    yield from validate_metadata(root, dns_label)
    management = spec["podManagementPolicy"]
    if is_set(management.text) and management.text not in _MANAGEMENT:
        yield invalid(management, "must be OrderedReady or Parallel")
    yield from _validate_strategy(spec["updateStrategy"])
    for key in ("whenDeleted", "whenScaled"):
        policy = spec["persistentVolumeClaimRetentionPolicy"][key]
        if is_set(policy.text) and policy.text not in _RETENTION:
            yield unsupported(policy, _RETENTION)
    for claim in spec["volumeClaimTemplates"].items():
        yield from validate_claim_spec(claim["spec"], server)
        for side in ("requests", "limits"):
            yield from warn_of_fractions(claim["spec"]["resources"][side], "storage")
    history = spec["revisionHistoryLimit"]
    if known_or(history.number, 0) < 0:
        yield warn(history, "is negative, so that all revisions are kept", Reason.FIELD_IGNORED)
    yield from _claim_names(spec)
    yield from refuse_negative(spec, "replicas", "minReadySeconds")
    yield from refuse_negative(spec["ordinals"], "start")
    if server.version >= (1, 33):
        yield from validate_name(spec["serviceName"], dns_label)
    yield from validate_selector_of_template(spec, kind="StatefulSet")
    claims = spec["volumeClaimTemplates"]
    names = all_known(claim["metadata"]["name"].text for claim in claims.items())
    known = frozenset(names) if is_known(names) and is_known(claims.length) else UNKNOWN
    if is_selector(spec["selector"]):
        yield from validate_template(spec["template"], server, PodSpecUse(claims=known, ignores_hostname=True))
    yield from require_always_restart(spec["template"])


def _claim_names(spec: Node) -> Iterator[Violation]:
    """Each claim becomes a volume of its name, before those of the template."""
    names: dict[str | int, Node] = {
        name.text if is_known(name.text) else index: name
        for index, name in enumerate(claim["metadata"]["name"] for claim in spec["volumeClaimTemplates"].items())
    }
    for position, name in enumerate(names.values()):
        for fault in require_name(name, dns_label):
            yield rename_path(fault, f"{spec.path}.template.spec.volumes[{position}].name")


def _validate_strategy(node: Node) -> Iterator[Violation]:
    kind, rolling = node["type"].text, node["rollingUpdate"]
    yield from validate_strategy_type(node, _STRATEGIES)
    if equals(kind, "OnDelete") and rolling.present:
        yield forbidden(rolling, "only allowed for updateStrategy RollingUpdate")
    elif is_one_of(kind, ("", "RollingUpdate")) and rolling.present:
        yield from refuse_negative(rolling, "partition")


KINDS = {("apps", "v1", "StatefulSet"): validate_statefulset}
