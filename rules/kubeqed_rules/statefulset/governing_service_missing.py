"""A StatefulSet names a governing Service that does not exist in its namespace.

The pods start, but none of them gets a DNS name of its own (`db-0.db`): clients
and the members of the set that look for each other by name find none.
Correct `serviceName`, or add a headless Service of that name.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.statefulset import StatefulSet
from kubeqed.prove.questions.governing_service import GoverningServiceExists
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="governing Service does not exist",
    certainty=Certainty.PROVED,
    when_unseen=WhenUnseen.LIKELY_WITH_CANDIDATE,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id",),
)

DB = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  replicas: 3
  selector: {matchLabels: {app: db}}
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: postgres}]}}
"""
PEERS = """
---
apiVersion: v1
kind: Service
metadata: {name: db-peers}
spec: {clusterIP: None, selector: {app: db}}
"""

VALID = [
    DB + "  serviceName: db-peers" + PEERS,
    DB + "  serviceName: ''" + PEERS,
    DB + PEERS,
    DB + "  serviceName: db-peers  # nothing else is known",
    DB + "  serviceName: database" + PEERS + "---\napiVersion: example.com/v1\nkind: Operator\nmetadata: {name: x}\n",
]
INVALID = [
    DB + "  serviceName: db-peer  # expect: governing-service-missing" + PEERS,
    DB + "  serviceName: database  # expect: governing-service-missing" + PEERS,
    "# config: world=closed\n" + DB + "  serviceName: db-peers  # expect: governing-service-missing",
]


def check(world: World) -> Iterator[Finding]:
    for statefulset in world.of(StatefulSet):
        answer = world.ask(GoverningServiceExists(statefulset))
        if answer.holds:
            continue
        place = statefulset.at("spec.serviceName")
        yield Finding(
            at=place,
            answer=answer,
            message=f"{statefulset} is governed by Service {statefulset.service_name}, which does not exist, so its pods have no DNS names{answer.candidate}",
            related=answer.related,
            edit=(place, answer.meant) if answer.meant else None,
        )
