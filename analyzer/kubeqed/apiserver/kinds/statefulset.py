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
from kubeqed.apiserver.violation import Violation, forbidden, invalid, renamed, unsupported, warned

_MANAGEMENT = ("OrderedReady", "Parallel")
_STRATEGIES = ("RollingUpdate", "OnDelete")
_RETENTION = ("Retain", "Delete")


def validate_statefulset(root: Node, server: Server) -> Iterator[Violation]:
    """A StatefulSet."""
    spec = root["spec"]
    yield from validate_metadata(root, dns_label)
    management = spec["podManagementPolicy"]
    if management.text and management.text not in _MANAGEMENT:
        yield invalid(management, "must be OrderedReady or Parallel")
    yield from _strategy(spec["updateStrategy"])
    for key in ("whenDeleted", "whenScaled"):
        policy = spec["persistentVolumeClaimRetentionPolicy"][key]
        if policy.text and policy.text not in _RETENTION:
            yield unsupported(policy, _RETENTION)
    for claim in spec["volumeClaimTemplates"].items():
        yield from validate_claim_spec(claim["spec"], server)
        for side in ("requests", "limits"):
            yield from warn_of_fractions(claim["spec"]["resources"][side], "storage")
    history = spec["revisionHistoryLimit"]
    if (history.number or 0) < 0:
        yield warned(history, "is negative, so that all revisions are kept", Reason.FIELD_IGNORED)
    yield from _claim_names(spec)
    yield from refuse_negative(spec, "replicas", "minReadySeconds")
    yield from refuse_negative(spec["ordinals"], "start")
    if server.version >= (1, 33):
        yield from validate_name(spec["serviceName"], dns_label)
    yield from validate_selector_of_template(spec, kind="StatefulSet")
    claims = spec["volumeClaimTemplates"]
    names = tuple(claim["metadata"]["name"].text for claim in claims.items())
    known = names if claims.length is not None else (None,)
    if is_selector(spec["selector"]):
        yield from validate_template(spec["template"], server, PodSpecUse(claims=known, ignores_hostname=True))
    yield from require_always_restart(spec["template"])


def _claim_names(spec: Node) -> Iterator[Violation]:
    """Each claim becomes a volume of its name, before those of the template."""
    names = {
        claim["metadata"]["name"].text: claim["metadata"]["name"] for claim in spec["volumeClaimTemplates"].items()
    }
    for position, name in enumerate(names.values()):
        for fault in require_name(name, dns_label):
            yield renamed(fault, f"{spec.path}.template.spec.volumes[{position}].name")


def _strategy(node: Node) -> Iterator[Violation]:
    kind, rolling = node["type"].text, node["rollingUpdate"]
    yield from validate_strategy_type(node, _STRATEGIES)
    if kind == "OnDelete" and rolling.present:
        yield forbidden(rolling, "only allowed for updateStrategy RollingUpdate")
    elif kind in ("", "RollingUpdate") and rolling.present:
        yield from refuse_negative(rolling, "partition")


KINDS = {("apps", "v1", "StatefulSet"): validate_statefulset}
