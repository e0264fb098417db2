"""The specification of a pod as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.model.admission.labels import labels
from kubeqed.model.admission.names import dns_label, dns_subdomain, named, needs_name, qualified_name
from kubeqed.model.admission.node import Node
from kubeqed.model.admission.pod.containers import containers, host_ports
from kubeqed.model.admission.pod.network import network
from kubeqed.model.admission.pod.resources import quantities
from kubeqed.model.admission.pod.scheduling import affinity, spread, tolerations
from kubeqed.model.admission.pod.security import pod_security
from kubeqed.model.admission.pod.volumes import known_volumes, volumes
from kubeqed.model.admission.pod.warnings import warnings
from kubeqed.model.admission.server import Server
from kubeqed.model.admission.violation import Violation, duplicate, forbidden, invalid, required, unsupported

RESTARTS = ("Always", "OnFailure", "Never")
_INT32 = (1 << 31) - 1


class Use(NamedTuple):
    """Where the specification stands: a Pod itself, or a template; `claims` are volumes that the workload adds, None an unknown one.

    `ignores_hostname` says that the controller overwrites `hostname` and `subdomain`.
    """

    is_pod: bool = False
    claims: tuple[str | None, ...] = ()
    ignores_hostname: bool = False


def pod_spec(template: Node, server: Server, use: Use) -> Iterator[Violation]:
    """The `spec` of a Pod or a template."""
    spec = template["spec"]
    yield from volumes(spec, use.claims)
    yield from containers(spec, server, known_volumes(spec, use.claims))
    yield from host_ports(spec, is_pod=use.is_pod)
    yield from _words(spec)
    yield from labels(spec["nodeSelector"])
    yield from pod_security(spec)
    yield from affinity(spec["affinity"])
    yield from tolerations(spec["tolerations"])
    yield from spread(spec["topologySpreadConstraints"])
    yield from network(spec, server)
    yield from _names(spec, use)
    yield from _numbers(spec)
    yield from _gates(spec)
    yield from _claims(spec["resourceClaims"])
    yield from warnings(template)


def _words(spec: Node) -> Iterator[Violation]:
    for key, words in (("restartPolicy", RESTARTS), ("preemptionPolicy", ("PreemptLowerPriority", "Never"))):
        if spec[key].text and spec[key].text not in words:
            yield unsupported(spec[key], words)
    name = spec["os"]["name"]
    if spec["os"].present and name.text == "":
        yield required(name)
    elif name.text and name.text not in ("linux", "windows"):
        fault = unsupported(name, ("linux", "windows"))
        yield fault._replace(path=spec["os"].path, place=name.path)  # the server names what the name stands in


def _names(spec: Node, use: Use) -> Iterator[Violation]:
    if spec["serviceAccountName"].text == "":
        for fault in named(spec["serviceAccount"], dns_subdomain):  # its older name
            yield fault._replace(path=spec["serviceAccountName"].path, place=fault.path)
    for key in ("serviceAccountName", "nodeName", "priorityClassName", "runtimeClassName"):
        yield from named(spec[key], dns_subdomain)
    for key in () if use.ignores_hostname else ("hostname", "subdomain"):
        yield from named(spec[key], dns_label)
    override = spec["hostnameOverride"]
    if not override.present:
        return
    yield from named(override, dns_subdomain)
    if override.text is not None and len(override.text) > 64:
        yield invalid(override, "must be no more than 64 characters")
    for key in ("setHostnameAsFQDN", "hostNetwork"):
        if spec[key].flag:
            yield forbidden(override, f"may not be specified when {key} is true")


def _numbers(spec: Node) -> Iterator[Violation]:
    deadline = spec["activeDeadlineSeconds"]
    if deadline.present and deadline.number is not None and not 1 <= deadline.number <= _INT32:
        yield invalid(deadline, f"must be between 1 and {_INT32}")
    for key in ("limits", "requests"):
        yield from quantities(spec["resources"][key])
    yield from quantities(spec["overhead"], ".limits")  # which the server checks as limits


def _claims(node: Node) -> Iterator[Violation]:
    for claim in node.items():
        yield from needs_name(claim["name"], dns_label)
        sources = claim["resourceClaimName"], claim["resourceClaimTemplateName"]
        if all(source.present for source in sources) or all(source.absent for source in sources):
            yield forbidden(claim, "must have one of resourceClaimName and resourceClaimTemplateName")


def _gates(spec: Node) -> Iterator[Violation]:
    for gate in spec["readinessGates"].items():
        if gate["conditionType"].text is not None:
            for why in qualified_name(gate["conditionType"].text):
                yield invalid(gate["conditionType"], why)
    seen: set[str] = set()
    for gate in spec["schedulingGates"].items():
        name = gate["name"].text
        if name is None:
            continue
        for why in qualified_name(name):
            yield Violation("value-rejected", gate.path, f'names the scheduling gate "{name}" at {gate.path}: {why}')
        if name in seen:
            yield duplicate(gate, what=f'"{name}"')
        seen.add(name)
