"""What makes pods: the fields that Deployment, StatefulSet, DaemonSet, Job, CronJob, Pod and the like share."""

from __future__ import annotations

from dataclasses import dataclass

from kubeqed.model.kinds.object import Identity, Metadata, Object, read_metadata
from kubeqed.model.kinds.ordinals import Ordinals
from kubeqed.model.kinds.selector import LabelSelector, read_selector
from kubeqed.model.kinds.template import PodTemplate, read_template
from kubeqed.model.values.fields import apply_default, read_field, read_integer
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
