"""Deployment, as pkg/apis/apps/validation of k8s.io/kubernetes judges it."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.metadata import metadata
from kubeqed.apiserver.formats.names import dns_subdomain
from kubeqed.apiserver.kinds.pod_template import (
    always_restarting,
    amount,
    is_selector,
    not_negative,
    selecting,
    share,
    strategy_type,
    template,
)
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.warnings import pod_name
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, forbidden, invalid

_STRATEGIES = ("Recreate", "RollingUpdate")


def deployment(root: Node, server: Server) -> Iterator[Violation]:
    """A Deployment."""
    spec = root["spec"]
    yield from metadata(root, dns_subdomain)
    yield from pod_name(root)
    yield from not_negative(spec, "replicas", "minReadySeconds", "revisionHistoryLimit")
    yield from selecting(spec, kind="Deployment")
    if is_selector(spec["selector"]):
        yield from template(spec["template"], server)
        yield from always_restarting(spec["template"])
    yield from _strategy(spec["strategy"])
    yield from _deadline(spec)


def _strategy(node: Node) -> Iterator[Violation]:
    rolling, kind = node["rollingUpdate"], node["type"].text
    yield from strategy_type(node, _STRATEGIES)
    if kind == "Recreate" and rolling.present:
        yield forbidden(rolling, "may not be specified when strategy `type` is Recreate")
    elif kind in ("", "RollingUpdate") and rolling.present:
        unavailable, surge = rolling["maxUnavailable"], rolling["maxSurge"]
        yield from share(unavailable, at_most_all=True)
        yield from share(surge)
        if amount(unavailable, 25) == 0 and amount(surge, 25) == 0:
            yield invalid(unavailable, "may not be 0 when `maxSurge` is 0")


def _deadline(spec: Node) -> Iterator[Violation]:
    deadline, ready = spec["progressDeadlineSeconds"], spec["minReadySeconds"]
    yield from not_negative(spec, "progressDeadlineSeconds")
    limit = deadline.number if deadline.present else 600
    if deadline.value is not None and deadline.number is None:
        return
    if limit is not None and ready.number is not None and limit <= ready.number:
        yield invalid(deadline, f"must be greater than minReadySeconds ({ready.number})")


KINDS = {("apps", "v1", "Deployment"): deployment}
