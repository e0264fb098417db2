"""Volumes: names, one source each, and the sources that manifests use most."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kubeqed.model.admission.names import dns_label, needs_name
from kubeqed.model.admission.node import Node
from kubeqed.model.admission.quantity import quantity
from kubeqed.model.admission.violation import Violation, duplicate, forbidden, invalid, required, unsupported

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
_PROJECTED = ("secret", "configMap", "downwardAPI", "serviceAccountToken")  # what no feature gate guards
_NEEDED = {
    "cephfs": ("monitors",),
    "rbd": ("monitors", "image"),
    "iscsi": ("targetPortal", "iqn"),
    "quobyte": ("registry", "volume"),
    "portworxVolume": ("volumeID",),
    "photonPersistentDisk": ("pdID",),
    "scaleIO": ("gateway", "system", "volumeName"),
    "persistentVolumeClaim": ("claimName",),
    "secret": ("secretName",),
    "configMap": ("name",),
    "nfs": ("server", "path"),
    "csi": ("driver",),
    "gitRepo": ("repository",),
    "gcePersistentDisk": ("pdName",),
    "awsElasticBlockStore": ("volumeID",),
    "glusterfs": ("endpoints", "path"),
    "cinder": ("volumeID",),
    "flexVolume": ("driver",),
    "azureFile": ("secretName", "shareName"),
    "azureDisk": ("diskName", "diskURI"),
    "vsphereVolume": ("volumePath",),
    "hostPath": ("path",),
}


def known_volumes(spec: Node, claims: tuple[str | None, ...]) -> frozenset[str] | None:
    """The names that containers may mount; None when some are unknown."""
    if spec["volumes"].length is None:
        return None
    names = [*(volume["name"].text for volume in spec["volumes"].items()), *claims]
    return None if None in names else frozenset(name for name in names if name)


def volumes(spec: Node, claims: tuple[str | None, ...]) -> Iterator[Violation]:
    """`volumes` of a pod; a volume that has the name of a claim gives way to it, so nobody looks at it."""
    names: set[str] = set()
    for volume in spec["volumes"].items() if None not in claims else ():
        if volume["name"].text in claims:
            continue
        yield from _sources(volume)
        name = volume["name"]
        yield from needs_name(name, dns_label)
        if name.text and name.text in names:
            yield duplicate(name)
        names.add(name.text or "")


def _sources(volume: Node) -> Iterator[Violation]:
    first: str | None = None
    for key in _SOURCES:
        if not volume[key].present:
            continue
        if first is not None:
            yield forbidden(volume[key], "may not specify more than one volume type")
            continue
        first = key
        for needed in _NEEDED.get(key, ()):
            if volume[key][needed].text == "":
                yield required(volume[key][needed])
        yield from _CHECKS.get(key, _nothing)(volume[key])


def _nfs(node: Node) -> Iterator[Violation]:
    if node["path"].text and not node["path"].text.startswith("/"):
        yield invalid(node["path"], "must be an absolute path")


def _ephemeral(node: Node) -> Iterator[Violation]:
    if node["volumeClaimTemplate"].absent:
        yield required(node["volumeClaimTemplate"])


def _empty_dir(node: Node) -> Iterator[Violation]:
    size = quantity(node["sizeLimit"].value)
    if size is not None and size < 0:
        yield forbidden(node["sizeLimit"], "must not be negative")


def _host_path(node: Node) -> Iterator[Violation]:
    path, kind = node["path"], node["type"]
    if path.text and ".." in path.text.split("/"):
        yield invalid(path, "must not contain '..'")
    if kind.text and path.text != "" and kind.text not in _HOST_TYPES:
        yield unsupported(kind, _HOST_TYPES[1:])


def _keys(node: Node) -> Iterator[Violation]:
    """A source that shows keys as files."""
    yield from _mode(node["defaultMode"])
    for item in node["items"].items():
        if item["key"].text == "":
            yield required(item["key"])
        yield from _file(item)


def _file(item: Node) -> Iterator[Violation]:
    path = item["path"]
    if path.text == "":
        yield required(path)
    elif path.text is not None:
        yield from relative(path, path.text)
        if path.text.startswith("..") and not path.text.startswith("../") and path.text != "..":
            yield invalid(path, "must not start with '..'")
    yield from _mode(item["mode"])


def relative(node: Node, path: str) -> Iterator[Violation]:
    """A path that stays below where it starts."""
    if path.startswith("/"):
        yield invalid(node, "must be a relative path")
    if ".." in path.split("/"):
        yield invalid(node, "must not contain '..'")


def _mode(node: Node) -> Iterator[Violation]:
    if node.present and node.number is not None and not 0 <= node.number <= 0o777:
        yield invalid(node, "must be a number between 0 and 0777 (octal), both inclusive")


def _downward(node: Node) -> Iterator[Violation]:
    yield from _mode(node["defaultMode"])
    for item in node["items"].items():
        yield from _file(item)
        field, resource = item["fieldRef"], item["resourceFieldRef"]
        if field.present and resource.present:
            yield forbidden(item, "fieldRef and resourceFieldRef can not be specified simultaneously")
        elif field.absent and resource.absent:
            yield required(item, "one of fieldRef and resourceFieldRef is required")


def _projected(node: Node) -> Iterator[Violation]:
    yield from _mode(node["defaultMode"])
    for source in node["sources"].items():
        written = [key for key in _PROJECTED if source[key].present]
        if len(written) > 1:
            yield forbidden(source[written[1]], "may not specify more than one volume type per source")
        for key in ("secret", "configMap"):
            if source[key].present and source[key]["name"].text == "":
                yield required(source[key]["name"])
            yield from _keys(source[key]) if source[key].present else ()
        if source["serviceAccountToken"].present and source["serviceAccountToken"]["path"].text == "":
            yield required(source["serviceAccountToken"]["path"])


def _nothing(_: Node) -> Iterator[Violation]:
    yield from ()


_CHECKS: dict[str, Callable[[Node], Iterator[Violation]]] = {
    "emptyDir": _empty_dir,
    "ephemeral": _ephemeral,
    "nfs": _nfs,
    "hostPath": _host_path,
    "secret": _keys,
    "configMap": _keys,
    "downwardAPI": _downward,
    "projected": _projected,
}
