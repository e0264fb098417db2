"""Job: pods that run to their end.

https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/job-v1/
"""

from __future__ import annotations

from dataclasses import dataclass

from kubeqed.model.kinds.object import Identity
from kubeqed.model.kinds.ordinals import Ordinals
from kubeqed.model.kinds.workload import Workload, job_labels, read_workload
from kubeqed.model.values.fields import read_boolean, read_field, read_integer, read_text
from kubeqed.parse import Fresh, Unknown

COMPLETION_INDEX = "batch.kubernetes.io/job-completion-index"


@dataclass(frozen=True, slots=True, eq=False)
class Job(Workload):
    """A Job; the pods of an Indexed one are numbered from 0 to `spec.completions`."""

    @property
    def ordinals(self) -> Ordinals | None:
        """The numbers of an Indexed Job's pods."""
        spec = read_field(self.identity.root, "spec")
        mode, completions = read_text(spec, "completionMode"), read_integer(spec, "completions")
        if not isinstance(mode, str) or mode != "Indexed":
            return None
        stated = completions if isinstance(completions, int) else 0
        count = stated if stated > 0 else None
        return Ordinals(0, max(stated, 1), count, {COMPLETION_INDEX: ""}, "spec.completions", "spec.completions")

    @property
    def parallelism(self) -> int | Unknown | None:
        """How many of its pods run at a time; None is 1."""
        return read_integer(read_field(self.identity.root, "spec"), "parallelism")


def read(identity: Identity) -> Job:
    """The Job of a manifest; with `manualSelector` nothing is added to its pods' labels but their number."""
    fields = read_workload(identity)
    spec = read_field(identity.root, "spec")
    manual = read_boolean(spec, "manualSelector")
    labels = {} if manual is True else job_labels(fields[2])
    if (mode := read_text(spec, "completionMode")) is not None and (isinstance(mode, Unknown) or mode == "Indexed"):
        labels[COMPLETION_INDEX] = Unknown(Fresh(COMPLETION_INDEX), f"{COMPLETION_INDEX} (set by the controller)")
    return Job(*fields[:-1], labels)


KINDS = {("batch", "Job"): read}
