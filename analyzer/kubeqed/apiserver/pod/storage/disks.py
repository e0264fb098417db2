"""Volumes on the network and in clouds, and what their sources must look like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from kubeqed.apiserver.formats.names import dns_label, dns_subdomain, validate_name
from kubeqed.apiserver.node import Node
from kubeqed.apiserver.pod.storage.files import require_relative_path
from kubeqed.apiserver.violation import Violation, invalid, rename_path, required, unsupported
from kubeqed.model.values.known import equals, is_known, is_set, known_or

NEEDED = {
    "cephfs": ("monitors",),
    "rbd": ("monitors", "image"),
    "iscsi": ("targetPortal", "iqn"),
    "quobyte": ("registry", "volume"),
    "portworxVolume": ("volumeID",),
    "photonPersistentDisk": ("pdID",),
    "scaleIO": ("gateway", "system", "volumeName"),
    "storageos": ("volumeName",),
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
_QUALIFIED_NAMES = {  # of iSCSI, by their first three letters
    "iqn": r".*iqn\.[0-9]{4}-[0-9]{2}\.[A-Za-z0-9.-]+:[^,;*&$|\s]+",
    "eui": r"eui.[A-Za-z0-9]{16}",
    "naa": r"naa.[A-Za-z0-9]{32}",
}
_CACHING = ("None", "ReadOnly", "ReadWrite")
_DISKS = ("Dedicated", "Managed", "Shared")
_HOST_AND_PORT = r"(\[[^\[\]]*\]|[^\[\]:]*):[^\[\]:]*"
_LONGEST_TENANT = 64
_LONGEST_DRIVER = 63


def validate_nfs(node: Node) -> Iterator[Violation]:
    """An export of an NFS server."""
    if is_known(node["path"].text) and not node["path"].text.startswith("/"):
        yield invalid(node["path"], "must be an absolute path")


def validate_iscsi(node: Node) -> Iterator[Violation]:
    """A disk over iSCSI."""
    lun, initiator = node["lun"], node["initiatorName"]
    yield from _validate_qualified_name(node["iqn"])
    if is_known(lun.number) and not 0 <= lun.number <= 255:
        yield invalid(lun, "must be between 0 and 255")
    if (is_set(node["chapAuthDiscovery"].flag) or is_set(node["chapAuthSession"].flag)) and node["secretRef"].absent:
        yield required(node["secretRef"])
    for fault in _validate_qualified_name(initiator) if initiator.present else ():
        yield rename_path(fault, f"{node.path}.initiatorname")


def _validate_qualified_name(node: Node) -> Iterator[Violation]:
    name = node.text
    if not is_known(name) or (name == "" and node.step == "iqn"):
        return
    pattern = _QUALIFIED_NAMES.get(name[:3])
    if pattern is None:
        yield invalid(node, "must start with iqn, eui or naa")
    elif not re.fullmatch(pattern, name, re.DOTALL):
        yield invalid(node, "is no qualified name of iSCSI")


def validate_fibre_channel(node: Node) -> Iterator[Violation]:
    """A disk over Fibre Channel."""
    targets, worldwide, lun = node["targetWWNs"], node["wwids"], node["lun"]
    if equals(targets.length, 0) and equals(worldwide.length, 0):
        yield required(targets, "either targetWWNs or wwids must be set")
    if targets.filled and worldwide.filled:
        yield invalid(targets, "targetWWNs and wwids can not be specified simultaneously")
    if targets.filled and lun.absent:
        yield required(lun, "targetWWNs needs it")
    elif targets.filled and is_known(lun.number) and not 0 <= lun.number <= 255:
        yield invalid(lun, "must be between 0 and 255")


def validate_partition(node: Node) -> Iterator[Violation]:
    """A disk of Google or Amazon."""
    partition = node["partition"]
    if is_known(partition.number) and not 0 <= partition.number <= 255:
        yield invalid(partition, "must be between 0 and 255")


def validate_azure_disk(node: Node) -> Iterator[Violation]:
    """A disk of Azure; its address tells where it is kept."""
    caching, kind, address = node["cachingMode"], node["kind"], node["diskURI"]
    for field, words in ((caching, _CACHING), (kind, _DISKS)):
        if field.present and is_known(field.text) and field.text not in words:
            yield unsupported(field, words)
    if is_known(address.text) and is_known(kind.text):
        start = "/subscriptions/" if kind.text == "Managed" else "https://"  # an absent kind is Shared
        if not address.text.startswith(start):
            yield unsupported(address, (f"those that start with {start}",))


def validate_csi(node: Node) -> Iterator[Violation]:
    """A volume of a CSI driver."""
    driver = node["driver"]
    for why in dns_subdomain(driver.text.lower()) if is_set(driver.text) else ():
        yield invalid(driver, why)
    if is_set(driver.text) and len(driver.text.encode()) > _LONGEST_DRIVER:
        yield invalid(driver, f"must be no more than {_LONGEST_DRIVER} characters")
    secret = node["nodePublishSecretRef"]
    yield from require_secret_name(secret)
    for fault in validate_name(secret["name"], dns_subdomain):
        yield rename_path(fault, f"{node.path}.name")


def validate_secret_reference(node: Node) -> Iterator[Violation]:
    """A volume of Cinder."""
    yield from require_secret_name(node["secretRef"])


def require_secret_name(node: Node) -> Iterator[Violation]:
    """A reference to a Secret that must name one."""
    if node.present and equals(node["name"].text, ""):
        yield required(node["name"])


def validate_storageos(node: Node) -> Iterator[Violation]:
    """A volume of StorageOS."""
    yield from validate_name(node["volumeName"], dns_label)
    yield from validate_name(node["volumeNamespace"], dns_label)
    yield from require_secret_name(node["secretRef"])


def validate_quobyte(node: Node) -> Iterator[Violation]:
    """A volume of Quobyte."""
    registry, tenant = node["registry"], node["tenant"]
    if not is_set(registry.text):
        return
    if len(known_or(tenant.text, "").encode()) > _LONGEST_TENANT:
        yield required(tenant, f"must be no more than {_LONGEST_TENANT} characters")._replace(missing=False)
    elif not all(re.fullmatch(_HOST_AND_PORT, pair, re.DOTALL) for pair in registry.text.split(",")):
        yield invalid(registry, "must be a host:port pair or multiple pairs separated by commas")


def validate_flocker(node: Node) -> Iterator[Violation]:
    """A volume of Flocker."""
    name, identity = node["datasetName"], node["datasetUUID"]
    if equals(name.text, "") and equals(identity.text, ""):
        yield required(node, "one of datasetName and datasetUUID is required")
    if is_set(name.text) and is_set(identity.text):
        yield invalid(node, "datasetName and datasetUUID can not be specified simultaneously")
    if "/" in known_or(name.text, ""):
        yield invalid(name, "must not contain '/'")


def validate_flex(node: Node) -> Iterator[Violation]:
    """A volume of a FlexVolume driver."""
    for key, option in node["options"].entries():
        namespace = "." + key.partition("/")[0].lower()
        if namespace.endswith((".kubernetes.io", ".k8s.io")):
            fault = invalid(option, "kubernetes.io and k8s.io namespaces are reserved")
            yield rename_path(fault, f"{node.path}.options[{key}]")


def validate_git(node: Node) -> Iterator[Violation]:
    """A clone of a repository."""
    yield from require_relative_path(node["directory"], known_or(node["directory"].text, ""))


CHECKS: dict[str, Callable[[Node], Iterator[Violation]]] = {
    "awsElasticBlockStore": validate_partition,
    "azureDisk": validate_azure_disk,
    "cinder": validate_secret_reference,
    "csi": validate_csi,
    "fc": validate_fibre_channel,
    "flexVolume": validate_flex,
    "flocker": validate_flocker,
    "gcePersistentDisk": validate_partition,
    "gitRepo": validate_git,
    "iscsi": validate_iscsi,
    "nfs": validate_nfs,
    "quobyte": validate_quobyte,
    "storageos": validate_storageos,
}
