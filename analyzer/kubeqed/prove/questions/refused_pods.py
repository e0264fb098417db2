"""Whether the pods that a Service selects are those of a workload whose own selector misses its template.

The server refuses such a workload, and once its template has the labels, the Service selects its pods too.
"""

from __future__ import annotations

from typing import NamedTuple

from kubeqed.model.kinds.service import Service
from kubeqed.model.kinds.workload import Workload
from kubeqed.model.values.match import Match, same_value
from kubeqed.prove.engine.answer import HOLDS, Answer, Decision, Verdict
from kubeqed.resolve import Resolver
from kubeqed.resolve.selection import pod_label


class NoPodsRefused(NamedTuple):
    """No workload asks for the labels that a Service selects and lacks them on its template; `only` says of which."""

    service: Service
    only: Workload | None = None

    def answer(self, graph: Resolver) -> Answer:
        """Fails where there surely is one; that its selector has the labels decides, not what else it asks for."""
        workloads = graph.unit.workloads if self.only is None else (self.only,)
        refused = any(_asks_in_vain(self.service, workload) for workload in workloads)
        return Answer(Decision(Verdict.FAILS) if refused else HOLDS)


def _asks_in_vain(service: Service, workload: Workload) -> bool:
    if workload.selector is None or same_value(service.namespace, workload.namespace) is not Match.YES:
        return False
    wanted, asked = service.selector.labels, workload.selector.labels.entries
    if wanted.more is not None or any(
        same_value(asked.get(key), value) is not Match.YES for key, value in wanted.entries.items()
    ):
        return False
    return any(same_value(value, pod_label(workload, key)) is Match.NO for key, value in asked.items())
