"""The governing Service of a StatefulSet selects other pods than the StatefulSet's.

A pod gets its DNS name (`db-0.db`) only when the governing Service selects it.
Here the selector misses the labels of the pod template, so no pod of the set
has a name, and the Service may even lead to strangers.
Make the selector match `spec.template.metadata.labels`.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.statefulset import StatefulSet
from kubeqed.prove.questions.governing_service import GoverningServiceSelectsPods
from kubeqed.prove.questions.refused_pods import NoPodsRefused
from kubeqed.prove.questions.service_selects import ServiceSelectsPods
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="governing Service selects other pods",
    certainty=Certainty.PROVED,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id",),
)

DB = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: sample}
spec:
  serviceName: sample-svc
  replicas: 3
  selector: {matchLabels: {app: sample-app}}
  template: {metadata: {labels: {app: sample-app}}, spec: {containers: [{name: db, image: postgres}]}}
---
apiVersion: v1
kind: Service
metadata: {name: sample-svc}
"""

VALID = [
    DB + "spec: {clusterIP: None, selector: {app: sample-app}}",
    DB + "spec: {clusterIP: None}  # endpoints are written by hand",
    DB + "spec: {clusterIP: None, selector: {app: '${APP}'}}",
    DB + "spec: {clusterIP: None, selector: {statefulset.kubernetes.io/pod-name: sample-0}}",
]
INVALID = [
    DB + "spec:\n  clusterIP: None\n  selector:\n    app: sample-apps  # expect: governing-service-selects-other-pods",
    DB + "spec:\n  clusterIP: None\n  selector:\n    tier: db  # expect: governing-service-selects-other-pods",
]


def check(world: World) -> Iterator[Finding]:
    for statefulset in world.of(StatefulSet):
        answer = world.ask(GoverningServiceSelectsPods(statefulset))
        if answer.holds:
            continue
        service = answer.service
        if world.ask(
            NoPodsRefused(service, statefulset)
        ).fails:  # the same mistake, which `template-not-selected` names
            continue
        related = [(statefulset.at(statefulset.template.labels.path), "the labels of its pods")]
        if not world.ask(ServiceSelectsPods(service)).holds:
            related.append((service.at("metadata.name"), "it selects no pod at all"))
        yield Finding(
            at=service.at(answer.path),
            answer=answer,
            message=f"{service} governs {statefulset} but does not select its pods, so they have no DNS names",
            related=tuple(related),
        )
