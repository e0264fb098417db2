"""Which objects are fragments: their file's name says so, or fields are missing without which the server refuses them."""

from __future__ import annotations

import re

from kubeqed.apiserver.admit import admit, find_violations
from kubeqed.apiserver.decode.removed import find_removal
from kubeqed.apiserver.decode.table import fields_of, is_field_name, type_of
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.server import Server
from kubeqed.build.kustomize.names import LOCAL_CONFIG
from kubeqed.diagnostic import Certainty
from kubeqed.model.file_names import is_assertion, may_be_part
from kubeqed.model.kinds.object import Object
from kubeqed.model.units.fragment import Fragment
from kubeqed.model.units.read import Manifest
from kubeqed.parse import Mapping, Sequence, Value

_WORKLOAD = ("spec.selector", "spec.template.spec.containers")
_JOB = ("spec.template.spec.containers", "spec.template.spec.restartPolicy")
_ROUTE = ("spec.rules",)
_REJECTED = Certainty.REJECTED

# The fields without which the server refuses a kind, whatever else it says; a test holds them against the validators.
_NEEDED: dict[tuple[str, str], tuple[str, ...]] = {
    ("", "Pod"): ("spec.containers",),
    ("", "ReplicationController"): ("spec.template",),
    ("", "Service"): ("spec.ports", "spec.selector"),  # headless ones and names for others need no ports
    ("apps", "DaemonSet"): _WORKLOAD,
    ("apps", "Deployment"): _WORKLOAD,
    ("apps", "ReplicaSet"): _WORKLOAD,
    ("apps", "StatefulSet"): _WORKLOAD,
    ("autoscaling", "HorizontalPodAutoscaler"): ("spec.maxReplicas", "spec.scaleTargetRef"),
    ("batch", "CronJob"): ("spec.schedule", *(f"spec.jobTemplate.{path}" for path in _JOB)),
    ("batch", "Job"): _JOB,
    ("discovery.k8s.io", "EndpointSlice"): ("addressType",),
    ("networking.k8s.io", "Ingress"): ("spec.rules", "spec.defaultBackend"),
    ("networking.k8s.io", "IngressClass"): ("spec.controller",),
    ("gateway.networking.k8s.io", "BackendTLSPolicy"): ("spec.targetRefs", "spec.validation"),
    ("gateway.networking.k8s.io", "Gateway"): ("spec.gatewayClassName", "spec.listeners"),
    ("gateway.networking.k8s.io", "GatewayClass"): ("spec.controllerName",),
    ("gateway.networking.k8s.io", "TCPRoute"): _ROUTE,
    ("gateway.networking.k8s.io", "TLSRoute"): ("spec.hostnames", *_ROUTE),
    ("gateway.networking.k8s.io", "UDPRoute"): _ROUTE,
}
_SELECTING = frozenset(kind for kind, fields in _NEEDED.items() if fields == _WORKLOAD)
# https://kubectl.docs.kubernetes.io/references/kustomize/glossary/#local-configuration
_WHOLE_WITHOUT = re.compile(r"\w*NetworkPolicy|ConfigMap|Namespace")  # a policy without a spec isolates every pod


def mark_fragments(manifest: Manifest) -> Manifest:
    """The manifest with those of its objects that seem no whole ones."""
    foreign = next(filter(None, map(_foreign_keys, manifest.objects)), None)
    if foreign:
        why = f"its file holds what another program reads ({', '.join(foreign)})"
        return manifest._replace(fragments=tuple(Fragment(item, why, foreign=True) for item in manifest.objects))
    return manifest._replace(fragments=tuple(filter(None, map(_fragment_of, manifest.objects))))


def _foreign_keys(item: Object) -> list[str]:
    """The keys beside the kind, if there are several, that are no field of anything, nor look like one: those of a test and its expectations."""
    strange = [key for key in item.identity.root if not is_field_name(key)]
    if len(strange) < 2:  # most objects end here, before the server is asked
        return []
    unknown = {
        found.path: found.suggestion
        for found in find_violations(item, Server())
        if found.reason == Reason.FIELD_UNKNOWN
    }
    foreign = [key for key in strange if key in unknown]
    return foreign if len(foreign) > 1 and not any(unknown[key] for key in item.identity.root if key in unknown) else []


def _fragment_of(item: Object) -> Fragment | None:
    """The object as a fragment, where its file's name or what it lacks says so."""
    if item.identity.root.get("$patch") is not None:
        return Fragment(item, "$patch makes it a patch")
    if _is_local(item):
        return Fragment(item, f"{LOCAL_CONFIG} keeps it from the server")
    if expected := _tell_expectation(item):
        return Fragment(item, expected)
    if _WHOLE_WITHOUT.fullmatch(item.kind):
        return None
    if may_be_part(item.file) and _lacks_in_any_version(item):
        return Fragment(
            item, "its file is named as a patch or a list for deletion, and required fields are missing", True
        )
    if "metadata" not in item.identity.root and len(_list_missing(item)) > 1:
        return Fragment(item, "it has no metadata, and other required fields are missing", True)
    if _holds_nothing_of_its_kind(item):
        return Fragment(
            item, "it has neither metadata nor any field of its kind, as what a program reads for itself", True
        )
    if _changes_containers(item):
        return Fragment(item, "its selector and an image are missing, as in a patch of its containers", True)
    needed = _NEEDED.get((item.group, item.kind), ())
    if (item.group, item.kind) == ("", "Secret") and not _is_of_account(item):
        needed = ("data", "stringData")  # of those types that need keys
    if (
        needed
        and not any(_is_written(item, path) for path in needed)
        and _list_missing(item)
        and not _has_unknown_field(item)
    ):
        return Fragment(item, f"it has nothing of what its kind needs ({', '.join(needed)})", True)
    return None


def _is_of_account(secret: Object) -> bool:
    """Whether the server itself fills a Secret, with a token of the account that an annotation names."""
    value = secret.identity.root.get("type")
    return isinstance(value, str) and value == "kubernetes.io/service-account-token"


def _is_local(item: Object) -> bool:
    """Whether only tools read the object: they take it for true whatever the annotation says, but for `false`."""
    value = item.annotations.entries.get(LOCAL_CONFIG)
    return isinstance(value, str) and value != "false"


def _tell_expectation(item: Object) -> str | None:
    """Why the object is what a test expects of a cluster; None where nothing says so."""
    if is_assertion(item.file):
        return "its file is named as an assertion of a test suite"
    if _holds_expression(item.identity.root):
        return "a key of it is an expression in parentheses, as Chainsaw writes what it expects"
    if _is_expected_of_a_cluster(item):
        return "its owners have neither apiVersion nor uid, as in what a test expects of a cluster"
    return None


def _holds_expression(root: Mapping) -> bool:
    """Whether a key of the object, or of one of its parts, is an expression of Chainsaw: `(conditions[?type == 'Ready'])`.

    https://kyverno.github.io/chainsaw/latest/quick-start/assertion-trees/
    """
    parts = (root, *(part for part in root.values() if isinstance(part, Mapping)))
    return any(key[:1] in "(~" and key[-1:] == ")" for part in parts for key in part)


def _is_expected_of_a_cluster(item: Object) -> bool:
    """Whether what differs from run to run was taken out of its owners: only the server knows a uid, and owners are never written without."""
    metadata = item.identity.root.get("metadata")
    owners = metadata.get("ownerReferences") if isinstance(metadata, Mapping) else None
    if not isinstance(owners, Sequence) or not owners:
        return False
    return all(
        isinstance(owner, Mapping) and not {"apiVersion", "uid"} & owner.keys() and "name" in owner for owner in owners
    )


def _holds_nothing_of_its_kind(item: Object) -> bool:
    """Whether nothing of what is written beside the kind belongs to one, nor looks like a misspelling of what does.

    A name alone makes a whole ServiceAccount, so that there `metadata` was forgotten.
    """
    root, identity = item.identity.root, item.identity
    served = type_of(identity.group, identity.version, identity.kind)
    others = root.keys() - {"apiVersion", "kind"}
    if served is None or not others or identity.kind == "ServiceAccount" or others & fields_of(served.code).keys():
        return False
    return not any(found.suggestion for found in find_violations(item, Server()))


def _changes_containers(item: Object) -> bool:
    """Whether a workload has neither a selector nor the image of a container, and no key looks like a misspelling of them."""
    if (item.group, item.kind) not in _SELECTING or item.holds("spec.selector"):
        return False
    found = tuple(find_violations(item, Server()))
    lacking = [violation for violation in found if violation.missing and violation.certainty is _REJECTED]
    missing = {violation.place or violation.path for violation in lacking}
    return (
        "spec.selector" in missing
        and any(path.endswith(".image") for path in missing)
        and not any(violation.reason == Reason.FIELD_UNKNOWN and violation.suggestion for violation in found)
    )


def _is_written(item: Object, path: str) -> bool:
    """Whether something is written at a path: keys alone, none of which has a value, are a form to be filled in."""
    value: Value = item.identity.root
    for step in path.split("."):
        if not isinstance(value, Mapping) or step not in value:
            return False
        value = value[step]
    return _says_something(value)


def _says_something(value: Value) -> bool:
    if isinstance(value, Mapping | Sequence) and value:
        return any(map(_says_something, value.values() if isinstance(value, Mapping) else value))
    return value is not None


def _list_missing(item: Object) -> list[str]:
    """The required fields that are missing; none where the API version was removed."""
    return [found.path for found in find_violations(item, Server()) if found.missing and found.certainty is _REJECTED]


def _lacks_in_any_version(item: Object) -> bool:
    """Whether required fields are missing; of an API version that was removed, those of the one that replaced it."""
    if item.kind == "CustomResourceDefinition":  # what its schema demands is not known here
        return not item.holds("spec.group")
    gone = find_removal(item.group, item.identity.version, item.kind)
    if gone is None or not gone.instead:
        return bool(_list_missing(item))
    group, version = gone.instead.split("/")
    said = admit(item.identity.root, group, version, item.kind, Server())
    return any(found.missing and found.certainty is _REJECTED for found in said)


def _has_unknown_field(item: Object) -> bool:
    return any(found.reason == Reason.FIELD_UNKNOWN for found in find_violations(item, Server()))
