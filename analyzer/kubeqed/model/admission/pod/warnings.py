"""What the server accepts in a pod with a warning (pkg/api/pod/warnings.go)."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.diagnostic import Certainty
from kubeqed.model.admission.node import Node
from kubeqed.model.admission.violation import Violation, warned

DEPRECATED = "field-deprecated"
IGNORED = "field-ignored"
CLASH = "container-port-clash"

_NO_LONGER = {
    "photonPersistentDisk": "deprecated in 1.11, without effect since 1.16",
    "scaleIO": "deprecated in 1.16, without effect since 1.22",
    "flocker": "deprecated in 1.22, without effect since 1.25",
    "storageos": "deprecated in 1.22, without effect since 1.25",
    "quobyte": "deprecated in 1.22, without effect since 1.25",
    "glusterfs": "deprecated in 1.25, without effect since 1.26",
    "cephfs": "deprecated in 1.28, without effect since 1.31",
    "rbd": "deprecated in 1.28, without effect since 1.31",
    "gitRepo": "deprecated in 1.11, disabled by default since 1.33",
}
_ANNOTATIONS = {
    "scheduler.alpha.kubernetes.io/critical-pod": "without effect since 1.16: priorityClassName does it",
    "security.alpha.kubernetes.io/sysctls": "without effect since 1.11: sysctls does it",
    "security.alpha.kubernetes.io/unsafe-sysctls": "without effect since 1.11: sysctls does it",
}


def warnings(template: Node) -> Iterator[Violation]:
    """Deprecated, ignored and doubled fields."""
    spec = template["spec"]
    for key, what in _ANNOTATIONS.items():
        if template["metadata"]["annotations"][key].present:
            yield warned(template["metadata"]["annotations"][key], f"is {what}", DEPRECATED)
    for volume in spec["volumes"].items():
        for key, what in _NO_LONGER.items():
            if volume[key].present:
                yield warned(volume[key], f"is {what}", DEPRECATED)
    yield from _ports(spec, fills_host_ports=template.parent is None and spec["hostNetwork"].flag is not False)
    yield from _variables(spec)
    yield from _unselecting(spec)
    grace = spec["terminationGracePeriodSeconds"]
    if (grace.number or 0) < 0:
        yield warned(grace, "is negative and will be treated as 1", IGNORED, Certainty.LIKELY)


def _all_containers(spec: Node) -> Iterator[Node]:
    for key in ("initContainers", "containers", "ephemeralContainers"):
        yield from spec[key].items()


def _ports(spec: Node, *, fills_host_ports: bool) -> Iterator[Violation]:
    """Ports declared twice; in a Pod on the host network the server fills in host ports."""
    seen: dict[tuple[int, str], list[Node]] = {}
    for container in _all_containers(spec):
        for port in container["ports"].items():
            if port["hostIP"].text and port["hostPort"].number == 0 and not fills_host_ports:
                yield warned(port["hostIP"], "has no effect without hostPort", IGNORED, Certainty.LIKELY)
            number, protocol = port["containerPort"].number, port["protocol"].text
            if not number or protocol is None:
                continue
            others = seen.setdefault((number, protocol or "TCP"), [])
            for other in others:
                if _overlap(port, other):
                    what = f"declares {number}/{protocol or 'TCP'} at {port.path}, as at {other.path}"
                    yield Violation(CLASH, port.path, what, _meeting(port, other))
                    break
            others.append(port)


def _meeting(one: Node, two: Node) -> Certainty:
    """How bad it is that two declarations of a port meet: within a container, or where one has ended, it is untidy."""
    containers = [port.parent.parent for port in (one, two) if port.parent is not None]
    first, second = (container for container in containers if container is not None)
    if first.path == second.path or any(_has_ended(container) for container in (first, second)):
        return Certainty.POSTURE
    return Certainty.LIKELY


def _has_ended(container: Node) -> bool:
    """Whether it is, or may be, an init container that ends before the others start."""
    return "initContainers" in container.path and container["restartPolicy"].text != "Always"


def _overlap(one: Node, two: Node) -> bool:
    """Whether two declarations of a port surely meet on the host too."""
    ports = one["hostPort"].number, two["hostPort"].number
    addresses = one["hostIP"].text, two["hostIP"].text
    if None in ports or None in addresses:
        return False
    same = ports[0] == ports[1]
    return 0 in ports or (same and (addresses[0] == addresses[1] or "" in addresses))


def _variables(spec: Node) -> Iterator[Violation]:
    for container in _all_containers(spec):
        seen: set[str] = set()
        for variable in container["env"].items():
            name, value = variable["name"].text, variable["value"].text
            if name and name in seen and value is not None and f"$({name})" not in value:
                yield warned(variable, f"hides the earlier definition of {name}", IGNORED, Certainty.LIKELY)
            seen.add(name or "")


def _unselecting(spec: Node) -> Iterator[Violation]:
    for constraint in spec["topologySpreadConstraints"].items():
        if constraint["labelSelector"].absent:
            yield warned(constraint["labelSelector"], "is not set, which matches no pod", IGNORED, Certainty.LIKELY)
    for kind in ("podAffinity", "podAntiAffinity"):
        terms = spec["affinity"][kind]
        weighted = terms["preferredDuringSchedulingIgnoredDuringExecution"].items()
        preferred = (item["podAffinityTerm"] for item in weighted)
        for term in (*terms["requiredDuringSchedulingIgnoredDuringExecution"].items(), *preferred):
            if term["labelSelector"].absent:
                yield warned(term["labelSelector"], "is not set, which matches no pod", IGNORED, Certainty.LIKELY)
