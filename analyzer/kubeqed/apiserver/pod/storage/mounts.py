"""Volume mounts and devices of a container."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.storage.files import refuse_parent_path, require_relative_path
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.violation import Violation, forbidden, invalid, required, unsupported
from kubeqed.model.values.known import equals, is_known, is_one_of, is_set, known_only, known_or
from kubeqed.parse import Unknown

_PROPAGATIONS = ("Bidirectional", "HostToContainer", "None")
Volumes = Mapping[str, bool | Unknown]  # by name; whether a volume may be a device
_READ_ONLY = ("Disabled", "IfPossible", "Enabled")


def validate_mounts(container: Node, volumes: Volumes | Unknown) -> Iterator[Violation]:
    """`volumeMounts` and `volumeDevices`; `volumes` are the pod's volumes."""
    paths: set[str] = set()
    device_paths = set(known_only(device["devicePath"].text for device in container["volumeDevices"].items()))
    above = (
        container["volumeMounts"].path if container["volumeMounts"].filled else ""
    )  # the server leaves the index out
    devices = set(known_only(device["name"].text for device in container["volumeDevices"].items()))
    for mount in container["volumeMounts"].items():
        name, path = mount["name"], mount["mountPath"]
        yield from _validate_volume_name(name, volumes)
        if equals(path.text, ""):
            yield required(path)
        elif is_one_of(path.text, paths):
            yield invalid(path, "must be unique")
        paths.add(known_or(path.text, ""))
        if is_known(name.text) and name.text in devices:
            yield invalid(name, "must not already exist in volumeDevices")
        if is_known(path.text) and path.text in device_paths:
            yield invalid(path, "must not already exist as a path in volumeDevices")
        for fault in _validate_details(mount, container):
            field = fault.path.removeprefix(mount.path)
            named_there = fault.path if field == ".subPathExpr" and is_set(mount["subPath"].text) else f"{above}{field}"
            yield fault._replace(path=named_there, place=fault.path)
    yield from _validate_devices(container, volumes)


def _validate_devices(container: Node, volumes: Volumes | Unknown) -> Iterator[Violation]:
    mounts = [*container["volumeMounts"].items()]
    mounted = set(known_only(mount["name"].text for mount in mounts))
    mount_paths = set(known_only(mount["mountPath"].text for mount in mounts))
    names: set[str] = set()
    paths: set[str] = set()
    for device in container["volumeDevices"].items():
        name, path = device["name"], device["devicePath"]
        yield from _validate_volume_name(name, volumes)
        if is_set(name.text) and is_known(volumes) and equals(volumes.get(name.text), False):
            yield invalid(name, "a device needs a volume of type persistentVolumeClaim or ephemeral")
        if is_known(name.text) and (name.text in names or name.text in mounted):
            yield invalid(name, "must be unique in volumeDevices and volumeMounts")
        names.add(known_or(name.text, ""))
        if equals(path.text, ""):
            yield required(path)
        yield from refuse_parent_path(path, known_or(path.text, ""))
        if is_set(path.text) and (path.text in paths or path.text in mount_paths):
            yield invalid(path, "must be unique in volumeDevices and volumeMounts")
        paths.add(known_or(path.text, ""))


def _validate_volume_name(name: Node, volumes: Volumes | Unknown) -> Iterator[Violation]:
    if equals(name.text, ""):
        yield required(name)
    elif is_set(name.text) and is_known(volumes) and name.text not in volumes:
        yield Violation(
            Reason.VALUE,
            name.path,
            f'mounts the volume "{name.text}" at {name.path}, which the pod does not have',
            missing=True,
        )


def _validate_details(mount: Node, container: Node) -> Iterator[Violation]:
    for key in ("subPath", "subPathExpr"):
        if is_set(text := mount[key].text):
            yield from require_relative_path(mount[key], text)
    if is_set(mount["subPath"].text) and is_set(mount["subPathExpr"].text):
        yield forbidden(mount["subPathExpr"], "subPathExpr and subPath are mutually exclusive")
    spread = mount["mountPropagation"]
    if spread.present and is_known(spread.text) and spread.text not in _PROPAGATIONS:
        yield unsupported(spread, _PROPAGATIONS)
    if equals(spread.text, "Bidirectional") and equals(container["securityContext"]["privileged"].flag, False):
        yield forbidden(spread, "Bidirectional is available only to privileged containers")
    recursive = mount["recursiveReadOnly"]
    if recursive.present and is_known(recursive.text) and recursive.text not in _READ_ONLY:
        yield unsupported(recursive, _READ_ONLY)
    elif is_one_of(recursive.text, ("IfPossible", "Enabled")):
        if equals(mount["readOnly"].flag, False):
            yield forbidden(recursive, "may only be specified when readOnly is true")
        if spread.present and is_known(spread.text) and spread.text != "None":
            yield forbidden(recursive, "may only be specified when mountPropagation is None or not specified")
