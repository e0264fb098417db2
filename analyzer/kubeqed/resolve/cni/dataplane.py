"""Whether what carries packets between nodes leaves clients their addresses, as settings of Calico and Cilium say.

https://docs.tigera.io/calico/latest/operations/ebpf/enabling-ebpf
https://docs.cilium.io/en/stable/network/kubernetes/kubeproxy-free/#direct-server-return-dsr
"""

from __future__ import annotations

from collections.abc import Iterator

from kubeqed.model.kinds.configmap import ConfigMap
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.units.unit import Unit
from kubeqed.model.values.fields import read_field, read_items, read_text
from kubeqed.parse import Unknown, Value

_CALICO = ("crd.projectcalico.org", "projectcalico.org")
_KEEPING = frozenset({"true", "bpf", "dsr", "hybrid"})  # of the settings below, in lower case


def keeps_client_addresses(unit: Unit) -> bool:
    """Whether a setting of the unit says so, or may: one that is unknown is no reason to say anything."""
    return any(
        isinstance(value, Unknown) or str(value).lower() in _KEEPING
        for value in _list_settings(unit)
        if value is not None
    )


def _list_settings(unit: Unit) -> Iterator[Value]:
    for item in unit.objects:
        spec = read_field(item.identity.root, "spec") if not isinstance(item, ConfigMap) else None
        if item.kind == "FelixConfiguration" and item.group in _CALICO:
            yield read_field(spec, "bpfEnabled")
        elif item.kind == "Installation" and item.group == "operator.tigera.io":
            yield read_field(read_field(spec, "calicoNetwork"), "linuxDataplane")
        elif isinstance(item, ConfigMap) and isinstance(item.name, str) and item.name == "cilium-config":
            yield item.data.entries.get("bpf-lb-mode")
        elif isinstance(item, Workload) and isinstance(item.name, str) and item.name == "calico-node":
            for container in item.template.containers:
                yield from _list_variables(container.node)


def _list_variables(container: Value) -> Iterator[Value]:
    for entry in read_items(container, "env"):
        name = read_text(entry, "name")
        if isinstance(name, str) and name == "FELIX_BPFENABLED":
            yield read_text(entry, "value")
