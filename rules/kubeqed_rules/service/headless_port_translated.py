"""A headless Service has a port that differs from the one of its pods.

Nothing translates ports in front of a headless Service: its name resolves to the
addresses of the pods, and whoever dials `port` reaches a port on which no pod listens.
Only what reads SRV records or endpoints, as Ingress controllers do, gets it right.
Make `port` that of the pods, or give the Service an address.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.service import Service
from kubeqed.prove.questions.configured_name import HeadlessPortKept
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="headless Service does not translate its port",
    certainty=Certainty.LIKELY,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/services-networking/service/#headless-services",),
)

DB = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: db, image: shop, ports: [{name: http, containerPort: 8000}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: db}
spec:
  clusterIP: None
  selector: {app: db}
  ports:
"""
CLIENT = """
---
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: web, image: shop, env: [{name: DB, value: "http://db:80"}]}]}
"""

VALID = [
    DB + "  - {port: 8000}" + CLIENT,
    DB + "  - {port: 8000, targetPort: http}" + CLIENT,
    DB + "  - {port: 80, targetPort: '${PORT}'}" + CLIENT,
    DB.replace("clusterIP: None", "clusterIP: 10.0.0.1") + "  - {port: 80, targetPort: 8000}" + CLIENT,
    DB.replace("  selector: {app: db}\n  ports", "  ports") + "  - {port: 80, targetPort: 8000}" + CLIENT,
    DB + "  - {port: 80, targetPort: 8000}  # expect: headless-port-translated (possible)",
    DB.replace("clusterIP: None", "clusterIP: '${IP}'")
    + "  - {port: 80, targetPort: 8000}  # expect: headless-port-translated (possible)"
    + CLIENT,
]
INVALID = [
    DB + "  - {port: 80, targetPort: 8000}  # expect: 12 headless-port-translated (likely)" + CLIENT,
    DB + '  - {port: 80, targetPort: http}  # expect: headless-port-translated (likely) "listen on 8000"' + CLIENT,
    DB
    + "  - {port: 80, targetPort: http}  # expect: headless-port-translated (likely)"
    + CLIENT.replace("db:80", "db-0.db:80"),
]


def check(world: World) -> Iterator[Finding]:
    for service in world.of(Service):
        for entry in service.ports:
            answer = world.ask(HeadlessPortKept(service, entry))
            if not answer.holds:
                yield Finding(
                    at=service.at(f"{entry.path}.port"),
                    answer=answer,
                    at_most=None if answer.dialling else Certainty.POSSIBLE,
                    message=f"{service} is headless, so nothing translates its port {entry.port}, "
                    f"and its pods listen on {answer.target}",
                    related=answer.related,
                )
