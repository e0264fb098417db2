"""A packet exists for which an intent is false.

Intents say what a team wants of its network: who may reach whom, and who must not. This
one does not hold for the manifests. The finding names a packet, and the rules that let it
through or keep it out. Change the policy, or the intent; `kubeqed prove` shows more.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.stated_intents import find_refuted
from kubeqed.rule import Certainty, Finding, Meta, World

META = Meta(
    summary="an intent does not hold",
    certainty=Certainty.PROVED,
    since="0.1",
    references=("https://github.com/kubeqed/kubeqed/blob/main/docs/prove.md",),
    exposure=True,
)

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: NAME, namespace: shop, labels: {app: NAME}}\n"
POD += "spec: {containers: [{name: NAME, image: nginx}]}\n"
PODS = POD.replace("NAME", "web") + "---\n" + POD.replace("NAME", "db")
CLOSED = """---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}
"""
ISTIO = """---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: db, namespace: shop}
spec: {selector: {matchLabels: {app: db}}}
"""
INTENT = """# file: kubeqed.yaml
intents:
- name: nobody reaches the database
  from: all
  to: {namespace: shop, pods: {matchLabels: {app: db}}}
  expect: denied
"""

VALID = [
    PODS + CLOSED + INTENT,
    PODS + INTENT.replace("denied", "allowed"),
    PODS + CLOSED + INTENT.replace("from: all", "from: {scope: any-pod}"),
]
INVALID = [
    PODS + INTENT.replace("reaches the database", "reaches the database  # expect: intent-refuted (proved)"),
    PODS
    + CLOSED
    + INTENT.replace("reaches the database", "reaches it  # expect: intent-refuted (proved)").replace(
        "denied", "allowed"
    ),
    PODS
    + INTENT.replace("reaches the database", "reaches it  # expect: intent-refuted (likely)")
    + "  severity: warning\n",
    PODS + ISTIO + INTENT.replace("reaches the database", "reaches it  # expect: intent-refuted (likely)"),
]

_LIMITS = {"error": None, "warning": Certainty.LIKELY, "note": Certainty.POSTURE}


def check(world: World) -> Iterator[Finding]:
    for one in world.find(find_refuted):
        limit = _LIMITS[one.intent.severity.value]
        yield Finding(
            at=one.place,
            answer=one.answer,
            at_most=limit or (Certainty.LIKELY if one.doubted else None),
            message=one.text,
            related=one.related,
        )
