"""Volumes: names and one source each.

Ported from validateVolumeSource of pkg/apis/core/validation. A volume has exactly one source. `_SOURCES` lists them in the
server's order, because of two it names the second. One that is unknown may be the only one, so that nothing is said then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kubeqed.apiserver.formats.claim import validate_claim_spec
from kubeqed.apiserver.formats.labels import validate_annotations, validate_labels
from kubeqed.apiserver.formats.names import dns_label, dns_subdomain, require_name
from kubeqed.apiserver.formats.quantity import parse_quantity
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.storage.disks import CHECKS, NEEDED
from kubeqed.apiserver.pod.storage.files import (
    refuse_parent_path,
    validate_downward_api,
    validate_key_paths,
    validate_projected,
)
from kubeqed.apiserver.pod.storage.mounts import Volumes
from kubeqed.apiserver.server import Server
from kubeqed.apiserver.violation import Violation, duplicate, forbidden, invalid, rename_path, required, unsupported
from kubeqed.model.values.known import UNKNOWN, equals, is_known, is_one_of, is_set, known_only, known_or
from kubeqed.parse import Unknown

PULLS = ("Always", "IfNotPresent", "Never")

# In the server's order: it names the second of two.
_SOURCES = [
    "emptyDir",
    "hostPath",
    "gitRepo",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "secret",
    "nfs",
    "iscsi",
    "glusterfs",
    "flocker",
    "persistentVolumeClaim",
    "rbd",
    "cinder",
    "cephfs",
    "quobyte",
    "downwardAPI",
    "fc",
    "flexVolume",
    "configMap",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "storageos",
    "projected",
    "scaleIO",
    "csi",
    "ephemeral",
    "image",
]
_HOST_TYPES = ("", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket")
# How the server names a source, where that is not how a manifest writes it.
_NAMED = {"gcePersistentDisk": "persistentDisk"}
_GO_NAMES = {"uid": "uID"}  # where the server derives the name from its own
_SECOND = {"cephfs": "cephFS", "downwardAPI": "downwarAPI"}  # as the second of two sources


def known_volumes(spec: Node, claims: frozenset[str] | Unknown) -> Volumes | Unknown:
    """The volumes that containers may mount; unknown when some are."""
    if not is_known(spec["volumes"].length) or not is_known(claims):
        return UNKNOWN
    known: dict[str, bool | Unknown] = {claim: True for claim in claims if claim}
    for volume in spec["volumes"].items():
        if not is_known(volume["name"].text):
            return UNKNOWN
        known.setdefault(volume["name"].text, _may_be_device(volume))
    known.pop("", None)
    return known


def _may_be_device(volume: Node) -> bool | Unknown:
    if any(volume[key].present for key in ("persistentVolumeClaim", "ephemeral")):
        return True
    return False if volume.sure() else UNKNOWN


def validate_volumes(
    template: Node, server: Server, claims: frozenset[str] | Unknown, *, is_pod: bool
) -> Iterator[Violation]:
    """`volumes` of a pod; a volume that has the name of a claim gives way to it, so it is not looked at."""
    if is_known(claims):
        yield from _validate_volumes(template, server, claims, is_pod=is_pod)
    if is_pod:
        yield from _claimed_twice(template["spec"]["volumes"], template["metadata"]["name"])


def _validate_volumes(template: Node, server: Server, claims: frozenset[str], *, is_pod: bool) -> Iterator[Violation]:
    names: set[str] = set()
    listed = template["spec"]["volumes"]
    position = len(claims)  # the server puts the volumes of claims before the others
    for volume in listed.items():
        name = volume["name"]
        if is_one_of(name.text, claims):
            continue
        path = f"{listed.path}[{position}]"
        position += 1
        faults = [*_validate_sources(volume, server, is_pod=is_pod), *require_name(name, dns_label)]
        if is_pod:
            faults += _made_claim(volume, template["metadata"]["name"])
        if is_set(name.text) and name.text in names:
            faults.append(duplicate(name))
        yield from (rename_path(fault, path + fault.path.removeprefix(volume.path)) for fault in faults)
        if not faults and volume.sure():
            names.add(known_or(name.text, ""))


def _validate_sources(volume: Node, server: Server, *, is_pod: bool) -> Iterator[Violation]:
    first: str | None = None
    for key in _SOURCES:
        if volume[key].absent:
            continue
        if not volume[key].present:
            return  # it may be the one source
        if first is not None:
            fault = forbidden(volume[key], "may not specify more than one volume type")
            yield rename_path(fault, f"{volume.path}.{_SECOND.get(key, key)}")
            continue
        first = key
        name = f"{volume.path}.{_NAMED.get(key, key)}"
        for fault in _validate_source(volume[key], key, server, is_pod=is_pod):
            yield rename_path(fault, name + fault.path.removeprefix(volume[key].path))


def _validate_source(source: Node, key: str, server: Server, *, is_pod: bool) -> Iterator[Violation]:
    for needed in NEEDED.get(key, ()):
        if equals(source[needed].text, "") or (needed == "monitors" and equals(source[needed].length, 0)):
            yield required(source[needed])
    yield from _CHECKS.get(key, _accept_any)(source)
    if key == "ephemeral":
        yield from _validate_ephemeral(source, server)
    if key == "image" and server.version >= (1, 35):  # ImageVolume
        yield from _validate_image(source, is_pod=is_pod)


def _validate_ephemeral(node: Node, server: Server) -> Iterator[Violation]:
    template = node["volumeClaimTemplate"]
    if template.absent:
        yield required(template)
        return
    yield from validate_labels(template["metadata"]["labels"])
    yield from validate_annotations(template["metadata"]["annotations"])
    for key, field in template["metadata"].entries():
        if (
            key not in ("labels", "annotations", "creationTimestamp")
            and field.present
            and not field.blank
            and not equals(field.text, "")
        ):
            yield rename_path(forbidden(field, "cannot be set"), f"{template.path}.metadata.{_GO_NAMES.get(key, key)}")
    yield from validate_claim_spec(template["spec"], server)


def _made_claim(volume: Node, pod: Node) -> Iterator[Violation]:
    """The claim of an ephemeral volume is named after the pod and the volume."""
    if volume["ephemeral"].present and is_set(pod.text) and is_set(volume["name"].text):
        for why in dns_subdomain(f"{pod.text}-{volume['name'].text}"):
            fault = invalid(volume["name"], f"its claim would be {pod.text}-{volume['name'].text}: {why}")
            yield fault


def _claimed_twice(listed: Node, pod: Node) -> Iterator[Violation]:
    if not is_set(pod.text):
        return
    templates = [volume["name"].text for volume in listed.items() if volume["ephemeral"].present]
    made = {f"{pod.text}-{name}" for name in known_only(templates)}
    for volume in listed.items():
        claim = volume["persistentVolumeClaim"]["claimName"]
        if is_set(claim.text) and claim.text in made:
            yield invalid(claim, "must not be a claim that is made for an ephemeral volume")


def _validate_image(node: Node, *, is_pod: bool) -> Iterator[Violation]:
    reference, policy = node["reference"], node["pullPolicy"]
    if is_pod and equals(reference.text, ""):
        yield required(reference)
    if is_set(policy.text) and policy.text not in PULLS:
        yield unsupported(policy, PULLS)


def _empty_dir(node: Node) -> Iterator[Violation]:
    size = parse_quantity(node["sizeLimit"].value)
    if is_known(size) and size < 0:
        yield forbidden(node["sizeLimit"], "must not be negative")


def _host_path(node: Node) -> Iterator[Violation]:
    path, kind = node["path"], node["type"]
    if is_set(path.text):
        yield from refuse_parent_path(path, path.text)
    if is_set(kind.text) and not equals(path.text, "") and kind.text not in _HOST_TYPES:
        yield unsupported(kind, _HOST_TYPES[1:])


def _accept_any(_: Node) -> Iterator[Violation]:
    yield from ()


_CHECKS: dict[str, Callable[[Node], Iterator[Violation]]] = {
    **CHECKS,
    "configMap": validate_key_paths,
    "downwardAPI": validate_downward_api,
    "emptyDir": _empty_dir,
    "hostPath": _host_path,
    "projected": validate_projected,
    "secret": validate_key_paths,
}
