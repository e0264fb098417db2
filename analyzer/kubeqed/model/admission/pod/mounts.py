"""Volume mounts and devices of a container."""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.model.admission.node import Node
from kubeqed.model.admission.pod.volumes import relative
from kubeqed.model.admission.violation import VALUE, Violation, forbidden, invalid, required, unsupported

_PROPAGATIONS = ("Bidirectional", "HostToContainer", "None")
_READ_ONLY = ("Disabled", "IfPossible", "Enabled")


def mounts(container: Node, volumes: frozenset[str] | None) -> Iterator[Violation]:
    """`volumeMounts` and `volumeDevices`; `volumes` are the names of the pod's volumes, None when unknown."""
    paths: set[str] = set()
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
        if name.text and name.text in devices:
            yield invalid(name, "must not already exist in volumeDevices")
        for fault in _details(mount, container):
            field = fault.path.removeprefix(mount.path)
            named_there = fault.path if field == ".subPathExpr" and mount["subPath"].text else f"{above}{field}"
            yield fault._replace(path=named_there, place=fault.path)
    for device in container["volumeDevices"].items():
        yield from _named(device["name"], volumes)
        if device["devicePath"].text == "":
            yield required(device["devicePath"])


def _named(name: Node, volumes: frozenset[str] | None) -> Iterator[Violation]:
    if name.text == "":
        yield required(name)
    elif name.text and volumes is not None and name.text not in volumes:
        yield Violation(
            VALUE, name.path, f'mounts the volume "{name.text}" at {name.path}, which the pod does not have'
        )


def _details(mount: Node, container: Node) -> Iterator[Violation]:
    for key in ("subPath", "subPathExpr"):
        if text := mount[key].text:
            yield from relative(mount[key], text)
    if mount["subPath"].text and mount["subPathExpr"].text:
        yield forbidden(mount["subPathExpr"], "subPathExpr and subPath are mutually exclusive")
    spread = mount["mountPropagation"]
    if spread.text and spread.text not in _PROPAGATIONS:
        yield unsupported(spread, _PROPAGATIONS)
    if spread.text == "Bidirectional" and container["securityContext"]["privileged"].flag is False:
        yield forbidden(spread, "Bidirectional is available only to privileged containers")
    recursive = mount["recursiveReadOnly"]
    if recursive.text and recursive.text not in _READ_ONLY:
        yield unsupported(recursive, _READ_ONLY)
    elif recursive.text in ("IfPossible", "Enabled") and mount["readOnly"].flag is False:
        yield forbidden(recursive, "may only be specified when readOnly is true")
