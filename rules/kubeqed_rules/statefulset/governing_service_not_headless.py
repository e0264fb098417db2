"""A StatefulSet is governed by a Service that has a cluster IP.

Each Pod of a StatefulSet gets a DNS name of its own (`db-0.db`) only while the
Service named by `serviceName` is headless. With a cluster IP the name `db`
still resolves, to a random replica, so writes may land on a standby.
An ExternalName is only a name for a host elsewhere, and gives no pod a name.
Set `clusterIP: None`, or govern by a second, headless Service.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.statefulset import StatefulSet
from kubeqed.prove.questions.governing_service import GoverningServiceHeadless
from kubeqed.prove.questions.pod_names import PodNamesUsed
from kubeqed.rule import Certainty, Finding, Meta, World, surely

META = Meta(
    summary="governing Service is not headless",
    certainty=Certainty.PROVED,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id",),
)

DB = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  replicas: 3
  selector: {matchLabels: {app: db}}
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: db, image: postgres}]}}
---
apiVersion: v1
kind: Service
metadata: {name: db}
"""

VALID = [
    DB + "spec: {clusterIP: None, selector: {app: db}}",
    DB + "spec: {clusterIP: '${ADDRESS}', selector: {app: db}}",
    DB.replace("replicas: 3", "replicas: 1") + "spec: {selector: {app: db}, ports: [{port: 5432}]}",
]
INVALID = [
    DB + "spec: {clusterIP: 10.0.0.7, ports: [{port: 5432}]}  # expect: governing-service-not-headless",
    DB + "spec: {selector: {app: db}, ports: [{port: 5432}]}  # expect: governing-service-not-headless",
    DB
    + "spec: {type: ExternalName, externalName: db.example.com, selector: {app: web}}"
    + '  # expect: governing-service-not-headless "is an ExternalName"',
]


def check(world: World) -> Iterator[Finding]:
    for statefulset in world.of(StatefulSet):
        answer = world.ask(GoverningServiceHeadless(statefulset))
        if answer.holds:  # also when the Service is missing: another rule says that
            continue
        service = answer.service
        path, why = (
            ("spec.type", "is an ExternalName") if service.is_external_name else ("spec.clusterIP", "has a cluster IP")
        )
        matters = surely(statefulset.replicas, above=1) or world.ask(PodNamesUsed(statefulset)).holds
        yield Finding(
            at=service.at(path),
            answer=answer,
            at_most=None if matters else Certainty.POSSIBLE,
            message=f"{service} governs {statefulset} but {why}, so its pods have no DNS names of their own",
            related=((statefulset.at("spec.serviceName"), "named here"),),
            suggestion=None if service.is_external_name else "clusterIP: None",
        )
