"""A namespaceSelector and a podSelector stand as two peers where one was meant.

Each item of `from` or `to` is a peer of its own: a namespaceSelector alone means all
pods of these namespaces, a podSelector alone pods of the policy's own namespace.
Where no pod of it has these labels, the second item does nothing and the first lets
far more in than was meant. Write both fields in one item, without the second dash.
"""

from collections.abc import Iterator

from kubeqed.model.kinds.networkpolicy import NetworkPolicy
from kubeqed.prove.questions.peers_apart import PeersMeantApart
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="two peers where one with both selectors was meant",
    certainty=Certainty.LIKELY,
    when_unseen=WhenUnseen.LIKELY,  # a pod of the policy's own namespace, that no manifest shows, would have to be meant
    since="0.1",
    references=(
        "https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors",
        "https://github.com/kubernetes/kubernetes/issues/50451",
    ),
    exposure=True,
)

DB = """
apiVersion: v1
kind: Namespace
metadata: {name: dev, labels: {env: dev}}
---
apiVersion: v1
kind: Pod
metadata: {name: backend, namespace: dev, labels: {app: backend}}
spec: {containers: [{name: web, image: nginx}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: prod, labels: {app: db}}
spec: {containers: [{name: db, image: postgres}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: prod}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress:
  - from:
"""
OF_DEV = "    - namespaceSelector: {matchLabels: {env: dev}}\n"
BACKEND = "    - podSelector: {matchLabels: {app: backend}}\n"
OF_SYSTEM = OF_DEV.replace("env: dev", "kubernetes.io/metadata.name: kube-system")

VALID = [
    DB + OF_DEV + BACKEND.replace("- pod", "  pod"),
    DB + OF_DEV + BACKEND.replace("app: backend", "app: db"),  # both match on their own
    DB + OF_DEV + "    - podSelector: {}\n",
    DB + OF_DEV,
    DB
    + BACKEND.replace("- pod", "- namespaceSelector: {matchLabels: {env: dev}}\n      pod")
    + BACKEND.replace("backend", "db"),
    DB + OF_DEV + BACKEND.replace("app: backend", "app: '${APP}'"),
    DB.replace("namespace: prod, labels", "namespace: ops, labels") + OF_SYSTEM + BACKEND.replace("backend", "agent"),
    DB + OF_SYSTEM + BACKEND.replace("backend}}", "agent}}  # expect: peer-or-instead-of-and (possible)"),
]
INVALID = [
    DB + OF_DEV + BACKEND.rstrip() + '  # expect: peer-or-instead-of-and (likely) "Pod dev/backend"\n',
    DB + BACKEND.rstrip() + "  # expect: peer-or-instead-of-and (likely)\n" + OF_DEV,
    DB.replace("ingress", "egress").replace("from", "to")
    + OF_SYSTEM
    + "    - podSelector: {matchLabels: {k8s-app: kube-dns}}  # expect: peer-or-instead-of-and (likely)\n",
]


def check(world: World) -> Iterator[Finding]:
    for policy in world.of(NetworkPolicy):
        for rule in (*policy.ingress, *policy.egress):
            answer = world.ask(PeersMeantApart(policy, rule))
            if not answer.holds:
                namespaces, pods = answer.pair
                apart = "all pods of the namespaces and, as a peer of its own, a podSelector that matches no pod here"
                yield Finding(
                    at=policy.key_at(f"{pods.path}.podSelector"),
                    answer=answer,
                    at_most=answer.at_most,
                    message=f"{policy} allows {apart}; one peer of both may be meant{answer.example}",
                    related=((policy.key_at(f"{namespaces.path}.namespaceSelector"), "the namespaces"),),
                )
