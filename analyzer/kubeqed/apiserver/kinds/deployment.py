"""Deployment, as pkg/apis/apps/validation of k8s.io/kubernetes judges it."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.metadata import validate_metadata
from kubeqed.apiserver.formats.names import dns_subdomain
from kubeqed.apiserver.kinds.pod_template import (
    is_selector,
    parse_amount,
    refuse_negative,
    require_always_restart,
    validate_selector_of_template,
    validate_share,
    validate_strategy_type,
    validate_template,
)
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.warnings import warn_of_pod_name
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, forbidden, invalid
from kubeqed.model.values.known import equals, is_known, is_one_of

_STRATEGIES = ("Recreate", "RollingUpdate")


def validate_deployment(root: Node, server: Server) -> Iterator[Violation]:
    """A Deployment."""
    spec = root["spec"]
    yield from validate_metadata(root, dns_subdomain)
    yield from warn_of_pod_name(root)
    yield from refuse_negative(spec, "replicas", "minReadySeconds", "revisionHistoryLimit")
    yield from validate_selector_of_template(spec, kind="Deployment")
    if is_selector(spec["selector"]):
        yield from validate_template(spec["template"], server)
        yield from require_always_restart(spec["template"])
    yield from _validate_strategy(spec["strategy"])
    yield from _validate_deadline(spec)


def _validate_strategy(node: Node) -> Iterator[Violation]:
    rolling, kind = node["rollingUpdate"], node["type"].text
    yield from validate_strategy_type(node, _STRATEGIES)
    if equals(kind, "Recreate") and rolling.present:
        yield forbidden(rolling, "may not be specified when strategy `type` is Recreate")
    elif is_one_of(kind, ("", "RollingUpdate")) and rolling.present:
        unavailable, surge = rolling["maxUnavailable"], rolling["maxSurge"]
        yield from validate_share(unavailable, at_most_all=True)
        yield from validate_share(surge)
        if equals(parse_amount(unavailable, 25), 0) and equals(parse_amount(surge, 25), 0):
            yield invalid(unavailable, "may not be 0 when `maxSurge` is 0")


def _validate_deadline(spec: Node) -> Iterator[Violation]:
    deadline, ready = spec["progressDeadlineSeconds"], spec["minReadySeconds"]
    yield from refuse_negative(spec, "progressDeadlineSeconds")
    limit = deadline.number if deadline.present else 600
    if deadline.value is not None and not is_known(deadline.number):
        return
    if is_known(limit) and is_known(ready.number) and limit <= ready.number:
        yield invalid(deadline, f"must be greater than minReadySeconds ({ready.number})")


KINDS = {("apps", "v1", "Deployment"): validate_deployment}
