"""Volume mounts and devices of a container."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.storage.files import refuse_parent_path, require_relative_path
from kubeqed.apiserver.reason import Reason
from kubeqed.apiserver.violation import Violation, forbidden, invalid, required, unsupported

_PROPAGATIONS = ("Bidirectional", "HostToContainer", "None")
Volumes = Mapping[str, bool | None]  # by name; whether a volume may be a device, None when unknown
_READ_ONLY = ("Disabled", "IfPossible", "Enabled")


def validate_mounts(container: Node, volumes: Volumes | None) -> Iterator[Violation]:
    """`volumeMounts` and `volumeDevices`; `volumes` are the pod's volumes, None when unknown."""
    paths: set[str] = set()
    device_paths = {device["devicePath"].text for device in container["volumeDevices"].items()}
    above = (
        container["volumeMounts"].path if container["volumeMounts"].filled else ""
    )  # the server leaves the index out
    devices = {device["name"].text for device in container["volumeDevices"].items()}
    for mount in container["volumeMounts"].items():
        name, path = mount["name"], mount["mountPath"]
        yield from _named(name, volumes)
        if path.text == "":
            yield required(path)
        elif path.text in paths:
            yield invalid(path, "must be unique")
        paths.add(path.text or "")
        if name.text is not None and name.text in devices:
            yield invalid(name, "must not already exist in volumeDevices")
        if path.text is not None and path.text in device_paths:
            yield invalid(path, "must not already exist as a path in volumeDevices")
        for fault in _details(mount, container):
            field = fault.path.removeprefix(mount.path)
            named_there = fault.path if field == ".subPathExpr" and mount["subPath"].text else f"{above}{field}"
            yield fault._replace(path=named_there, place=fault.path)
    yield from _devices(container, volumes)


def _devices(container: Node, volumes: Volumes | None) -> Iterator[Violation]:
    mounted = [*container["volumeMounts"].items()]
    names: set[str] = set()
    paths: set[str] = set()
    for device in container["volumeDevices"].items():
        name, path = device["name"], device["devicePath"]
        yield from _named(name, volumes)
        if name.text and volumes is not None and volumes.get(name.text) is False:
            yield invalid(name, "a device needs a volume of type persistentVolumeClaim or ephemeral")
        if name.text is not None and (name.text in names or name.text in {mount["name"].text for mount in mounted}):
            yield invalid(name, "must be unique in volumeDevices and volumeMounts")
        names.add(name.text or "")
        if path.text == "":
            yield required(path)
        yield from refuse_parent_path(path, path.text or "")
        if path.text and (path.text in paths or path.text in {mount["mountPath"].text for mount in mounted}):
            yield invalid(path, "must be unique in volumeDevices and volumeMounts")
        paths.add(path.text or "")


def _named(name: Node, volumes: Volumes | None) -> Iterator[Violation]:
    if name.text == "":
        yield required(name)
    elif name.text and volumes is not None and name.text not in volumes:
        yield Violation(
            Reason.VALUE,
            name.path,
            f'mounts the volume "{name.text}" at {name.path}, which the pod does not have',
            missing=True,
        )


def _details(mount: Node, container: Node) -> Iterator[Violation]:
    for key in ("subPath", "subPathExpr"):
        if text := mount[key].text:
            yield from require_relative_path(mount[key], text)
    if mount["subPath"].text and mount["subPathExpr"].text:
        yield forbidden(mount["subPathExpr"], "subPathExpr and subPath are mutually exclusive")
    spread = mount["mountPropagation"]
    if spread.present and spread.text is not None and spread.text not in _PROPAGATIONS:
        yield unsupported(spread, _PROPAGATIONS)
    if spread.text == "Bidirectional" and container["securityContext"]["privileged"].flag is False:
        yield forbidden(spread, "Bidirectional is available only to privileged containers")
    recursive = mount["recursiveReadOnly"]
    if recursive.present and recursive.text is not None and recursive.text not in _READ_ONLY:
        yield unsupported(recursive, _READ_ONLY)
    elif recursive.text in ("IfPossible", "Enabled"):
        if mount["readOnly"].flag is False:
            yield forbidden(recursive, "may only be specified when readOnly is true")
        if spread.present and spread.text not in (None, "None"):
            yield forbidden(recursive, "may only be specified when mountPropagation is None or not specified")
