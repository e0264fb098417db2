"""What makes pods: what all workloads share, and the kinds that add nothing to it but labels or another place.

StatefulSet and Job, whose pods are numbered, have modules of their own.

https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kubeqed.model.kinds.object import Identity, Metadata, Object, read_metadata
from kubeqed.model.kinds.ordinals import Ordinals
from kubeqed.model.kinds.selector import LabelSelector, read_plain_selector, read_selector
from kubeqed.model.kinds.template import PodTemplate, read_template
from kubeqed.model.values.fields import apply_default, read_field, read_integer, read_items, read_text
from kubeqed.parse import Fresh, Unknown


@dataclass(frozen=True, slots=True, eq=False)
class Workload(Object):
    """An object that makes pods from a template.

    `selector` is None where the kind has none or the manifest sets none. `replicas` is how many pods there are at a
    time, 1 where the kind does not say. `added` are the labels that the controller puts on the pods besides the
    template's, unknown where they differ from pod to pod.
    """

    template: PodTemplate
    replicas: int | Unknown
    selector: LabelSelector | None
    added: dict[str, str | Unknown]

    @property
    def ordinals(self) -> Ordinals | None:
        """The numbers of its pods, None where its pods have none."""
        return None


WorkloadFields = tuple[*Metadata, PodTemplate, int | Unknown, LabelSelector | None, dict[str, str | Unknown]]


def read_workload(
    identity: Identity, *, template: str = "spec.template", added: tuple[str, ...] = ()
) -> WorkloadFields:
    """The fields of Workload, in order; `template` is the path of the pod template.

    `added` names labels that the controller adds with a value that only the cluster knows.
    """
    node = identity.root
    for step in template.split("."):
        node = read_field(node, step)  # type: ignore[assignment]  # narrowed by read_template, which takes any value
    spec = read_field(identity.root, "spec")
    return (
        *read_metadata(identity),
        read_template(node, template),
        apply_default(read_integer(spec, "replicas"), 1),
        read_selector(spec, "selector", "spec.selector"),
        {label: Unknown(Fresh(label), f"{label} (set by the controller)") for label in added},
    )


def job_labels(name: str | Unknown | None) -> dict[str, str | Unknown]:
    """The labels a Job puts on its pods (https://kubernetes.io/docs/reference/labels-annotations-taints/#batchkubernetesio-job-name)."""
    value: str | Unknown = Unknown(Fresh("job-name"), "generated Job name") if name is None else name
    unique = Unknown(Fresh("controller-uid"), "set by the controller")
    return {
        "job-name": value,
        "batch.kubernetes.io/job-name": value,
        "controller-uid": unique,
        "batch.kubernetes.io/controller-uid": unique,
    }


# They add no field, and so are no dataclasses of their own: each would be generated anew at every start.


class Pod(Workload):
    """A bare Pod, a workload of one; its own labels are what selectors see."""

    __slots__ = ()

    @property
    def owners(self) -> Iterator[tuple[str, str]]:
        """(kind, name) of each of `metadata.ownerReferences`."""
        for owner in read_items(read_field(self.identity.root, "metadata"), "ownerReferences"):
            kind, name = read_text(owner, "kind"), read_text(owner, "name")
            if isinstance(kind, str) and isinstance(name, str):
                yield kind, name

    @property
    def addresses(self) -> list[str]:
        """What its status says of its addresses: `podIP`, and what `podIPs` adds to it."""
        status = read_field(self.identity.root, "status")
        texts = (read_text(status, "podIP"), *(read_text(one, "ip") for one in read_items(status, "podIPs")))
        return [one for one in texts if isinstance(one, str)]

    @property
    def phase(self) -> str | Unknown | None:
        """`status.phase`, None where a manifest has no status."""
        return read_text(read_field(self.identity.root, "status"), "phase")


class Deployment(Workload):
    """A Deployment: interchangeable pods, replaced gradually."""

    __slots__ = ()


class ReplicaSet(Workload):
    """A ReplicaSet: a number of interchangeable pods."""

    __slots__ = ()


class ReplicationController(Workload):
    """A ReplicationController, the ancestor of ReplicaSet; its selector is a plain map."""

    __slots__ = ()


class DaemonSet(Workload):
    """A DaemonSet; `replicas` says nothing, one pod runs on each node that fits."""

    __slots__ = ()


class CronJob(Workload):
    """A CronJob: a Job on a schedule; the names of its Jobs are generated."""

    __slots__ = ()


class VirtualMachine(Workload):
    """A VirtualMachine of KubeVirt: its pod is made by an operator, carries the template's labels and listens anywhere.

    https://kubevirt.io/user-guide/user_workloads/virtual_machine_instances/
    """

    __slots__ = ()


def _read_pod(identity: Identity) -> Pod:
    return Pod(*read_metadata(identity), read_template(identity.root, ""), 1, None, {})


def _read_deployment(identity: Identity) -> Deployment:
    return Deployment(*read_workload(identity, added=("pod-template-hash",)))


def _read_replicaset(identity: Identity) -> ReplicaSet:
    return ReplicaSet(*read_workload(identity))


def _read_replicationcontroller(identity: Identity) -> ReplicationController:
    fields = read_workload(identity)
    selector = read_plain_selector(read_field(identity.root, "spec"), "selector", "spec.selector")
    return ReplicationController(*fields[:-2], selector, fields[-1])


def _read_daemonset(identity: Identity) -> DaemonSet:
    return DaemonSet(*read_workload(identity, added=("controller-revision-hash", "pod-template-generation")))


def _read_cronjob(identity: Identity) -> CronJob:
    fields = read_workload(identity, template="spec.jobTemplate.spec.template")
    return CronJob(*fields[:-1], job_labels(None))


def _read_virtualmachine(identity: Identity) -> VirtualMachine:
    return VirtualMachine(*read_workload(identity))


KINDS = {
    ("", "Pod"): _read_pod,
    ("", "ReplicationController"): _read_replicationcontroller,
    **dict.fromkeys([("apps", "Deployment"), ("extensions", "Deployment")], _read_deployment),
    **dict.fromkeys([("apps", "ReplicaSet"), ("extensions", "ReplicaSet")], _read_replicaset),
    **dict.fromkeys([("apps", "DaemonSet"), ("extensions", "DaemonSet")], _read_daemonset),
    ("batch", "CronJob"): _read_cronjob,
    ("kubevirt.io", "VirtualMachine"): _read_virtualmachine,
}
