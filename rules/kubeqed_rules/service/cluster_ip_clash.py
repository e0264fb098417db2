"""A cluster IP cannot be allocated.

A fixed address is held by another Service, lies outside the service range, or
is none at all (`none` instead of `None`): the API server refuses the second
Service that asks for an address. Or the range that `cluster.service_cidr`
states has fewer addresses than there are Services.
Leave `clusterIP` out unless something outside depends on it, and set it to
`None` where no address is needed.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.cluster_ips import find_cluster_ip_clashes
from kubeqed.prove.questions.ranges import ClusterIPsSuffice
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="cluster IP cannot be allocated",
    certainty=Certainty.REJECTED,
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/services-networking/cluster-ip-allocation/",),
    server=True,
)

DNS = """
apiVersion: v1
kind: Service
metadata: {name: dns}
spec: {clusterIP: 10.0.0.10, ports: [{port: 53}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
"""

FREED = """
spec: {type: ExternalName, externalName: web.example.com}
---
apiVersion: v1
kind: Service
metadata: {name: dns}
spec: {type: ExternalName, externalName: dns.example.com}
---
apiVersion: v1
kind: Service
metadata: {name: shop}
"""
KEPT = FREED.replace("type: ExternalName, externalName: dns.example.com", "type: NodePort, ports: [{port: 53}]")
BOTH = (
    DNS.replace(
        "clusterIP: 10.0.0.10",
        "ipFamilyPolicy: RequireDualStack, clusterIP: 10.0.0.10, clusterIPs: [10.0.0.10, 'fd00::a']",
    )
    + "spec:\n  ipFamilyPolicy: RequireDualStack\n"
)
ONE = "# config: service_cidr=10.0.0.8/30\n"

VALID = [
    DNS + "spec: {clusterIP: 10.0.0.11, ports: [{port: 80}]}",
    DNS + "spec: {clusterIP: '${ADDRESS}', ports: [{port: 80}]}",
    DNS + "spec: {clusterIP: None, ports: [{port: 80}]}",
    DNS + "spec: {ports: [{port: 80}]}",
    ONE + DNS + "spec: {clusterIP: None, ports: [{port: 80}]}",
    ONE + DNS + "spec: {type: '${TYPE}', ports: [{port: 80}]}",
    ONE + DNS + "spec: {type: ExternalName, externalName: web.example.com}",
    DNS + "spec: {type: '${TYPE}', clusterIP: 10.0.0.10, ports: [{port: 80}]}",
    DNS + FREED + "spec: {clusterIP: 10.0.0.10, ports: [{port: 80}]}",
]
INVALID = [
    DNS + "spec: {clusterIP: 10.0.0.10, ports: [{port: 80}]}  # expect: cluster-ip-clash",
    DNS + KEPT + "spec: {clusterIP: 10.0.0.10, ports: [{port: 80}]}  # expect: cluster-ip-clash",
    BOTH
    + "  clusterIP: 10.0.0.11\n  clusterIPs:\n  - 10.0.0.11\n  - fd00::0:a  # expect: cluster-ip-clash (rejected)\n  ports: [{port: 80}]",
    DNS + "spec: {clusterIP: none, ports: [{port: 80}]}  # expect: cluster-ip-clash",
    DNS + "spec: {clusterIP: 10.0.0.300, ports: [{port: 80}]}  # expect: cluster-ip-clash",
    ONE + DNS + 'spec: {ports: [{port: 80}]}  # expect: cluster-ip-clash (rejected) "the range 10.0.0.8/30 has 1"',
]


def check(world: World) -> Iterator[Finding]:
    yield from _held_twice(world)
    yield from _beyond_the_range(world)


def _held_twice(world: World) -> Iterator[Finding]:
    for asking, holding in world.find(find_cluster_ip_clashes):
        service, holder = asking.service, holding.service
        limit = world.limit_together(holder, service)
        condition = ", if both are applied together" if limit is Certainty.POSSIBLE else ""
        yield Finding(
            at=service.at(asking.path),
            at_most=limit,
            message=f"{service} asks for the cluster IP {asking.address}, which {holder} holds{condition}",
            related=((holder.at(holding.path), "held here"),),
        )


def _beyond_the_range(world: World) -> Iterator[Finding]:
    answer, stated = world.ask(ClusterIPsSuffice()), world.cluster.service_cidr
    if answer.holds or stated is None:
        return
    service = answer.beyond.service
    yield Finding(
        at=service.at(answer.beyond.path),
        answer=answer,
        at_most=Certainty.LIKELY if answer.is_guessed else None,
        message=f"{service} needs a cluster IP, but the range {stated.value} has {answer.size}, which other Services hold",
        related=((stated.place, "the stated range"),) if stated.place else (),
    )
