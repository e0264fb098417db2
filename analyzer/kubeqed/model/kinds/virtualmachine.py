"""VirtualMachine of KubeVirt: its pod is made by an operator, carries the template's labels and listens anywhere.

https://kubevirt.io/user-guide/user_workloads/virtual_machine_instances/
"""

from __future__ import annotations

from dataclasses import dataclass

from kubeqed.model.kinds.object import Identity
from kubeqed.model.kinds.workload import Workload, read_workload


@dataclass(frozen=True, slots=True, eq=False)
class VirtualMachine(Workload):
    """A VirtualMachine."""


def read(identity: Identity) -> VirtualMachine:
    """The VirtualMachine of a manifest."""
    return VirtualMachine(*read_workload(identity))


KINDS = {("kubevirt.io", "VirtualMachine"): read}
