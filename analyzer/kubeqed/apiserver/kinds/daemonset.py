"""DaemonSet, as pkg/apis/apps/validation of k8s.io/kubernetes judges it."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.metadata import validate_metadata
from kubeqed.apiserver.formats.names import dns_subdomain
from kubeqed.apiserver.kinds.pod_template import (
    parse_amount,
    refuse_negative,
    require_always_restart,
    validate_selector_of_template,
    validate_share,
    validate_strategy_type,
    validate_template,
)
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, invalid, required
from kubeqed.model.values.known import equals, is_one_of, is_set

_STRATEGIES = ("RollingUpdate", "OnDelete")


def validate_daemonset(root: Node, server: Server) -> Iterator[Violation]:
    """A DaemonSet."""
    spec = root["spec"]
    yield from validate_metadata(root, dns_subdomain)
    if spec["selector"].absent:
        # The server says that nothing selects the template.
        labels = spec["template"]["metadata"]["labels"].path
        yield required(spec["selector"])._replace(path=labels, place=spec["selector"].path)
    else:
        yield from validate_selector_of_template(spec, kind="DaemonSet")
    yield from validate_template(spec["template"], server)
    yield from require_always_restart(spec["template"])
    yield from refuse_negative(spec, "minReadySeconds", "revisionHistoryLimit")
    yield from _validate_strategy(spec["updateStrategy"])


def _validate_strategy(node: Node) -> Iterator[Violation]:
    rolling = node["rollingUpdate"]
    yield from validate_strategy_type(node, _STRATEGIES)
    if not is_one_of(node["type"].text, ("", "RollingUpdate")) or not rolling.present:
        return
    unavailable, surge = rolling["maxUnavailable"], rolling["maxSurge"]
    yield from validate_share(unavailable, at_most_all=True)
    yield from validate_share(surge, at_most_all=True)
    down, up = parse_amount(unavailable, 1), parse_amount(surge, 0)
    if is_set(down) and is_set(up):
        yield invalid(surge, "may not be set when maxUnavailable is non-zero")
    elif equals(down, 0) and equals(up, 0):
        yield required(unavailable, "cannot be 0 when maxSurge is 0")


KINDS = {("apps", "v1", "DaemonSet"): validate_daemonset}
