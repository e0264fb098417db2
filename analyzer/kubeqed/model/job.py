"""Job: pods that run to their end.

https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/job-v1/
"""

from __future__ import annotations

from dataclasses import dataclass

from kubeqed.model.object import Identity
from kubeqed.model.workload import Workload, job_labels, read_workload


@dataclass(frozen=True, slots=True, eq=False)
class Job(Workload):
    """A Job."""


def read(identity: Identity) -> Job:
    """The Job of a manifest."""
    fields = read_workload(identity)
    return Job(*fields[:-1], job_labels(fields[2]))


KINDS = {("batch", "Job"): read}
