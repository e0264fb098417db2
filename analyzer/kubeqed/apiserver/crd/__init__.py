"""Custom resources, judged by the schema and the CEL rules of their CRDs, as the API server judges them.

A kind is known when `apiserver/data/custom.KIND.json` is there, generated from its CRD; adding a kind is adding its file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kubeqed.apiserver.crd.defaults import apply_defaults
from kubeqed.apiserver.crd.rules import evaluate_rules
from kubeqed.apiserver.crd.schema import Resource, Schema, load_resource
from kubeqed.apiserver.crd.structure import validate_structure
from kubeqed.apiserver.decode.decode import decode
from kubeqed.apiserver.formats.metadata import validate_metadata
from kubeqed.apiserver.formats.names import dns_subdomain
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.violation import Violation
from kubeqed.diagnostic import Certainty
from kubeqed.model.cluster import KubernetesVersion


def find_resource(group: str, kind: str) -> Resource | None:
    """What is known of the kind, for which a schema must be there; None when that is of another kind's namesake."""
    found = load_resource(kind.lower())
    return found if (found.group, found.kind) == (group, kind) else None


def validate_custom_resource(
    node: Node, version: str, what: Resource, server: KubernetesVersion
) -> Iterator[Violation]:
    """What the server says to the object: the newest release of the CRD, for sure where all others complain as well."""
    schemas = what.versions.get(version)
    if schemas is None:
        served = ", ".join(f"{what.group}/{name}" for name in what.versions)
        yield Violation(
            Reason.VALUE,
            "apiVersion",
            f"is of {what.group}/{version}, but {what.kind} is served as {served}",
            Certainty.POSSIBLE,
        )
        return
    if version in what.deprecated:
        yield Violation(
            Reason.FIELD_DEPRECATED,
            "apiVersion",
            f"is of {what.group}/{version}, which is deprecated",
            Certainty.POSTURE,
        )
    if node["metadata"].present:
        yield from decode(node["metadata"], "meta.v1.ObjectMeta", server)
    named = [*validate_metadata(node, dns_subdomain, namespaced=what.namespaced, own=False)]
    yield from named
    has_name = not any(fault.missing for fault in named)
    newest, *others = (_validate_release(node, schema, has_name=has_name) for schema in schemas)
    yield from _soften_disputed([*newest], others)


def _soften_disputed(faults: list[Violation], others: Iterable[Iterable[Violation]]) -> Iterator[Violation]:
    """The faults; what another release does not say of the same field is a possibility, unless that left none."""
    blamed = [{fault.path for fault in other} for other in others] if faults else []
    sure = {fault.path for fault in faults}.intersection(*blamed)
    if not sure and all(blamed):
        yield from faults
        return
    for fault in faults:
        yield fault if fault.path in sure else _in_some_release(fault)


def _in_some_release(fault: Violation) -> Violation:
    message = f"{fault.message}, unless the cluster has another release of the CRD"
    return fault._replace(certainty=Certainty.POSSIBLE, message=message)


def _validate_release(node: Node, schema: Schema, *, has_name: bool) -> Iterator[Violation]:
    """What one release says: the structure, then, if that and the name allow it, the CEL rules."""
    whole = apply_defaults(node.value, schema)
    stops = not has_name
    for fault in validate_structure(Node(whole), schema):
        stops = stops or fault.blocking
        yield fault.violation
    if not stops:
        yield from evaluate_rules(Node(whole), schema)
