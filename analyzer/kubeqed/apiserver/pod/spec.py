"""The specification of a pod as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kubeqed.apiserver.formats.labels import validate_labels
from kubeqed.apiserver.formats.names import dns_label, dns_subdomain, qualified_name, require_name, validate_name
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.annotations import validate_pod_annotations
from kubeqed.apiserver.pod.containers import validate_containers, validate_host_ports
from kubeqed.apiserver.pod.network import validate_network
from kubeqed.apiserver.pod.platform import validate_platform
from kubeqed.apiserver.pod.resources import validate_quantities
from kubeqed.apiserver.pod.scheduling import validate_affinity, validate_tolerations, validate_topology_spread
from kubeqed.apiserver.pod.security import validate_pod_security
from kubeqed.apiserver.pod.storage.volumes import known_volumes, validate_volumes
from kubeqed.apiserver.pod.totals import validate_totals
from kubeqed.apiserver.pod.walk import all_containers
from kubeqed.apiserver.pod.warnings import warn_of_pod
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, duplicate, forbidden, invalid, unsupported
from kubeqed.model.values.known import equals, is_known, is_set, known_or
from kubeqed.parse import Unknown

RESTARTS = ("Always", "OnFailure", "Never")
_PREEMPTIONS = ("PreemptLowerPriority", "Never")
_INT32 = (1 << 31) - 1


class PodSpecUse(NamedTuple):
    """Where the specification stands: a Pod itself, or a template; `claims` are volumes that the workload adds.

    `ignores_hostname` says that the controller overwrites `hostname` and `subdomain`.
    """

    is_pod: bool = False
    claims: frozenset[str] | Unknown = frozenset()
    ignores_hostname: bool = False


def validate_pod_spec(template: Node, server: Server, use: PodSpecUse) -> Iterator[Violation]:
    """The `spec` of a Pod or a template."""
    spec = template["spec"]
    yield from validate_volumes(template, server, use.claims, is_pod=use.is_pod)
    yield from validate_containers(spec, server, known_volumes(spec, use.claims))
    yield from validate_host_ports(spec, is_pod=use.is_pod)
    yield from _validate_words(spec)
    yield from validate_labels(spec["nodeSelector"])
    yield from validate_pod_security(spec, server)
    yield from validate_platform(spec)
    own = template["metadata"]["labels"] if use.is_pod else None
    yield from validate_affinity(spec["affinity"], own)
    yield from validate_tolerations(spec["tolerations"])
    yield from validate_topology_spread(spec["topologySpreadConstraints"], own)
    yield from validate_network(spec, server)
    yield from _validate_names(spec, use, server)
    yield from _validate_file_sources(spec, server)
    yield from validate_pod_annotations(template)
    yield from _validate_numbers(spec)
    if server.version >= (1, 34):  # PodLevelResources, DynamicResourceAllocation
        yield from validate_totals(spec, is_pod=use.is_pod)
        yield from _validate_claims(spec["resourceClaims"])
    yield from _validate_gates(spec, use)
    yield from warn_of_pod(template, server)


def _validate_words(spec: Node) -> Iterator[Violation]:
    if is_set(spec["restartPolicy"].text) and spec["restartPolicy"].text not in RESTARTS:
        yield unsupported(spec["restartPolicy"], RESTARTS)
    preemption = spec["preemptionPolicy"]
    if preemption.present and is_known(preemption.text) and preemption.text not in _PREEMPTIONS:
        yield unsupported(preemption, _PREEMPTIONS)


def _validate_names(spec: Node, use: PodSpecUse, server: Server) -> Iterator[Violation]:
    if equals(spec["serviceAccountName"].text, ""):
        for fault in validate_name(spec["serviceAccount"], dns_subdomain):  # its older name
            yield fault._replace(path=spec["serviceAccountName"].path, place=fault.path)
    for key in ("serviceAccountName", "nodeName", "priorityClassName"):
        yield from validate_name(spec[key], dns_subdomain)
    runtime = spec["runtimeClassName"]
    for why in dns_subdomain(runtime.text) if runtime.present and is_known(runtime.text) else ():
        yield invalid(runtime, why)
    for key in () if use.ignores_hostname else ("hostname", "subdomain"):
        yield from validate_name(spec[key], dns_label)
    override = spec["hostnameOverride"]
    if not override.present or server.version < (1, 35):  # HostnameOverride
        return
    for why in dns_subdomain(override.text) if is_known(override.text) else ():
        yield invalid(override, why)
    if is_known(override.text) and len(override.text) > 64:
        yield invalid(override, "must be no more than 64 characters")
    for key in ("setHostnameAsFQDN", "hostNetwork"):
        if is_set(spec[key].flag):
            yield forbidden(override, f"may not be specified when {key} is true")


def _validate_file_sources(spec: Node, server: Server) -> Iterator[Violation]:
    """Variables from files of volumes, which must be emptyDirs."""
    if not is_known(spec["volumes"].names()) or server.version < (1, 35):  # EnvFiles
        return
    volumes_of_pod = {known_or(volume["name"].text, ""): volume for volume in spec["volumes"].items()}
    for container in all_containers(spec):
        for variable in container["env"].items():
            reference = variable["valueFrom"]["fileKeyRef"]
            name = reference["volumeName"]
            if not reference.present or not is_known(name.text):
                continue
            volume = volumes_of_pod.get(name.text)
            if volume is None:
                yield invalid(name, "is none of the pod's volumes")
            elif volume["emptyDir"].absent and any(node.present for _, node in volume.entries() if node.step != "name"):
                yield invalid(name, "must be a volume of type emptyDir")


def _validate_numbers(spec: Node) -> Iterator[Violation]:
    deadline = spec["activeDeadlineSeconds"]
    if deadline.present and is_known(deadline.number) and not 1 <= deadline.number <= _INT32:
        yield invalid(deadline, f"must be between 1 and {_INT32}")
    yield from validate_quantities(spec["overhead"], ".limits")  # which the server checks as limits


def _validate_claims(node: Node) -> Iterator[Violation]:
    names: set[str] = set()
    for claim in node.items():
        name = claim["name"]
        if is_set(name.text) and name.text in names:
            yield duplicate(name)
        else:
            yield from require_name(name, dns_label)
        names.add(known_or(name.text, ""))
        sources = claim["resourceClaimName"], claim["resourceClaimTemplateName"]
        for source in sources:
            for why in dns_subdomain(source.text) if source.present and is_known(source.text) else ():
                yield invalid(source, why)
        if all(source.present for source in sources) or all(source.absent for source in sources):
            yield forbidden(claim, "must have one of resourceClaimName and resourceClaimTemplateName")


def _validate_gates(spec: Node, use: PodSpecUse) -> Iterator[Violation]:
    for gate in spec["readinessGates"].items():
        if is_known(gate["conditionType"].text):
            for why in qualified_name(gate["conditionType"].text):
                yield invalid(gate["conditionType"], why)
    if use.is_pod and is_set(spec["nodeName"].text) and spec["schedulingGates"].filled:
        yield forbidden(spec["nodeName"], "cannot be set until all schedulingGates have been cleared")
    seen: set[str] = set()
    for gate in spec["schedulingGates"].items():
        name = gate["name"].text
        if not is_known(name):
            continue
        for why in qualified_name(name):
            yield Violation(Reason.VALUE, gate.path, f'names the scheduling gate "{name}" at {gate.path}: {why}')
        if name in seen:
            yield duplicate(gate, what=f'"{name}"')
        seen.add(name)
