"""Policies deny what the pods of a StatefulSet send to one another.

Members of a cluster, such as etcd, Kafka or a database with replicas, talk to one
another on ports that clients never use. A policy that isolates them and lets the
clients in leaves each member alone: none of them joins, or the cluster falls apart
when it restarts. Allow the pods to reach themselves on these ports.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.statefulset import StatefulSet
from kubeqed.prove.questions.stateful_peers import MembersReachEachOther
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="policies deny what the pods of a StatefulSet send to one another",
    certainty=Certainty.PROVED,
    when_unseen=WhenUnseen.LIKELY,  # another policy, that no manifest shows, would have to allow it
    since="0.1",
    references=("https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id",),
)

STORE = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: store, namespace: shop}
spec:
  serviceName: store
  replicas: 3
  selector: {matchLabels: {app: store}}
  template:
    metadata: {labels: {app: store}}
    spec:
      containers:
      - name: store
        image: etcd
        ports: [{name: client, containerPort: 2379}, {name: peer, containerPort: 2380}]
---
apiVersion: v1
kind: Service
metadata: {name: store, namespace: shop}
spec: {clusterIP: None, selector: {app: store}, ports: [{name: client, port: 2379}, {name: peer, port: 2380}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: store, namespace: shop}
spec:
  podSelector: {matchLabels: {app: store}}
"""
CLIENTS = """  ingress:
  - from: [{podSelector: {matchLabels: {app: web}}}]
    ports: [{port: 2379}]
"""
MEMBERS = "  - from: [{podSelector: {matchLabels: {app: store}}}]\n"

VALID = [
    STORE + CLIENTS + MEMBERS,
    STORE + CLIENTS + MEMBERS + "    ports: [{port: peer}]\n",
    STORE.replace("replicas: 3", "replicas: 1") + CLIENTS,
    STORE.replace("replicas: 3", "replicas: '${REPLICAS}'") + CLIENTS,
    STORE.replace("clusterIP: None, ", "") + CLIENTS,
    STORE.replace(", {name: peer, containerPort: 2380}", "") + "  ingress: [{from: [{podSelector: {}}]}]\n",
    STORE + "  policyTypes: [Egress]\n  egress: [{to: [{podSelector: {}}]}]\n",
    STORE.replace(", {name: peer, containerPort: 2380}", "").replace("2379", "8080")
    + CLIENTS.replace("ingress:", "ingress:  # expect: stateful-peers-blocked (possible)").replace("2379", "8080"),
]
INVALID = [
    STORE + CLIENTS.replace("ingress:", 'ingress:  # expect: stateful-peers-blocked (likely) "TCP 2380"'),
    "# config: world=closed"
    + STORE
    + CLIENTS.replace("ingress:", "ingress:  # expect: stateful-peers-blocked (proved)"),
    STORE + "  policyTypes: [Ingress]  # expect: stateful-peers-blocked (likely)\n",
    STORE
    + "  policyTypes: [Egress]\n"
    + CLIENTS.replace("ingress:", "egress:  # expect: stateful-peers-blocked (likely)").replace("from", "to"),
]


def check(world: World) -> Iterator[Finding]:
    for statefulset in world.of(StatefulSet):
        answer = world.ask(MembersReachEachOther(statefulset))
        if not answer.holds:
            policy, place, ports = answer.denied
            yield Finding(
                at=place,
                answer=answer,
                at_most=answer.at_most,
                message=f"{policy} denies what the pods of {statefulset} send to one another on {ports}",
                related=((statefulset.at("spec.replicas"), "its pods"),),
            )
