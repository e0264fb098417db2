"""CronJob: a Job on a schedule; its pods come from `spec.jobTemplate.spec.template`.

https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/cron-job-v1/
"""

from __future__ import annotations

from dataclasses import dataclass

from kubeqed.model.kinds.object import Identity
from kubeqed.model.kinds.workload import Workload, job_labels, read_workload


@dataclass(frozen=True, slots=True, eq=False)
class CronJob(Workload):
    """A CronJob; the names of its Jobs are generated."""


def read(identity: Identity) -> CronJob:
    """The CronJob of a manifest."""
    fields = read_workload(identity, template="spec.jobTemplate.spec.template")
    return CronJob(*fields[:-1], job_labels(None))


KINDS = {("batch", "CronJob"): read}
