"""HorizontalPodAutoscaler, as pkg/apis/autoscaling/validation of k8s.io/kubernetes judges it.

Each metric has a type and the one field that belongs to it. Of several fields the server names those that do not belong, and
looks into the first alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kubeqed.apiserver.formats.metadata import validate_metadata
from kubeqed.apiserver.formats.names import dns_label, dns_subdomain, path_segment, require_name, validate_name
from kubeqed.apiserver.formats.quantity import parse_quantity
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.resources import container_resource_faults
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, forbidden, invalid, rename_path, required, unsupported
from kubeqed.diagnostic import Certainty
from kubeqed.model.values.known import equals, is_known, is_one_of, is_set

_SOURCES = {
    "Object": "object",
    "External": "external",
    "Pods": "pods",
    "Resource": "resource",
    "ContainerResource": "containerResource",
}
_TARGETS = ("Utilization", "Value", "AverageValue")
_LONGEST_WINDOW = 3600
_LONGEST_PERIOD = 1800


def validate_horizontalpodautoscaler(root: Node, server: Server) -> Iterator[Violation]:
    """A HorizontalPodAutoscaler of v2."""
    yield from _validate_fields(root, server)
    spec = root["spec"]
    for metric in spec["metrics"].items():
        yield from _validate_metric(metric)
    for key in ("scaleUp", "scaleDown"):
        if spec["behavior"][key].present:
            yield from _validate_rules(spec["behavior"][key])


def validate_version1(root: Node, server: Server) -> Iterator[Violation]:
    """A HorizontalPodAutoscaler of v1, which knows CPU only."""
    yield from _validate_fields(root, server)
    spec = root["spec"]
    utilization = spec["targetCPUUtilizationPercentage"]
    if utilization.present and is_known(utilization.number) and utilization.number < 1:
        fault = invalid(utilization, "must be greater than 0")
        # The server turns it into a metric of v2; those of an annotation come before.
        first = root["metadata"]["annotations"]["autoscaling.alpha.kubernetes.io/metrics"].absent
        yield rename_path(fault, "spec.metrics[0].resource.target.averageUtilization" if first else fault.path)


def _validate_fields(root: Node, server: Server) -> Iterator[Violation]:
    spec = root["spec"]
    least, most, target = spec["minReplicas"], spec["maxReplicas"], spec["scaleTargetRef"]
    yield from validate_metadata(root, dns_subdomain, counted=False)
    yield from _validate_minimum(least, spec["metrics"], server)
    if equals(most.number, 0):
        yield required(most, "must be set and greater than 0")
    elif is_known(most.number) and most.number < 0:
        yield invalid(most, "must be greater than or equal to 1")
    if least.present and is_known(least.number) and is_known(most.number) and most.number < least.number:
        yield invalid(most, "must be greater than or equal to `minReplicas`")
    yield from require_name(target["kind"], path_segment)
    yield from require_name(target["name"], path_segment)
    if server.version >= (1, 36):
        yield from _validate_group(target)


def _validate_minimum(least: Node, metrics: Node, server: Server) -> Iterator[Violation]:
    """Zero needs a metric that exists without pods, and a feature gate, which whoever writes such a metric has most likely set."""
    if not least.present or not is_known(least.number) or least.number >= 1:
        return
    without_pods = any(is_one_of(metric["type"].text, ("Object", "External")) for metric in metrics.items())
    if least.number < 0 or not server.scales_to_zero:
        otherwise = " (0 needs Kubernetes 1.37 or the feature gate HPAScaleToZero)" if least.number == 0 else ""
        refused = invalid(least, f"must be greater than or equal to 1{otherwise}")
        yield refused._replace(certainty=Certainty.POSSIBLE) if without_pods and least.number == 0 else refused
    elif metrics.sure() and not without_pods:
        yield forbidden(metrics, "scaling to zero needs at least one metric of type Object or External")


def _validate_group(target: Node) -> Iterator[Violation]:
    """The API version of what is scaled; only the ReplicationController is of the core group."""
    version, kind = target["apiVersion"], target["kind"].text
    if (
        not is_known(version.text)
        or not is_known(kind)
        or kind == "ReplicationController"
        or re.fullmatch("[^/]+/[^/]*", version.text)
    ):
        return
    fault = invalid(version, "must name an API group, such as apps/v1")
    yield fault._replace(missing=version.absent)


def _validate_metric(metric: Node) -> Iterator[Violation]:
    kind = metric["type"]
    if not is_known(kind.text):
        return
    expected = _SOURCES.get(kind.text)
    if expected is None:
        yield required(kind) if kind.text == "" else unsupported(kind, _SOURCES)
        return
    if metric[expected].absent:
        yield required(metric[expected], f"type {kind.text} needs it")
    written = [source for source in _SOURCES.values() if metric[source].present]
    for source in written if len(written) > 1 else ():
        if source != expected:
            yield forbidden(metric[source], f"type {kind.text} allows {expected} only")
    for source in written[:1]:  # of several only the first is looked at
        yield from _validate_source(metric[source], source)


def _validate_source(node: Node, kind: str) -> Iterator[Violation]:
    if kind in ("resource", "containerResource"):
        if equals(node["name"].text, ""):
            yield required(node["name"], "must specify a resource name")
        if kind == "containerResource":
            yield from require_name(node["container"], dns_label)
            yield from validate_name(node["name"], container_resource_faults)
    else:
        yield from require_name(node["metric"]["name"], path_segment)
    if kind == "object":
        yield from require_name(node["describedObject"]["kind"], path_segment)
        yield from require_name(node["describedObject"]["name"], path_segment)
    yield from _validate_target(node["target"], kind)


def _validate_target(target: Node, kind: str) -> Iterator[Violation]:
    words, value, average = target["type"], target["value"], target["averageValue"]
    utilization = target["averageUtilization"]
    if equals(words.text, ""):
        yield required(words, "must specify a metric target type")
    elif is_set(words.text) and words.text not in _TARGETS:
        yield invalid(words, "must be Utilization, Value or AverageValue")
    for node in (value, average):
        amount = parse_quantity(node.value)
        if is_known(amount) and amount <= 0:
            yield invalid(node, "must be positive")
    if utilization.present and is_known(utilization.number) and utilization.number < 1:
        yield invalid(utilization, "must be greater than 0")
    if kind in ("object", "external") and value.absent and average.absent:
        yield required(average, "must set either a target value or averageValue")
    elif kind == "external" and value.present and average.present:
        yield forbidden(value, "may not set both a target value and averageValue")
    elif kind == "pods" and average.absent:
        yield required(average, "must specify a positive target averageValue")
    elif kind in ("resource", "containerResource"):
        if utilization.absent and average.absent:
            yield required(utilization, "must set either averageValue or averageUtilization")
        elif utilization.present and average.present:
            yield forbidden(average, "may not set both averageValue and averageUtilization")


def _validate_rules(rules: Node) -> Iterator[Violation]:
    window, select = rules["stabilizationWindowSeconds"], rules["selectPolicy"]
    if is_known(window.number) and not 0 <= window.number <= _LONGEST_WINDOW:
        yield invalid(window, f"must be between 0 and {_LONGEST_WINDOW}")
    if select.present and is_known(select.text) and select.text not in ("Max", "Min", "Disabled"):
        yield unsupported(select, ("Max", "Min", "Disabled"))
    if rules["policies"].present and equals(rules["policies"].length, 0):
        yield required(rules["policies"], "must specify at least one policy")
    tolerance = parse_quantity(rules["tolerance"].value)
    if is_known(tolerance) and tolerance < 0:
        yield invalid(rules["tolerance"], "must be greater than or equal to 0")
    for policy in rules["policies"].items():
        kind, value, period = policy["type"], policy["value"], policy["periodSeconds"]
        if is_known(kind.text) and kind.text not in ("Pods", "Percent"):
            yield unsupported(kind, ("Pods", "Percent"))
        if is_known(value.number) and value.number <= 0:
            yield invalid(value, "must be greater than zero")
        if is_known(period.number) and not 0 < period.number <= _LONGEST_PERIOD:
            yield invalid(period, f"must be greater than zero and at most {_LONGEST_PERIOD}")


KINDS = {
    ("autoscaling", "v2", "HorizontalPodAutoscaler"): validate_horizontalpodautoscaler,
    ("autoscaling", "v1", "HorizontalPodAutoscaler"): validate_version1,
}
