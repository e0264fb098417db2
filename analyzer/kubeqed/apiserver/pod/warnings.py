"""What the server accepts in a pod with a warning (pkg/api/pod/warnings.go)."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.apiserver.formats.names import as_prefix, dns_label
from kubeqed.apiserver.formats.quantity import ONE, parse_quantity
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.deprecated import warn_of_deprecated_fields
from kubeqed.apiserver.pod.overlaps import warn_of_overlaps
from kubeqed.apiserver.pod.walk import all_containers
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, warn
from kubeqed.diagnostic import Certainty
from kubeqed.model.values.known import all_known, equals, is_known, is_set, known_or

_MOST_OF_PREFIX = 58
_WHOLE = ("memory", "ephemeral-storage")


def warn_of_pod(template: Node, server: Server) -> Iterator[Violation]:
    """Deprecated, ignored and doubled fields."""
    spec, is_pod = template["spec"], template.parent is None
    yield from warn_of_deprecated_fields(template, server)
    yield from warn_of_overlaps(spec)
    yield from _warn_of_doubled(spec["hostAliases"], "ip")
    yield from _warn_of_doubled(spec["imagePullSecrets"], "name")
    for secret in spec["imagePullSecrets"].items():
        if equals(secret["name"].text, ""):
            yield warn(secret["name"], "is empty and names no Secret", Reason.FIELD_IGNORED, Certainty.LIKELY)
    yield from _warn_of_fractions(spec)
    yield from _warn_of_ports(spec, fills_host_ports=is_pod and not equals(spec["hostNetwork"].flag, False))
    yield from _port_names(spec)
    yield from _warn_of_variables(spec)
    yield from _warn_of_unselecting(spec)
    grace = spec["terminationGracePeriodSeconds"]
    if known_or(grace.number, 0) < 0 and not is_pod:  # of a Pod the server corrects it without a word
        yield warn(grace, "is negative and will be treated as 1", Reason.FIELD_IGNORED, Certainty.LIKELY)


def _warn_of_doubled(node: Node, key: str) -> Iterator[Violation]:
    seen: set[str] = set()
    for item in node.items():
        text = item[key].text
        if is_known(text) and text in seen:
            yield warn(item[key], "stands in the list twice", Reason.FIELD_IGNORED)
        seen.add(known_or(text, ""))


def _warn_of_fractions(spec: Node) -> Iterator[Violation]:
    """Amounts of bytes that are no whole numbers, such as 500m."""
    yield from warn_of_fractions(spec["overhead"], *_WHOLE)
    for container in all_containers(spec):
        for side in ("limits", "requests"):
            yield from warn_of_fractions(container["resources"][side], *_WHOLE)
    for volume in spec["volumes"].items():
        resources = volume["ephemeral"]["volumeClaimTemplate"]["spec"]["resources"]
        for side in ("requests", "limits"):
            yield from warn_of_fractions(resources[side], "storage")


def warn_of_fractions(node: Node, *names: str) -> Iterator[Violation]:
    """The named resources of which a fraction of a byte is asked."""
    for name in names:
        amount = parse_quantity(node[name].value)
        if is_known(amount) and amount % ONE:
            yield warn(node[name], "is a fraction of a byte, which is invalid", Reason.FIELD_IGNORED, Certainty.LIKELY)


def warn_of_pod_name(root: Node) -> Iterator[Violation]:
    """A name that becomes that of pods, and so a host name."""
    name = root["metadata"]["name"]
    if equals(name.text, ""):
        name = root["metadata"]["generateName"]  # of which the server takes so much
    for why in as_prefix(dns_label)(name.text[:_MOST_OF_PREFIX]) if is_set(name.text) else ():
        yield warn(name, f"is used in names of hosts: {why}", Reason.VALUE)


def _warn_of_ports(spec: Node, *, fills_host_ports: bool) -> Iterator[Violation]:
    """Ports declared twice; in a Pod on the host network the server fills in host ports."""
    seen: dict[tuple[int, str], list[Node]] = {}
    for container in all_containers(spec):
        for port in container["ports"].items():
            if is_set(port["hostIP"].text) and equals(port["hostPort"].number, 0) and not fills_host_ports:
                yield warn(port["hostIP"], "has no effect without hostPort", Reason.FIELD_IGNORED, Certainty.LIKELY)
            number, protocol = port["containerPort"].number, port["protocol"].text
            if not is_set(number) or not is_known(protocol):
                continue
            others = seen.setdefault((number, protocol or "TCP"), [])
            for other in others:
                if _do_overlap(port, other):
                    what = f"declares {number}/{protocol or 'TCP'} at {port.path}, as at {other.path}"
                    yield Violation(Reason.CONTAINER_PORT_CLASH, port.path, what, _rate_meeting(port, other))
                    break
            others.append(port)


def _port_names(spec: Node) -> Iterator[Violation]:
    """Names that several containers give to a port; who asks for the name gets the first."""
    seen: dict[str, Node] = {}
    for container in all_containers(spec):
        for port in container["ports"].items():
            name = port["name"]
            first = seen.setdefault(name.text, name) if is_set(name.text) else name
            if first is not name:
                what = f"names a port {name.text} at {port.path}, as at {first.path}, which is the one that is found"
                yield Violation(Reason.CONTAINER_PORT_CLASH, name.path, what, Certainty.POSTURE)


def _rate_meeting(one: Node, two: Node) -> Certainty:
    """How bad it is that two declarations of a port meet: within a container, or where one has ended, it is untidy."""
    containers = [port.parent.parent for port in (one, two) if port.parent is not None]
    first, second = (container for container in containers if container is not None)
    if first.path == second.path or any(_has_ended(container) for container in (first, second)):
        return Certainty.POSTURE
    return Certainty.LIKELY


def _has_ended(container: Node) -> bool:
    """Whether it is, or may be, an init container that ends before the others start."""
    return "initContainers" in container.path and not equals(container["restartPolicy"].text, "Always")


def _do_overlap(one: Node, two: Node) -> bool:
    """Whether two declarations of a port surely meet on the host too."""
    ports = all_known((one["hostPort"].number, two["hostPort"].number))
    addresses = all_known((one["hostIP"].text, two["hostIP"].text))
    if not is_known(ports) or not is_known(addresses):
        return False
    same = ports[0] == ports[1]
    return 0 in ports or (same and (addresses[0] == addresses[1] or "" in addresses))


def _warn_of_variables(spec: Node) -> Iterator[Violation]:
    for container in all_containers(spec):
        seen: set[str] = set()
        for variable in container["env"].items():
            name, value = variable["name"].text, variable["value"].text
            hides = is_known(value) and (value == f"$({name})" or f"$({name})" not in value)
            if is_set(name) and name in seen and hides:
                yield warn(variable, f"hides the earlier definition of {name}", Reason.FIELD_IGNORED, Certainty.LIKELY)
            seen.add(known_or(name, ""))


def _warn_of_unselecting(spec: Node) -> Iterator[Violation]:
    for constraint in spec["topologySpreadConstraints"].items():
        if constraint["labelSelector"].absent:
            yield _selects_nothing(constraint["labelSelector"])
    for kind in ("podAffinity", "podAntiAffinity"):
        terms = spec["affinity"][kind]
        weighted = terms["preferredDuringSchedulingIgnoredDuringExecution"].items()
        preferred = (item["podAffinityTerm"] for item in weighted)
        for term in (*terms["requiredDuringSchedulingIgnoredDuringExecution"].items(), *preferred):
            if term["labelSelector"].absent:
                yield _selects_nothing(term["labelSelector"])


def _selects_nothing(selector: Node) -> Violation:
    what = f"lacks {selector.path}: without a selector it matches no pod"
    return Violation(Reason.FIELD_IGNORED, selector.path, what, Certainty.LIKELY)
